"""Before a slow pattern a quick look says whether it can fit at all: none that fits is passed over."""

from __future__ import annotations

import pytest
from braced_texts import with_braces

from ogp_analysis.privacy import accounts, map_points, masking, spoken_numbers
from ogp_analysis.privacy.leads import words_read
from tests.privacy.test_masks_both_sides import PERSONAL, PUBLIC
from tests.privacy.test_masks_unheard_names import PERSONAL as FURTHER

TEXTS = [text for texts in PUBLIC.values() for text in texts]
TEXTS += [with_braces(text)[0] for kinds in (PERSONAL, FURTHER) for texts in kinds.values() for text in texts]
TEXTS += [
    "mi usuario es maria_toaza_87, avenida",
    "ana en correo punto com; escriba a ana at correo dot ec",
    "historia clínica 45871; IP: 190.152.10.22",
]
POINTS = [
    "0° 10′ 48″ S, 78° 28′ 02″ O",
    "0 10 48 S, 78 28 02 W",
    "-0.18065, -78.46783",
    "X 778123 Y 9981234",
    "67R4RGGC+2Q",
]
LOOKS = {
    "short numbers": (masking.SHORT_NUMBER, lambda text: any(w in text.casefold() for w in masking.NUMBERED)),
    "user names": (accounts.USER_NAME, lambda text: "_" in text),
    "dots in words": (accounts.SPOKEN_DOT, lambda text: accounts._may_hold_an_address(text, text.casefold())),
}


@pytest.mark.parametrize("kind", LOOKS)
def test_a_look_passes_over_no_text_that_its_pattern_fits(kind):
    pattern, look = LOOKS[kind]
    fitting = [text for text in TEXTS if pattern.search(text)]
    assert fitting
    assert [text for text in fitting if not look(text)] == []


def test_numbers_half_in_words_have_a_word_for_a_number():
    found = [text for text in TEXTS if spoken_numbers.half_spoken(text)]
    assert found
    small = [text.lower().translate(spoken_numbers._PLAIN) for text in TEXTS]
    for text, plain in zip(TEXTS, small, strict=True):
        if any(
            spoken_numbers._is_whole(match["number"]) for match in spoken_numbers.HALF_SPOKEN.finditer(plain)
        ):
            assert not words_read(text).isdisjoint(spoken_numbers.VALUES), text


def test_each_form_of_a_point_has_one_of_its_signs():
    for form, signs in zip(map_points.FORMS, map_points.SIGNS, strict=True):
        fitting = [text for text in (*POINTS, *TEXTS) if form.search(text)]
        assert fitting, form.pattern[:40]
        assert [text for text in fitting if set(text).isdisjoint(signs)] == []
