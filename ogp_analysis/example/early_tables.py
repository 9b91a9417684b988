"""Synthetic records of phases 1 and 2, made to match the margins the plan published; nobody real is in them.

What the plan states or allows is kept (see ``tests/proposals/test_participation.py``): 297 proposals online
and 38 from workshops, 13 without a goal, the provinces, ethnic groups, sectors and the 419 people of the
workshops, 181 related proposals in 43 groups. All else, such as which of the other provinces sent how many,
is drawn.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ogp_analysis.model.records import PROPOSAL, REASON
from ogp_analysis.proposals.classification import CLASSIFIER, CRITERIA, CRITERION, MET, NO, RELATED, YES
from ogp_analysis.proposals.export_rows import text_hash
from ogp_analysis.proposals.group_ledger import GROUP
from ogp_analysis.proposals.importing import COLUMNS

SEED = 20181101
ONLINE, WORKSHOP, RELATED_COUNT, GROUPS, WITHOUT_GOAL = 297, 38, 181, 43, 13
# The first seven from line 618; 13 others share the 40 proposals that are left.
PROVINCES = {
    **{
        "Pichincha": 118,
        "Guayas": 60,
        "Manabí": 21,
        "Azuay": 19,
        "Loja": 18,
        "Tungurahua": 11,
        "Imbabura": 10,
    },
    **{"Carchi": 4, "Cotopaxi": 4, "Chimborazo": 4, "El Oro": 4, "Esmeraldas": 3, "Los Ríos": 3, "Napo": 3},
    **{"Pastaza": 3, "Santa Elena": 3, "Bolívar": 3, "Cañar": 2, "Sucumbíos": 2, "Morona Santiago": 2},
}
# Counts that print as the plan's percentages of 297: 44 and 20 (lines 610-612); the other two are our choice.
SECTORS = {"citizens": 131, "civil society organisations": 59, "public sector": 62, "academia": 45}
# 107 + 94 = 201 are 68% of 297 and differ by 13 (line 594); the other bands are our choice.
AGES = {"18-25": 40, "26-35": 107, "36-45": 94, "46-55": 36, "56-65": 14, "66+": 6}
# The first three from line 600 (16 is the nearest to its impossible 5.40%), the rest our choice.
ETHNIC = {"mestizo": 237, "montubio": 18, "indigenous": 16, "white": 12, "afro-Ecuadorian": 9, "other": 5}
GENDERS = {"men": 223, "women": 196}
# One of the 14 splits of 419 people that print as 45, 34 and 21% (line 636).
WORKSHOP_SECTORS = {"civil society": 189, "public sector": 142, "academia": 88}
CITIES = ("Ambato", "Cuenca", "Guayaquil", "Ibarra", "Loja", "Manta", "Puyo", "Quito")
CLASSIFIERS = ("C1", "C2", "C3")
SUBJECTS = (
    "datos abiertos", "compras públicas", "presupuesto participativo", "obras municipales", "agua potable",
    "transporte urbano", "salud comunitaria", "educación rural", "veeduría ciudadana", "trámites en línea",
    "minería responsable", "bosques y páramos", "igualdad de género", "jóvenes y empleo",
    "rendición de cuentas", "participación indígena", "acceso a la información", "ética pública",
    "innovación social", "gobiernos locales", "seguridad alimentaria", "personas mayores",
)  # fmt: skip
WAYS = ("publicar un portal sobre", "formar a servidores en", "crear una mesa ciudadana de")


def make(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Make the records.

    Parameters
    ----------
    seed : int
        Seed of the random numbers; the margins do not depend on it.

    Returns
    -------
    dict of pandas.DataFrame
        ``proposals`` (canonical record, 335 rows; every title begins with "Synthetic"), ``participants`` (one
        row a person: ``channel, age, ethnic, gender, sector, city``), ``classification`` (``proposal,
        criterion, classifier, met``; three classifiers) and ``memberships`` (``proposal, related, reason,
        group``).

    Examples
    --------
    >>> {name: len(frame) for name, frame in make().items()}
    {'proposals': 335, 'participants': 716, 'classification': 4020, 'memberships': 335}
    """
    rng = np.random.default_rng(seed)
    memberships = _memberships(rng)
    return {
        "proposals": _proposals(memberships, rng),
        "participants": _participants(rng),
        "classification": _classification(memberships, rng),
        "memberships": memberships,
    }


def _shuffled(counts: dict[str, int], rng: np.random.Generator) -> np.ndarray:
    return rng.permutation(np.repeat(list(counts), list(counts.values())))


def _memberships(rng: np.random.Generator) -> pd.DataFrame:
    codes = [f"P{n:03d}" for n in range(1, ONLINE + WORKSHOP + 1)]
    related = rng.permutation(np.arange(len(codes)) < RELATED_COUNT)
    names = [f"G{n:02d}" for n in range(1, GROUPS + 1)]
    # Every group has a member, the rest fall where they fall.
    rest = rng.choice(names, size=RELATED_COUNT - GROUPS)
    groups = np.full(len(codes), "", dtype=object)
    groups[related] = rng.permutation(np.concatenate([names, rest]))
    failed = rng.choice(CRITERIA, size=len(codes))
    return pd.DataFrame(
        {
            PROPOSAL: codes,
            RELATED: np.where(related, YES, NO),
            REASON: np.where(related, "", failed),
            GROUP: groups,
        }
    ).astype("str")


def _proposals(memberships: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    n = len(memberships)
    frame = pd.DataFrame({name: np.full(n, "", dtype=object) for name in COLUMNS})
    frame["proposal"] = memberships[PROPOSAL]
    online = rng.permutation(np.arange(n) < ONLINE)
    frame["channel"] = np.where(online, "online", "workshop")
    frame.loc[online, "province"] = _shuffled(PROVINCES, rng)
    frame.loc[online, "sector"] = _shuffled(SECTORS, rng)
    with_goal = rng.permutation(np.arange(n) >= WITHOUT_GOAL)
    goals = [" ".join(map(str, sorted({int(g) for g in rng.integers(1, 18, size=2)}))) for _ in range(n)]
    frame["sdg"] = np.where(with_goal, goals, "")
    frame["title"], frame["solution"] = zip(*_texts(memberships, rng), strict=True)
    # November and December 2018 (line 571).
    days = np.datetime64("2018-11-01") + rng.integers(0, 61, size=n)
    frame["submitted"] = days.astype(str)
    frame["text_hash"] = [text_hash(title, "", text) for title, text in frame[["title", "solution"]].values]
    return frame[list(COLUMNS)].astype("str")


def _texts(memberships: pd.DataFrame, rng: np.random.Generator) -> list[tuple[str, str]]:
    """Write a text for each proposal: members of a group speak of one subject in their own order of words."""
    texts = []
    for row in memberships.itertuples():
        number = int(row.group[1:]) if row.group else int(rng.integers(GROUPS, 3 * len(SUBJECTS)))
        subject, way = SUBJECTS[number % len(SUBJECTS)], WAYS[number // len(SUBJECTS) % len(WAYS)]
        extra = " ".join(
            rng.choice(["todos los cantones", "cada provincia", "la ciudadanía", "las comunas"], 2)
        )
        title = f"Synthetic {row.proposal}: {way} {subject}"
        texts.append((title, f"Texto sintético. Proponemos {way} {subject} con {extra}."))
    return texts


def _participants(rng: np.random.Generator) -> pd.DataFrame:
    online = pd.DataFrame(
        {
            "channel": "online",
            "age": _shuffled(AGES, rng),
            "ethnic": _shuffled(ETHNIC, rng),
            "gender": "",
            "sector": _shuffled(SECTORS, rng),
            "city": "",
        }
    )
    people = sum(GENDERS.values())
    workshop = pd.DataFrame(
        {
            "channel": "workshop",
            "age": "",
            "ethnic": "",
            "gender": _shuffled(GENDERS, rng),
            "sector": _shuffled(WORKSHOP_SECTORS, rng),
            "city": rng.choice(CITIES, size=people),
        }
    )
    return pd.concat([online, workshop], ignore_index=True).astype("str")


def _classification(memberships: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Answer for three classifiers: two of them always give the decision that was taken, one may differ."""
    rows = []
    for row in memberships.itertuples():
        for criterion in CRITERIA:
            met = row.related == YES or criterion != row.reason
            dissenter = CLASSIFIERS[rng.integers(3)] if rng.random() < 0.15 else ""
            rows += [
                (row.proposal, criterion, one, YES if met != (one == dissenter) else NO)
                for one in CLASSIFIERS
            ]
    return pd.DataFrame(rows, columns=[PROPOSAL, CRITERION, CLASSIFIER, MET]).astype("str")
