"""What was read as which word of the method, said in the words of the reader."""

from __future__ import annotations

from dataclasses import dataclass

from ogp_analysis.language import texts
from ogp_analysis.language.escaping import in_line
from ogp_analysis.model.records import INDICATOR
from ogp_analysis.ratings.known_words import word_of
from ogp_analysis.tabular import Note, key_of
from ogp_analysis.tabular.table import NoteValue


@dataclass(frozen=True)
class Translated(Note):
    """A note of words as typed and what each was read as.

    Parameters
    ----------
    key : str
        Key of a text of the catalogues.
    values : tuple of (str, str or (str, str))
        Each word as typed, and our key for it; for a header that asks for an indicator, the proposal
        (or empty) and the indicator.
    kind : str
        Kind of the keys: ``"column"``, ``"panel"``, ``"role"`` or ``"indicator"``.

    Examples
    --------
    >>> note = Translated("ratings.translated_values", (("CN", "core_group"),), "panel")
    >>> note.say("es"), note.say("en")
    ('panel, leído así: CN → Grupo Núcleo', 'panel translated: CN → Core Group')
    """

    kind: str = "column"

    def say(self, language: str = "en") -> str:
        """Word the note; empty where every word as typed is the reader's own."""
        # A key of the method as typed was not translated, whatever language the reader's is.
        read = [(typed, self._meaning(key, language)) for typed, key in self.values if typed != key]
        pairs = "; ".join(f"{typed} → {word}" for typed, word in read if key_of(typed) != key_of(word))
        column = word_of("column", self.kind, language)
        return texts.say(self.key, language, pairs=in_line(pairs), our_columns=column) if pairs else ""

    def _meaning(self, meaning: NoteValue, language: str) -> str:
        if not isinstance(meaning, tuple):
            return word_of(self.kind, str(meaning), language)
        proposal, indicator = meaning
        word = word_of(INDICATOR, indicator, language)
        return (
            texts.say("ratings.question", language, proposal=proposal, indicator=word) if proposal else word
        )
