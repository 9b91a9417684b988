"""Where a method file says that its choices come from, by the parameter that shows each."""

from __future__ import annotations

from ogp_analysis.language import texts
from ogp_analysis.model.parameter_rules import ParameterRule
from ogp_analysis.model.records import Method

# Of what a method file gives, in the record of a run.
OF_METHOD = "the file of the method"
# Keys of a method file whose choice a params file may change, by parameter; all others are the method's own.
KEYS_OF = {
    "indicator_weights": ("indicator_weights", "weight", "weights"),
    "criterion_weights": ("criterion_weights", "weight", "weights"),
    "cut_points": ("cut_points",),
    "tolerance": ("tolerance",),
    "third_for": ("third_for", "third"),
}


def origin_in_file(method: Method, parameter: str) -> str:
    """Give the words of a method file on where the default of a parameter comes from; empty without any.

    >>> from ogp_analysis.model.records import Method
    >>> own = Method("own", (), (), origin={"criteria": "statute, article 4", "third": "our choice"})
    >>> origin_in_file(own, "method"), origin_in_file(own, "third_for"), origin_in_file(own, "seed")
    ('criteria: statute, article 4', 'our choice', '')
    """
    if parameter == "method":
        shown = {key for keys in KEYS_OF.values() for key in keys}
        return "; ".join(f"{key}: {words}" for key, words in method.origin.items() if key not in shown)
    keys = KEYS_OF.get(parameter, ())
    return "; ".join(method.origin[key] for key in keys if key in method.origin)


def is_in_file(method: Method, parameter: str, item: str = "") -> bool:
    """Say whether a method file gives a parameter, or one item of it, itself.

    >>> from ogp_analysis.model.records import Method
    >>> own = Method("own", (), (), tolerance=2.0)
    >>> [is_in_file(own, parameter) for parameter in ("method", "tolerance", "third_for", "seed")]
    [True, True, False, False]
    """
    given = {
        "method": {"": True},
        "indicator_weights": {one.name: one.weight is not None for one in method.indicators},
        "criterion_weights": {one.name: one.weight is not None for one in method.criteria},
        "cut_points": {axis.name: axis.cut_points is not None for axis in method.axes},
        "tolerance": {"": method.tolerance is not None},
        "third_for": {"": method.third_for is not None},
    }.get(parameter, {})
    return given.get(item, False) if item else any(given.values())


def origin_words(rule: ParameterRule, method: Method, language: str, item: str = "") -> str:
    """Say where the default of a parameter comes from: the plan's line, what the method file says, or ours.

    >>> from pathlib import Path
    >>> from ogp_analysis.model.method_file import read_method
    >>> from ogp_analysis.model.parameter_rules import RULES
    >>> tolerance = next(rule for rule in RULES if rule.name == "tolerance")
    >>> origin_words(tolerance, read_method("ecuador-2019", Path())[0], "en")
    "ours (note 20 says only 'match')"
    """
    if method.plan:
        return texts.say(f"origin.{rule.origin}", language)
    source = "of_the_method" if is_in_file(method, rule.name, item) else "our_default"
    return origin_in_file(method, rule.name) or texts.say(f"review.{source}", language)
