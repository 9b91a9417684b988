"""Names that one types first and that are no function, a module or nothing: both answer with a hint."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType

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
    "aggregate_raters": "from_counts",
}


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
    meant = MEANT.get(name.lower())
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
