"""What a small move of weight does to the first category, in words that agree with how many are in it."""

from __future__ import annotations

import pytest

from ogp_analysis.language import texts

OUT = {"out_codes": "A", "entered_codes": "–", "entered": 0}


@pytest.mark.parametrize("variant", ["", "composite"])
@pytest.mark.parametrize(
    ("ruled", "out", "es", "en"),
    [
        (1, 0, "no la saca", "does not take it out"),
        (1, 1, "puede sacarla (A)", "can take it out (A)"),
        (3, 0, "no saca ninguna de estas", "takes out none of these"),
        (3, 1, "puede sacar 1 de estas (A)", "can take out 1 of these (A)"),
        (3, 2, "puede sacar 2 de estas (A)", "can take out 2 of these (A)"),
    ],
)
def test_words_of_a_small_move_agree_in_number(ruled, out, es, en, variant):
    for code, words in (("es", es), ("en", en)):
        text = texts.say(
            "answers.choices.small", texts.Language(code, variant=variant), out=out, ruled=ruled, **OUT
        )
        assert words in text
        assert "{" not in text
