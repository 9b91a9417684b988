"""Proposals whose groups are known, made by us: synthetic, and nobody wrote them.

The rules stand before any method that is measured with them, and know nothing of it: a subject is said in
several ways that share few words, in Spanish or English; sentences that say nothing stand in many proposals;
some are handed in twice, word for word or nearly, under another topic. With more proposals than one town
would bring, each subject is asked for in many invented places, and a group is a subject in a place.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

SUBJECTS = Path(__file__).with_name("labelled_subjects.yaml")
GROUPS, PROPOSALS, SEED = 30, 300, 2018
TOPICS = ("transparencia", "participación", "servicios", "ambiente", "otros")
# Shares of all proposals; a copy stands under another topic.
ENGLISH, COPIES, NEARLY = 0.2, 0.08, 0.06
TITLES = {
    "es": ("{name}", "Propuesta: {name}", "Queremos {name}", "{name} {place}", "Por {name}"),
    "en": ("{name}", "Proposal: {name}", "We want {name}", "{name} {place}", "For {name}"),
}
DOES = {
    "es": ("Proponemos {does}.", "La idea es {does}.", "Se debería {does}.", "Pedimos {does} {place}."),
    "en": (
        "We propose to {does}.",
        "The idea is to {does}.",
        "One should {does}.",
        "We ask to {does} {place}.",
    ),
}
BOILERPLATE = {
    "es": (
        "Esta propuesta se presenta en el marco del proceso de cocreación del Plan de Acción de Gobierno "
        "Abierto y recoge lo conversado en la mesa de trabajo por las personas asistentes.",
        "Invitamos a la ciudadanía a apoyar la iniciativa, compartirla en sus redes y dejar sus comentarios.",
        "El presupuesto será determinado por la institución competente conforme a la normativa vigente.",
        "Agradecemos de antemano la atención y quedamos atentos a sus comentarios y sugerencias.",
        "Con ello mejora la transparencia, la participación y la calidad de vida de toda la población.",
    ),
    "en": (
        "This proposal is submitted within the co-creation process of the Open Government Action Plan and "
        "gathers what was discussed at the working table.",
        "We invite everybody to support the initiative, share it and leave comments.",
        "This would improve transparency, participation and the quality of life of the whole population.",
    ),
}
SYLLABLES = (
    "cha",
    "lu",
    "mi",
    "ro",
    "que",
    "tam",
    "bo",
    "sil",
    "va",
    "gua",
    "ne",
    "pi",
    "yan",
    "cor",
    "de",
    "zu",
)
FILLERS = {
    "es": ("siempre", "pronto", "realmente", "quizás", "además", "también", "aquí", "ahora", "juntos",
           "mejor", "necesario", "urgente", "vecinos", "familias", "claro", "bien", "todavía", "jamás"),
    "en": ("always", "soon", "really", "perhaps", "also", "here", "now", "together", "better", "needed",
           "urgent", "neighbours", "families", "clearly", "well", "still", "never", "people"),
}  # fmt: skip
PLACES = ("Ambato", "Cuenca", "Ibarra", "Loja", "Manta", "Puyo", "Quito", "Tena")


def make(seed: int = SEED, *, groups: int = GROUPS, proposals: int = PROPOSALS) -> pd.DataFrame:
    """Make so many proposals in so many groups.

    >>> made = make()
    >>> len(made), made["label"].nunique(), set(made["synthetic"])
    (300, 30, {'yes'})
    """
    rng = np.random.default_rng(seed)
    subjects = _subjects()
    several = groups > len(subjects)
    kinds = [(n % len(subjects), _place(n // len(subjects)) if several else "") for n in range(groups)]
    # Some groups are asked for by many, most by few; each by two at least.
    first = proposals - round(proposals * (COPIES + NEARLY))
    weights = rng.dirichlet(np.full(groups, 1.5))
    labels = np.concatenate(
        [np.repeat(np.arange(groups), 2), rng.choice(groups, first - 2 * groups, p=weights)]
    )
    rows = [_written(subjects[kinds[label][0]], kinds[label], label, rng) for label in labels]
    rows += [_again(rows[int(rng.integers(first))], rng, nearly=n % 7 >= 4) for n in range(proposals - first)]
    frame = pd.DataFrame([rows[k] for k in rng.permutation(len(rows))])
    codes = [f"S{n:06d}" for n in range(1, len(frame) + 1)]
    return frame.assign(proposal=codes, synthetic="yes")


@cache
def _subjects() -> list[dict]:
    return yaml.safe_load(SUBJECTS.read_text(encoding="utf-8"))


def _place(number: int) -> str:
    """Name an invented place: two or three syllables, another name for each number."""
    base = len(SYLLABLES)
    digits = [number % base, number // base % base, number // base**2 % base]
    return "".join(SYLLABLES[digit] for digit in digits).capitalize()


def _written(subject: dict, kind: tuple[int, str], label: int, rng: np.random.Generator) -> dict[str, str]:
    language = "en" if rng.random() < ENGLISH else "es"
    ways = subject[language]

    def one(values: list[str] | tuple[str, ...]) -> str:
        return values[int(rng.integers(len(values)))]

    def loose(text: str) -> str:
        return _loosened(text, kind[1], language, rng) if kind[1] else text

    place = ("in " if language == "en" else "en ") + (kind[1] or one(PLACES))
    title = one(TITLES[language]).format(name=one(ways["names"]), place=place)
    body = [loose(one(DOES[language]).format(does=one(ways["does"]), place=place))]
    if rng.random() < 0.5:
        body.append(loose(one(DOES[language]).format(does=one(ways["does"]), place=place)))
    if kind[1]:
        body.append(f"{'It is for' if language == 'en' else 'Es para'} {kind[1]}.")
    body += [one(BOILERPLATE[language]) for _ in range(int(rng.integers(0, 3)))]
    return {
        "title": title[0].upper() + title[1:],
        "problem": loose(one(ways["because"])) if rng.random() < 0.8 else "",
        "solution": " ".join(body[k] for k in rng.permutation(len(body))),
        # Whoever sends it in picks the topic, not always the same.
        "topic": TOPICS[label % len(TOPICS)] if rng.random() < 0.7 else one(TOPICS),
        "label": f"L{label:05d}",
        "language": language,
        "copy_of": "",
    }


def _loosened(text: str, place: str, language: str, rng: np.random.Generator) -> str:
    """Say a sentence as another person would: words left out and put in, and names that only its place has.

    A few hundred sentences would else stand word for word in thousands of a hundred thousand proposals.
    """
    words = [word for word in text.split() if rng.random() > 0.12]
    for filler in rng.choice(FILLERS[language], size=int(rng.integers(1, 4))):
        words.insert(int(rng.integers(len(words) + 1)), str(filler))
    own = sum(map(ord, place)) + 7 * int(rng.integers(5))
    local = _place(own * 31 % 4096) + "".join(SYLLABLES[(own + k) % len(SYLLABLES)] for k in (0, 3))
    return " ".join([*words, local])


def _again(row: dict[str, str], rng: np.random.Generator, *, nearly: bool) -> dict[str, str]:
    """Hand a proposal in once more under another topic; nearly: a word left out, other case and signs."""
    topic = TOPICS[(TOPICS.index(row["topic"]) + 1 + int(rng.integers(len(TOPICS) - 1))) % len(TOPICS)]
    copied = row | {"topic": topic, "copy_of": "nearly" if nearly else "word for word"}
    if nearly:
        words = row["solution"].split()
        words.pop(int(rng.integers(len(words))))
        copied |= {"solution": " ".join(words).upper(), "title": row["title"].rstrip(".") + "!"}
    return copied
