"""Agreement between raters: every coefficient, with an uncertainty on every number."""

from ogp_analysis.agreement import synonyms
from ogp_analysis.agreement.benchmark_scales import benchmark
from ogp_analysis.agreement.by_category import CategoryAgreement, per_category_agreement
from ogp_analysis.agreement.concordance import KendallConcordance, kendall_w
from ogp_analysis.agreement.evaluator_effects import rater_effects
from ogp_analysis.agreement.fitting_coefficients import Design, design
from ogp_analysis.agreement.icc import IntraclassCorrelation, icc
from ogp_analysis.agreement.inference import difference
from ogp_analysis.agreement.kappas import (
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
    percent_agreement,
    scott_pi,
)
from ogp_analysis.agreement.krippendorff import krippendorff_alpha
from ogp_analysis.agreement.marginal_homogeneity import MarginalHomogeneity, marginal_homogeneity
from ogp_analysis.agreement.measurement_error import SmallestDifference, smallest_difference
from ogp_analysis.agreement.note_20 import share_within, third_evaluation_rate
from ogp_analysis.agreement.planning import IntervalPlan, plan_interval
from ogp_analysis.agreement.ratings_from_counts import from_counts, from_table
from ogp_analysis.agreement.ratings_table import Ratings, as_ratings, from_long
from ogp_analysis.agreement.summary import summary
from ogp_analysis.agreement.two_raters import (
    Concordance,
    LimitsOfAgreement,
    PrevalenceBias,
    bland_altman,
    lin_ccc,
    prevalence_bias,
)
from ogp_analysis.agreement.variance_components import (
    DecisionStudy,
    VarianceComponents,
    decision_study,
    variance_components,
)

alpha = krippendorff_alpha  # what one types first; its module is imported by its full name

__all__ = [
    "CategoryAgreement",
    "Concordance",
    "DecisionStudy",
    "Design",
    "IntervalPlan",
    "IntraclassCorrelation",
    "KendallConcordance",
    "LimitsOfAgreement",
    "MarginalHomogeneity",
    "PrevalenceBias",
    "Ratings",
    "SmallestDifference",
    "VarianceComponents",
    "as_ratings",
    "benchmark",
    "bland_altman",
    "brennan_prediger",
    "cohen_kappa",
    "conger_kappa",
    "decision_study",
    "design",
    "difference",
    "fleiss_kappa",
    "from_counts",
    "from_long",
    "from_table",
    "gwet_ac",
    "icc",
    "kendall_w",
    "krippendorff_alpha",
    "lin_ccc",
    "marginal_homogeneity",
    "per_category_agreement",
    "percent_agreement",
    "plan_interval",
    "prevalence_bias",
    "rater_effects",
    "scott_pi",
    "share_within",
    "smallest_difference",
    "summary",
    "third_evaluation_rate",
    "variance_components",
]

synonyms.make_hinting(globals(), __name__)


def __getattr__(name: str) -> object:
    if name.startswith("_"):
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg, name=name)
    msg = f"agreement has no {name!r}; use {synonyms.hint(name, __all__)}"
    raise AttributeError(msg, name=name)
