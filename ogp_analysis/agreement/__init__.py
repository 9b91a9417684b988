"""Agreement between raters: every coefficient, with an uncertainty on every number."""

from ogp_analysis.agreement.alpha import krippendorff_alpha
from ogp_analysis.agreement.data import Ratings, as_ratings, from_long
from ogp_analysis.agreement.fixed_raters import cohen_kappa, conger_kappa, percent_agreement
from ogp_analysis.agreement.icc import IntraclassCorrelation, icc
from ogp_analysis.agreement.inference import difference
from ogp_analysis.agreement.pooled_raters import brennan_prediger, fleiss_kappa, gwet_ac, scott_pi

__all__ = [
    "IntraclassCorrelation",
    "Ratings",
    "as_ratings",
    "brennan_prediger",
    "cohen_kappa",
    "conger_kappa",
    "difference",
    "fleiss_kappa",
    "from_long",
    "gwet_ac",
    "icc",
    "krippendorff_alpha",
    "percent_agreement",
    "scott_pi",
]
