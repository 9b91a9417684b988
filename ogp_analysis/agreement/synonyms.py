"""Names that one types first and that are no function, a module or nothing: both answer with a hint."""

from __future__ import annotations

import difflib
import functools
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Returned = TypeVar("Returned")

# What people call the coefficients before they have read a list of functions.
MEANT = {
    "kappa": "cohen_kappa (two raters), conger_kappa (more), fleiss_kappa (raters change)",
    "cohen": "cohen_kappa",
    "cohens_kappa": "cohen_kappa",
    "conger": "conger_kappa",
    "fleiss": "fleiss_kappa",
    "scott": "scott_pi",
    "pi": "scott_pi",
    "gwet": "gwet_ac",
    "ac": "gwet_ac",
    "ac1": "gwet_ac",
    "ac2": "gwet_ac with weights",
    "pabak": "prevalence_bias",
    "bennett_s": "brennan_prediger",
    "percent": "percent_agreement",
    "lin": "lin_ccc",
    "ccc": "lin_ccc",
    "kendall": "kendall_w",
    "w": "kendall_w",
    "limits_of_agreement": "bland_altman",
    "krippendorff": "krippendorff_alpha",
    "components": "variance_components",
    "reml": "variance_components",
    "concordance": "lin_ccc (two raters, scores), kendall_w (order)",
    "prevalence": "prevalence_bias",
    "tolerance": "share_within, third_evaluation_rate",
    "by_category": "per_category_agreement",
    "raters": "rater_effects",
    "evaluator_effects": "rater_effects",
    "pairs": "lin_ccc, bland_altman",
    "two_raters": "lin_ccc, bland_altman, prevalence_bias",
    "weights": "the option weights= of gwet_ac and the kappas",
    "chance_corrected": "gwet_ac, cohen_kappa, fleiss_kappa",
    "kappas": "cohen_kappa, conger_kappa, fleiss_kappa, gwet_ac, scott_pi, brennan_prediger",
    "mean_squares": "icc",
    "intervals": "the option interval= of every coefficient",
    "inference": "difference",
    "benchmark_scales": "benchmark",
    "data": "as_ratings, from_long",
    "results": "results.compute, what notebook 2 shows",
    "counts": "from_counts",
    "contingency_table": "from_table",
    "crosstab": "from_table",
    "to_table": "from_table",
    "squaretable": "marginal_homogeneity",
    "table": "from_table",
    # pingouin
    **dict.fromkeys(("intraclass_corr", "icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k"), "icc with form"),
    "cronbach_alpha": "krippendorff_alpha (agreement); internal consistency is not computed here",
    # irr and psych
    **dict.fromkeys(("kappa2", "kappa2_table"), "cohen_kappa"),
    **dict.fromkeys(("fleiss_kappa_raw", "fleiss_kappa_dist"), "fleiss_kappa"),
    **dict.fromkeys(
        ("kappam_fleiss", "kappam"), "fleiss_kappa (detail: per_category_agreement; exact: conger_kappa)"
    ),
    **dict.fromkeys(("kappam_light", "conger_kappa_raw", "light_kappa"), "conger_kappa"),
    **dict.fromkeys(("kripp_alpha", "krippalpha", "krippen_alpha_raw", "kalpha"), "krippendorff_alpha"),
    **dict.fromkeys(("pa", "pa_coeff_raw", "percent_agree"), "percent_agreement"),
    "agree": "percent_agreement (with a tolerance: share_within)",
    **dict.fromkeys(
        (
            "stuart_maxwell_mh",
            "stuart_maxwell",
            "stuartmaxwelltest",
            "bhapkar",
            "bhapkartest",
            "mcnemar",
            "mcnemar_test",
            "rater_bias",
            "homogeneity",
            "mh_test",
        ),
        "marginal_homogeneity",
    ),
    **dict.fromkeys(("kendallw", "kendalls_w", "kendallna"), "kendall_w"),
    **dict.fromkeys(
        ("wkappa", "weighted_kappa", "cohen_kappa_score", "cohenkappa"), "cohen_kappa with weights"
    ),
    **dict.fromkeys(("iccna", "icc_corr"), "icc (incomplete ratings too)"),
    **dict.fromkeys(("lmer", "mixedlm", "gstudy", "dstudy"), "variance_components, decision_study"),
    # irrCAC
    **dict.fromkeys(("cac", "compute_cac", "table_of_all"), "summary"),
    **dict.fromkeys(("gwet_ac1_raw", "gwet_ac1_dist", "gwet_ac1_table", "gwet_ac1", "gwet_ac2"), "gwet_ac"),
    **dict.fromkeys(("bp_coeff_raw", "bp2_table", "randolph", "randolph_kappa"), "brennan_prediger"),
    **dict.fromkeys(("landis_koch", "landis_koch_bf", "benchmarking", "interpret"), "benchmark"),
    # planning
    **dict.fromkeys(
        ("sample_size", "n_cohen_kappa", "n2_cohen_kappa", "power", "prec_kappa", "prec_icc", "n_icc"),
        "plan_interval",
    ),
    **dict.fromkeys(("sdc", "sdd", "mdc", "sem", "smallest_detectable_difference"), "smallest_difference"),
    **dict.fromkeys(("ccc_lin", "concordance_correlation"), "lin_ccc"),
    "aggregate_raters": "from_counts",
}


# Forms of the intraclass correlation as Shrout and Fleiss (1979), pingouin, psych and irr name them.
FORMS = {
    **dict.fromkeys(("icc1", "icc(1,1)", "single_raters_absolute"), "ICC(1)"),
    **dict.fromkeys(("icc2", "icc(2,1)", "icc(a1)", "single_random_raters", "agreement"), "ICC(A,1)"),
    **dict.fromkeys(("icc3", "icc(3,1)", "icc(c1)", "single_fixed_raters", "consistency"), "ICC(C,1)"),
    **dict.fromkeys(("icc1k", "icc(1,k)", "average_raters_absolute"), "ICC(k)"),
    **dict.fromkeys(("icc2k", "icc(2,k)", "icc(ak)", "average_random_raters"), "ICC(A,k)"),
    **dict.fromkeys(("icc3k", "icc(3,k)", "icc(ck)", "average_fixed_raters"), "ICC(C,k)"),
    **{form.lower(): form for form in ("ICC(1)", "ICC(A,1)", "ICC(C,1)", "ICC(k)", "ICC(A,k)", "ICC(C,k)")},
}
# Weightings as irr, irrCAC, psych, scikit-learn and statsmodels name them, and metrics that say the same.
WEIGHTS = {
    **dict.fromkeys(("unweighted", "none", "nominal", "equal_weights"), "identity"),
    **dict.fromkeys(("equal", "ca", "cicchetti-allison", "absolute"), "linear"),
    **dict.fromkeys(("squared", "fc", "fleiss-cohen", "interval"), "quadratic"),
}
# Metrics of alpha by the names of weightings.
MEASUREMENTS = {
    **dict.fromkeys(("identity", "unweighted", "categorical"), "nominal"),
    **dict.fromkeys(("quadratic", "squared", "metric", "numeric"), "interval"),
    "ranks": "ordinal",
}
# Options as other packages name them.
OPTIONS = {
    **dict.fromkeys(("level_of_measurement", "level", "metric"), "measurement"),
    **dict.fromkeys(("value_domain", "labels", "categ_labels", "n_cat", "levels"), "categories"),
    **dict.fromkeys(("reliability_data", "data", "x", "subjects"), "ratings"),
    **dict.fromkeys(("weight", "wt", "w", "weights_mat"), "weights"),
    **dict.fromkeys(("icc", "type", "icc_type", "unit"), "form"),
    **dict.fromkeys(("alpha", "conf_level", "conflev", "conf", "confidence", "ci_level"), "confidence_level"),
    **dict.fromkeys(("n_boot", "n_bootstrap", "n_iter", "b", "nboot"), "n_resamples"),
    **dict.fromkeys(("seed", "random_state"), "rng"),
    **dict.fromkeys(("ci", "ci_method", "method"), "interval"),
    **dict.fromkeys(("n", "fpc"), "population"),
    **dict.fromkeys(("r0", "rho0", "null"), "null_value"),
    **dict.fromkeys(("raters", "targets", "y1", "y2", "rater"), "ratings"),
    "value_counts": "ratings=agreement.from_counts(...)",
    "table": "ratings=agreement.from_table(...)",
}


def hinting(function: Callable[Given, Returned]) -> Callable[Given, Returned]:
    """Let a function answer an option of another package with the name it has here.

    >>> @hinting
    ... def alpha(ratings, *, measurement="ordinal"):
    ...     return measurement
    >>> try:
    ...     alpha([[1, 2]], level_of_measurement="nominal")
    ... except TypeError as error:
    ...     print(error)
    alpha has no option 'level_of_measurement'; use measurement
    """
    known = tuple(inspect.signature(function).parameters)

    @functools.wraps(function)
    def answered(*given: Given.args, **options: Given.kwargs) -> Returned:
        strange = [name for name in options if name not in known]
        if strange:
            meant = OPTIONS.get(strange[0].lower(), "")
            use = meant if meant.partition("=")[0] in known else f"one of {', '.join(known)}"
            msg = f"{function.__name__} has no option {strange[0]!r}; use {use}"
            raise TypeError(msg)
        return function(*given, **options)

    return answered


class Hinting(ModuleType):
    """A module that says what to call instead when it is called."""

    def __call__(self, *_: object, **__: object) -> None:
        """Refuse with the names of functions.

        >>> from ogp_analysis import agreement
        >>> try:
        ...     agreement.krippendorff([[1, 1], [2, 3]])
        ... except TypeError as error:
        ...     print(error)
        agreement.krippendorff is a module, not a function; use agreement.krippendorff_alpha
        """
        package, _dot, name = self.__name__.rpartition(".")
        msg = f"agreement.{name} is a module, not a function; use {hint(name, sys.modules[package].__all__)}"
        raise TypeError(msg)


def hint(name: str, functions: Sequence[str]) -> str:
    """Say which functions a name is meant for.

    >>> hint("flees_kappa", ["fleiss_kappa", "icc"])
    'agreement.fleiss_kappa'
    """
    meant = MEANT.get(name.lower().replace(".", "_"))
    if meant is None:
        near = difflib.get_close_matches(name.lower(), functions, n=3) or functions
        meant = ", ".join(near)
    return f"agreement.{meant}"


def make_hinting(modules: Mapping[str, object], package: str) -> None:
    """Let the modules of a package answer a call with a hint.

    >>> made = ModuleType("some.package.part")
    >>> make_hinting({"part": made, "other": 3}, "some.package")
    >>> type(made).__name__
    'Hinting'
    """
    for module in modules.values():
        # Only its own, and never one that is a function by now: icc and design are both.
        if isinstance(module, ModuleType) and module.__name__.startswith(f"{package}."):
            module.__class__ = Hinting
