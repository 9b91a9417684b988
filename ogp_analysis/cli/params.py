"""``ogp params``: write a whole commented params file for a method, or list the keys that one may have."""

from __future__ import annotations

import argparse
import json
import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ogp_analysis.language import texts
from ogp_analysis.language.escaping import as_typed

if TYPE_CHECKING:
    from ogp_analysis.model.parameter_rules import ParameterRule
    from ogp_analysis.model.params import Parameters
    from ogp_analysis.model.records import Method

PACKAGED = "ecuador-2019"
HELP = "write a whole commented params file for a method"
# Each name on a line of its own, as people change them one by one.
NESTED = ("indicator_weights", "criterion_weights", "cut_points", "scales")
# What a file names: no choice of the method's.
NAMING = ("method", "data", "language")
# Endings of a method file of one's own.
OWN = (".yaml", ".yml")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the verb."""
    parser.add_argument("out", nargs="?", type=Path, metavar="OUT.yaml")
    parser.add_argument("--method", default=PACKAGED, metavar="METHOD")
    parser.add_argument("--data", default="", metavar="DATA")
    parser.add_argument("--keys", action="store_true")
    parser.add_argument("--force", action="store_true")


def run(arguments: argparse.Namespace) -> int:
    """Write the file, or print it where no name is given."""
    from ogp_analysis.errors import ParameterError
    from ogp_analysis.model import method_file

    language = getattr(arguments, "lang", "en")
    method, problems = method_file.read_method(arguments.method, Path())
    if method is None:
        raise ParameterError(problems, language)
    if arguments.keys:
        print("\n".join(key_lines(method, language)))
        return 0
    text = params_text(method, named(arguments), language)
    if arguments.out is None:
        print(text, end="")
        return 0
    _write(arguments, text, language)
    sentence = texts.say("params.written", language, file=as_typed(arguments.out))
    record = {"ok": True, "file": str(arguments.out)}
    print(json.dumps(record, ensure_ascii=False) if getattr(arguments, "json", False) else sentence)
    return 0


def named(arguments: argparse.Namespace) -> dict[str, str]:
    """Give the paths as the params file has to name them, from its own folder.

    >>> given = {"out": Path("params/mine.yaml"), "method": "own.yaml", "data": "r.xlsx", "lang": "es"}
    >>> named(argparse.Namespace(**given))
    {'method': '../own.yaml', 'data': '../r.xlsx', 'language': 'es'}
    """
    language = getattr(arguments, "lang", "en")
    folder = arguments.out.parent if arguments.out else Path()
    own = arguments.method.endswith(OWN)
    # The example belongs to the packaged method; for another one there is nothing to run yet.
    standing = texts.say("params.data_to_fill", language) if own else "example"
    return {
        "method": _from(folder, arguments.method) if own else arguments.method,
        "data": _from(folder, arguments.data) if arguments.data not in ("", "example") else standing,
        "language": language,
    }


def _from(folder: Path, path: str) -> str:
    return Path(path if Path(path).is_absolute() else os.path.relpath(path, folder)).as_posix()


def params_text(method: Method, values: dict[str, Any], language: str) -> str:
    """Word a params file in which every key of use stands, each with a comment.

    What follows a method file of one's own, and is as it says, stands as a comment: the file may change yet.

    >>> from ogp_analysis.model import method_file
    >>> method = method_file.read_method("ecuador-2019", Path())[0]
    >>> print(params_text(method, {"tolerance": 0}, "es")[:140])  # doctest: +ELLIPSIS
    # Parámetros ...
    """
    from ogp_analysis.model.chosen_scales import SCALES, scales_of
    from ogp_analysis.model.method_defaults import FITTED, defaults_of
    from ogp_analysis.model.method_words import reader_language
    from ogp_analysis.model.parameter_rules import RULES, unused

    language = reader_language(language, method)
    defaults = defaults_of(method)
    chosen = defaults | values
    follows = FITTED if str(chosen["method"]).endswith(OWN) else ()
    idle = unused(method)
    in_use = [rule for rule in RULES if rule.name not in idle]
    own = [rule.name for rule in in_use if rule.name not in NAMING]
    own = [name for name in own if not _same(chosen[name], defaults[name])]
    head = "params.head_chosen" if own else "params.head"
    lines = [f"# {texts.say(head, language, method=_plain(method.name), names=', '.join(own))}"]
    for rule in in_use:
        left = rule.name in follows and _same(chosen[rule.name], defaults[rule.name])
        why = f" ({texts.say('params.follows', language)})" if left else ""
        lines.append(f"# {meaning(rule, method, language)}{why}")
        lines += [f"# {line}" if left else line for line in _as_yaml(rule.name, chosen[rule.name])]
        if rule.name == "cut_points":
            lines.append(f"# {texts.say('params.scales', language)}")
            lines += _as_yaml(SCALES, scales_of(method))
    return "\n".join(lines) + "\n"


def _same(value: Any, default: Any) -> bool:
    """Say whether a value is the default, however its fractions are written."""
    from ogp_analysis.model.parameter_rules import as_fraction

    if isinstance(value, dict) and isinstance(default, dict):
        return list(value) == list(default) and all(_same(value[key], default[key]) for key in value)
    if isinstance(value, list) and isinstance(default, list):
        return len(value) == len(default) and all(map(_same, value, default))
    try:
        return bool(as_fraction(value) == as_fraction(default))
    except (ValueError, TypeError):
        return bool(value == default)


def _as_yaml(name: str, value: Any) -> list[str]:
    # JSON is YAML, and quotes what YAML would take for something else.
    if name in NESTED:
        return [f"{name}:", *(f"  {each}: {json.dumps(given)}" for each, given in value.items())]
    return [f"{name}: {json.dumps(value, ensure_ascii=False)}"]


def _plain(name: str) -> str:
    return " ".join(name.split())


def meaning(rule: ParameterRule, method: Method, language: str) -> str:
    """Say what a key means, and what it may be.

    >>> from ogp_analysis.model import method_file
    >>> from ogp_analysis.model.parameter_rules import RULES
    >>> method = method_file.read_method("ecuador-2019", Path())[0]
    >>> rules = {rule.name: rule for rule in RULES}
    >>> meaning(rules["missing"], method, "es")
    'qué se hace si faltan calificaciones: refuse | drop | available'
    """
    title = texts.say(f"parameter.{rule.name}", language)
    allowed = allowed_words(rule, method, language)
    return f"{title}: {allowed}" if allowed else title


def allowed_words(rule: ParameterRule, method: Method, language: str) -> str:
    """Say what a key may be, empty where nothing is known; the form of the page says the same."""
    from ogp_analysis.model.parameter_rules import choices_of

    if choices := choices_of(rule, method):
        return " | ".join(choices)
    if rule.name == "third_for":
        return ", ".join(criterion.name for criterion in method.criteria)
    if rule.kind in ("number", "whole"):
        low, high = rule.allowed
        key = "params.from" if math.isinf(high) else "params.between"
        return texts.say(key, language, low=f"{low:.15g}", high=_whole(high))
    # A free text or a mapping: what it may be takes a sentence of its own, where it has one.
    key = f"params.may_be.{rule.name}"
    return texts.say(key, language) if texts.has(key, language) else ""


def _whole(number: float) -> str:
    return str(number) if isinstance(number, int) else f"{number:g}"


def key_lines(method: Method, language: str) -> list[str]:
    r"""List every key: what it means, what it may be, and its default.

    >>> from ogp_analysis.model import method_file
    >>> method = method_file.read_method("ecuador-2019", Path())[0]
    >>> print("\n".join(key_lines(method, "en")[-6:-4]))
    small_cell
        smallest count of persons that is published: 3 to 1000; default 10
    """
    from ogp_analysis.model.method_defaults import defaults_of
    from ogp_analysis.model.method_words import reader_language
    from ogp_analysis.model.parameter_rules import RULES

    language = reader_language(language, method)
    defaults = defaults_of(method)
    lines = []
    for rule in RULES:
        default = json.dumps(defaults[rule.name], ensure_ascii=False)
        default_words = texts.say("params.default", language, value=default)
        lines += [rule.name, f"    {meaning(rule, method, language)}; {default_words}"]
    return lines


def defaults_told(file: Path, language: str) -> list[str]:
    """Say which keys a params file leaves to the defaults of its method, and what hardly fits its scales.

    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "short.yaml"
    >>> _ = place.write_text("tolerance: 4", encoding="utf-8")
    >>> lines = defaults_told(place, "en")
    >>> lines[0], len(lines)
    ('short.yaml leaves 27 keys out; the defaults of method ecuador-2019 hold:', 29)
    """
    from ogp_analysis.model import params

    parameters = params.read(file, language=language)
    doubts = doubts_of(parameters, language)
    return filled_lines(parameters, file.name, language) + [f"{file.name}: {line}" for line in doubts]


def doubts_of(parameters: Parameters, language: str) -> list[str]:
    """Say what of the parameters hardly fits the scales of their method, or was chosen for others.

    >>> from ogp_analysis.model import params
    >>> doubts_of(params.from_values(params.baseline()), "en")
    []
    """
    from ogp_analysis.model.chosen_scales import Given, outdated
    from ogp_analysis.model.method_defaults import extreme_remarks, remarks

    method = parameters.method
    given = Given(method, parameters.as_given, parameters.filled, parameters.scales)
    return [
        *remarks(method, parameters.tolerance, language),
        *extreme_remarks(method, parameters.matching_rule, language),
        *outdated(given, language),
    ]


def filled_lines(parameters: Parameters, file: str, language: str) -> list[str]:
    """Say which keys took the defaults of the method, and which values these are.

    >>> from ogp_analysis.model import params
    >>> filled_lines(params.from_values(params.baseline()), "whole.yaml", "en")
    []
    """
    from ogp_analysis.model import params
    from ogp_analysis.model.parameter_rules import unused

    idle = unused(parameters.method)
    names = [name for name in parameters.filled if name not in idle]
    if not names:
        return []
    given, values = params.as_dict(parameters), {"file": file, "method": _plain(parameters.method.name)}
    head = texts.say("params.filled", language, count=len(names), **values)
    filled = ((name, json.dumps(given[name], ensure_ascii=False)) for name in names)
    return [head, *(f"  {name}: {value}" for name, value in filled)]


def _write(arguments: argparse.Namespace, text: str, language: str) -> None:
    from ogp_analysis.errors import DataError, Problem
    from ogp_analysis.output import canonical

    if arguments.out.exists() and not arguments.force:
        raise DataError([Problem("params.exists", file=arguments.out.name)], language)
    canonical.write(arguments.out, text)
