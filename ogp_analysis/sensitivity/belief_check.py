"""Whether ``weight_belief`` can be read, said as a problem of the params file in the reader's language."""

from __future__ import annotations

from ogp_analysis.errors import ParameterError, Problem, StatisticsError
from ogp_analysis.params import Parameters
from ogp_analysis.sensitivity.statement import beliefs_of

PARAMETER = "weight_belief"


def check_belief(parameters: Parameters, *, file: str = "", language: str | None = None) -> None:
    """Refuse a statement about the weights that cannot be read or contradicts itself.

    Parameters
    ----------
    parameters : params.Parameters
        Any.
    file : str
        Name of the params file, for the message.
    language : str, optional
        Language of the message; that of the parameters where it is not given.

    Raises
    ------
    ParameterError
        ``weight_belief`` is not understood, names what is no indicator, or contradicts itself.

    Examples
    --------
    >>> from ogp_analysis import params
    >>> check_belief(params.from_values(params.baseline()))
    >>> wrong = params.baseline() | {"weight_belief": "time at least bananas", "language": "es"}
    >>> check_belief(params.from_values(wrong), file="mio.yaml")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ogp_analysis.errors.ParameterError: Problemas encontrados: 1
      - mio.yaml, parámetro weight_belief: «time at least bananas»: «bananas» no es un indicador del método...
    """
    try:
        beliefs_of(parameters)
    except StatisticsError as error:
        problem = _problem(error, parameters, file)
        raise ParameterError([problem], language or parameters.language) from error


def _problem(error: StatisticsError, parameters: Parameters, file: str) -> Problem:
    given = error.values
    # What the kernels refuse has no words of its own: bounds that leave nothing, or too much to search.
    kernel = "params.belief_large" if "n" in given and "low" not in given else "params.belief_contradiction"
    names = ", ".join(indicator.name for indicator in parameters.method.indicators)
    told = {name: given[name] for name in ("name", "concentration", "written") if name in given}
    told |= {"clause": given.get("clause", parameters.weight_belief), "allowed": names}
    if "cycle" in given:
        told["cycle"] = ", ".join(given["cycle"])
    detail = tuple((name, str(value)) for name, value in told.items())
    rule = str(given.get("key", kernel))
    return Problem(rule, file=file, parameter=PARAMETER, value=parameters.weight_belief, detail=detail)
