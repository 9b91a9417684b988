"""Run parameters: a YAML file or a notebook's parameters cell becomes one frozen, validated record."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from ogp_analysis.errors import ParameterError, Problem
from ogp_analysis.model.chosen_scales import SCALES, scale_problems
from ogp_analysis.model.exact_numbers import exact
from ogp_analysis.model.method_defaults import defaults_of
from ogp_analysis.model.method_file import read_method
from ogp_analysis.model.method_origins import OF_METHOD, is_in_file, origin_in_file
from ogp_analysis.model.method_words import reader_language
from ogp_analysis.model.parameter_rules import (
    NO_VETO,
    OURS,
    RULES,
    as_fraction,
    check_against_method,
    check_value,
    nearest_name,
)
from ogp_analysis.model.records import Method
from ogp_analysis.model.strict_yaml import read_mapping

# The order of the rules is the order of every params file and table of parameters.
NAMES = tuple(rule.name for rule in RULES)
WEIGHTS = ("indicator_weights", "criterion_weights")


class FrozenDict(dict):
    """A dict that refuses to change; unlike a mapping proxy it can travel to another process.

    Examples
    --------
    >>> FrozenDict(time=0.25)["time"]
    0.25
    >>> FrozenDict(time=0.25).update(time=1)
    Traceback (most recent call last):
    TypeError: parameters are frozen; use params.with_values
    """

    def _refuse(self, *arguments: Any, **options: Any) -> None:
        message = "parameters are frozen; use params.with_values"
        raise TypeError(message)

    # Whatever their arguments are, all that would change it is refused.
    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = __ior__ = _refuse  # type: ignore[assignment]

    def __reduce__(self) -> tuple:
        return FrozenDict, (dict(self),)


@dataclass(frozen=True)
class Parameters:
    """Everything a run depends on besides its data; the meaning of each is in ``params/README.md``.

    ``method`` is the `records.Method` record that the name or path under ``method`` stands
    for; weights are floats, and :meth:`exact` gives them as the fractions that were written.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> parameters = params.from_values(params.baseline())
    >>> parameters.cut_points["relevance"], parameters.weights_of("relevance")[0] == 1 / 3
    ((2.5, 3.5), True)
    """

    method: Method
    data: str
    language: str
    indicator_weights: Mapping[str, float]
    criterion_weights: Mapping[str, float]
    cut_points: Mapping[str, tuple[float, ...]]
    tolerance: float
    third_rule: str
    matching_rule: str
    third_for: tuple[str, ...]
    blind_pair: str
    panel_rule: str
    feasibility_rule: str
    missing: str
    missing_third: str
    aggregation: str
    majority: float
    veto: float | str
    conflict: str
    weight_belief: str
    disagreement_weights: str
    confidence_level: float
    n_resamples: int
    n_draws: int
    seed: int
    small_cell: int
    cell_timeout: float
    output_dir: str
    as_given: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    # Names that the params file left to the defaults of the method.
    filled: tuple[str, ...] = field(default=(), repr=False, compare=False)
    # Ends of the scales for which the params file says that its cut points were chosen, by criterion.
    scales: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def exact(self, name: str) -> dict[str, Fraction]:
        """Give the weights under ``name`` as the fractions that were written: 0.1 is 1/10.

        Parameters
        ----------
        name : str
            ``"indicator_weights"`` or ``"criterion_weights"``.

        Returns
        -------
        dict of str to Fraction
            By name of the indicator or criterion.

        Examples
        --------
        >>> from ogp_analysis.model import params
        >>> params.from_values(params.baseline()).exact("indicator_weights")["alignment"]
        Fraction(1, 3)
        """
        return {key: as_fraction(value) for key, value in self.as_given[name].items()}

    def exact_cuts(self, criterion: str) -> tuple[Fraction, ...]:
        """Give the cut points of a criterion as the fractions that were written.

        Parameters
        ----------
        criterion : str
            Name of the criterion, or ``"composite"`` where the method cuts the composite.

        Returns
        -------
        tuple of Fraction
            Cut points in points, rising; one fewer than there are levels.
        """
        return tuple(exact(value) for value in self.as_given["cut_points"][criterion])

    @property
    def veto_limit(self) -> Fraction | None:
        """Points below which an indicator bars a proposal from the best category; None: no veto."""
        given = self.as_given["veto"]
        return None if given == NO_VETO else as_fraction(given)

    def weights_of(self, criterion: str) -> tuple[float, ...]:
        """Give the indicator weights of one criterion in the order of the method.

        Parameters
        ----------
        criterion : str
            Name of the criterion.

        Returns
        -------
        tuple of float
            They sum to 1 but for float noise.
        """
        return tuple(self.indicator_weights[i.name] for i in self.method.criterion(criterion).indicators)


def read(path: str | Path, *, language: str = "en") -> Parameters:
    r"""Read and validate one parameters file.

    Parameters
    ----------
    path : str or Path
        A YAML file with keys of ``params/README.md``; a relative ``method`` path in it is relative to the
        file's folder. A key that is left out takes the default of the method, and stands in ``filled``.
    language : str
        Language of the error message.

    Returns
    -------
    params.Parameters
        The validated record.

    Raises
    ------
    ParameterError
        The file cannot be read as YAML, or keys are unknown, repeated, of a wrong type, not finite or out of
        range; all problems are listed at once.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "own.yaml"
    >>> _ = file.write_text("tolerance: 2\n", encoding="utf-8")
    >>> found = read(file)
    >>> found.tolerance, found.seed, len(found.filled)
    (2.0, 20191001, 27)
    """
    path = Path(path)
    values, problems = read_mapping(path)
    if values is None:
        raise ParameterError(problems, language)
    source = values.get("method", baseline()["method"])
    method = read_method(source, path.parent)[0] if isinstance(source, str) else None
    filled = {name: value for name, value in defaults_of(method).items() if name not in values}
    parameters = from_values(values | filled, folder=path.parent, file=path.name, problems=problems)
    return replace(parameters, filled=tuple(filled))


def collect(namespace: Mapping[str, Any]) -> Parameters:
    """Collect the parameters from the namespace of a notebook: ``params.collect(locals())``.

    Parameters
    ----------
    namespace : mapping
        Value by name; names that are no parameters are passed over, except those that papermill injected.

    Returns
    -------
    params.Parameters
        The validated record.

    Raises
    ------
    ParameterError
        As for :func:`from_values`, or papermill injected a name that no parameter has.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> params.collect(params.baseline() | {"pandas": "imported by the notebook"}).seed
    20191001
    """
    given = {name: namespace[name] for name in NAMES if name in namespace}
    return from_values(given, problems=_unknown(injected_names(namespace), ""))


def from_values(
    values: Mapping[str, Any],
    *,
    folder: Path = Path(),
    file: str = "",
    problems: list[Problem] | None = None,
) -> Parameters:
    """Validate parameter values and freeze them.

    Parameters
    ----------
    values : mapping
        Value by parameter name.
    folder : Path
        What a relative ``method`` path is relative to.
    file : str
        Name of the file to mention in messages.
    problems : list of Problem
        Problems found before, reported together with those found here.

    Returns
    -------
    params.Parameters
        The validated record.

    Raises
    ------
    ParameterError
        One or more values are not allowed; all are listed.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> params.from_values(params.baseline() | {"tolerance": 0}).tolerance
    0.0
    """
    refused = list(problems or ()) + _value_problems(values, file)
    broken = {problem.parameter for problem in refused}
    method = None
    if "method" in values and "method" not in broken:
        method, method_problems = read_method(values["method"], folder)
        refused += method_problems
    if method is not None:
        refused += check_against_method(values, method, broken, file)
    refused += scale_problems(values[SCALES], file) if SCALES in values else []
    if refused or method is None:  # without a method something is refused
        raise ParameterError(refused, _language(values))
    return replace(_freeze(values, method), scales=_frozen(values.get(SCALES, {})))


def _language(values: Mapping[str, Any]) -> str:
    return "es" if values.get("language") == "es" else "en"


def _value_problems(values: Mapping[str, Any], file: str) -> list[Problem]:
    given = [rule for rule in RULES if rule.name in values]
    return _key_problems(values, file) + [
        problem for rule in given for problem in check_value(rule, values[rule.name], file)
    ]


def _key_problems(values: Mapping[str, Any], file: str) -> list[Problem]:
    unknown = _unknown((name for name in values if name != SCALES), file)
    missing = [name for name in NAMES if name not in values]
    return unknown + [Problem("params.missing", file=file, parameter=name) for name in missing]


def _unknown(values: Iterable[Any], file: str) -> list[Problem]:
    return [
        Problem(
            "params.unknown", file=file, parameter=str(name) or repr(name), detail=(("nearest", nearest),)
        )
        for name in values
        if name not in NAMES
        for nearest in [nearest_name(str(name), NAMES)]
    ]


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return FrozenDict((key, _frozen(item)) for key, item in value.items())
    return tuple(value) if isinstance(value, list) else value


def _freeze(values: Mapping[str, Any], method: Method) -> Parameters:
    ready = {name: values[name] for name in NAMES}
    for name in WEIGHTS:
        ready[name] = {key: float(as_fraction(value)) for key, value in values[name].items()}
    ready["cut_points"] = {
        key: tuple(float(as_fraction(cut)) for cut in cuts) for key, cuts in values["cut_points"].items()
    }
    for name in ("tolerance", "majority", "confidence_level", "cell_timeout"):
        ready[name] = float(values[name])
    # A run may call for what its method file leaves out, and the other way round; texts then speak of it.
    method = replace(method, called_for=tuple(values["third_for"]))
    ready["method"] = method
    ready["language"] = reader_language(values["language"], method)
    as_given = {name: values[name] for name in NAMES}
    return Parameters(**{key: _frozen(value) for key, value in ready.items()}, as_given=_frozen(as_given))


def as_dict(parameters: Parameters) -> dict[str, Any]:
    """Give the parameters as they were written: plain lists and dicts.

    Parameters
    ----------
    parameters : params.Parameters
        A validated record.

    Returns
    -------
    dict
        Value by name, as a params file would hold it.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> params.as_dict(params.from_values(params.baseline()))["indicator_weights"]["alignment"]
    '1/3'
    """
    return {name: _thawed(parameters.as_given[name]) for name in NAMES}


def _thawed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _thawed(item) for key, item in value.items()}
    return list(value) if isinstance(value, tuple) else value


def baseline() -> dict[str, Any]:
    """Give the values of the baseline; a test holds ``params/baseline.yaml`` equal to them.

    Returns
    -------
    dict
        Value by name; a new one at each call, free to be changed.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> params.baseline()["tolerance"], params.baseline()["third_for"]
    (1.0, ['relevance'])
    """
    return {rule.name: _thawed(_frozen(rule.default)) for rule in RULES}


def origins(parameters: Parameters) -> dict[str, str]:
    """Give each parameter's origin: the line of the plan that states it, or ``"ours"``.

    Parameters
    ----------
    parameters : params.Parameters
        A validated record.

    Returns
    -------
    dict of str
        By name of the parameter; where the method has no plan, what its file says of it, else whether
        the file gives it or it is ``"ours"``.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> found = params.origins(params.from_values(params.baseline()))
    >>> found["third_for"], found["tolerance"], found["third_rule"]
    ('plan, lines 504 and 516', "ours (note 20 says only 'match')", 'ours')
    """
    method = parameters.method
    if method.plan:
        return {rule.name: rule.origin for rule in RULES}
    sources = {rule.name: OF_METHOD if is_in_file(method, rule.name) else OURS for rule in RULES}
    return {name: origin_in_file(method, name) or source for name, source in sources.items()}


def with_values(parameters: Parameters, **changes: Any) -> Parameters:
    """Give the same parameters with some values changed and everything validated again.

    Parameters
    ----------
    parameters : params.Parameters
        Where to start from.
    **changes
        New values by name.

    Returns
    -------
    params.Parameters
        A new record; the given one is as it was.

    Raises
    ------
    ParameterError
        A new value is not allowed, alone or beside the others; all problems are listed.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> before = params.from_values(params.baseline())
    >>> params.with_values(before, tolerance=0).tolerance, before.tolerance
    (0.0, 1.0)
    """
    changed = as_dict(parameters) | changes
    if "method" in changes:
        return from_values(changed)
    # The method was read already, and its path may be relative to a folder that is not known here.
    problems = _value_problems(changed, "")
    problems += check_against_method(
        changed, parameters.method, {problem.parameter for problem in problems}, ""
    )
    if problems:
        raise ParameterError(problems, _language(changed))
    kept = tuple(name for name in parameters.filled if name not in changes)
    return replace(_freeze(changed, parameters.method), filled=kept, scales=parameters.scales)


# Papermill's first line of the cell it injects; the notebooks' own parameters cell begins otherwise.
FIRST_LINE = "# Parameters"
# What papermill itself injects when it is asked for the paths of the notebook.
OF_PAPERMILL = "PAPERMILL_"
# Under this name IPython keeps the source of every cell that was executed, in the notebook's own namespace.
HISTORY = "In"


def injected_names(namespace: Mapping[str, Any]) -> tuple[str, ...]:
    r"""Name what papermill's cell of parameters assigned in a notebook.

    >>> injected_names({"In": ["", "x = 1", "# Parameters\ntoleranse = 0.5\nseed = 2\n"]})
    ('toleranse', 'seed')
    >>> injected_names({"In": ["", "# Parameters: the baseline\nmine = 1"], "mine": 1})
    ()
    """
    history = namespace.get(HISTORY)
    cells = [cell for cell in history if isinstance(cell, str)] if isinstance(history, list) else []
    for cell in reversed(cells):
        if cell.lstrip().split("\n", 1)[0].rstrip() == FIRST_LINE:
            names = _assigned(cell)
            if names:
                return tuple(name for name in names if not name.startswith(OF_PAPERMILL))
    return ()


def _assigned(cell: str) -> list[str]:
    try:
        statements = ast.parse(cell).body
    except (SyntaxError, ValueError):
        return []
    targets = [getattr(each, "targets", [None])[0] for each in statements]
    simple = all(isinstance(target, ast.Name) for target in targets)
    return [target.id for target in targets] if simple else []
