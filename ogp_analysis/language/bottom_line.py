"""The bottom line of what was computed: one sentence a language, led in by a mark where it is synthetic."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ogp_analysis.language import texts


def headline(key: str, *, language: str, synthetic: bool, **values: object) -> str:
    """Word a computed bottom line; on synthetic ratings it begins "In the synthetic example".

    Parameters
    ----------
    key : str
        Key of the sentence, written so that it can follow "In the synthetic example, ".
    language : str
        ``"en"`` or ``"es"``.
    synthetic : bool
        Whether the sentence rests on synthetic ratings.
    **values
        What the placeholders of the sentence stand for; fractions are written with all their decimals.

    Returns
    -------
    str
        The sentence.

    Examples
    --------
    >>> counts = {"third": 5, "pairs": 50, "tolerance": 1, "lacking": 0}
    >>> headline("headline.third", language="en", synthetic=True, **counts)[:53]
    'In the synthetic example, of 50 blind pairs, 5 differ'
    """
    worded = {
        name: texts.exact(value, language) if isinstance(value, float) else value
        for name, value in values.items()
    }
    tolerance = values.get("tolerance")
    if isinstance(tolerance, int | float):
        worded["tolerance"] = texts.points(tolerance, language)
    sentence = texts.say(key, language, **worded)
    if synthetic:
        return f"{texts.say('synthetic.lead', language)}, {sentence}"
    return sentence[:1].upper() + sentence[1:]


def in_each_language(
    key: str,
    values: Callable[[str], Mapping[str, object]],
    *,
    synthetic: bool,
    languages: Iterable[str] = texts.LANGUAGES,
) -> dict[str, str]:
    """Word a computed bottom line in every language of the product.

    Parameters
    ----------
    key : str
        Key of the sentence, as for `headline`.
    values : callable
        Called with a language; gives what the placeholders of the sentence stand for in it.
    synthetic : bool
        Whether the sentence rests on synthetic ratings.
    languages : iterable of str
        The languages, such as those that know the titles of a method.

    Returns
    -------
    dict of str to str
        The sentence by language.

    Examples
    --------
    >>> counts = {"third": 5, "pairs": 50, "tolerance": 1, "lacking": 0}
    >>> worded = in_each_language("headline.third", lambda language: counts, synthetic=True)
    >>> [sentence[:24] for sentence in worded.values()]
    ['In the synthetic example', 'En el ejemplo sintético,']
    """
    return {
        str(language): headline(key, language=language, synthetic=synthetic, **values(language))
        for language in languages
    }
