"""The code of each proposal: the platform's own number, whatever its column is called, else from its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ogp_analysis.privacy.masking import mask
from ogp_analysis.proposals.platforms import PERSONAL, Keyed, Layout

LONGEST_CODE = 100
# Our choice: so many cells show what a column holds.
ENOUGH = 200
# Our choice: so many of the filled cells of a column that is a code differ, where its header is known for
# one, and where it only sounds like one; a mere number may count anything. A code that is blank or repeated
# is a mistake of its row, and said there.
KNOWN_MOST, MOST, ALL = 0.6, 0.9, 1.0
NUMBERED = re.compile(
    r"(^|_)(id|uid|code|codigo|codi|cod|ref|reference|referencia|num|numero|number|nro|folio"
    r"|n(_o)?(?=_(de|da|do|d|of)_)|tramite|registro|expediente|identifier|identificador|identifiant|clave)(_|$)"
)
COUNTING = re.compile(r"(^|_)(num|numero|number|nro)(_|$)")
OF_PROPOSALS = re.compile(
    r"(^|_)(proposal|propuesta|proposta|proposition|idea|iniciativa|initiative|project|proyecto|projet|aporte)"
)
# Numbers of something else: a proposal has a category, a place, a parent, none of which is its own code.
OF_OTHERS = re.compile(
    r"parent|padre|categor|taxonom|scope|ambit|component|space|process|geozone|district|distrit|barri|parroqu"
    r"|canton|provinc|country|pais|postal|postcode|zip|(^|_)cep(_|$)|tag|topic|tema|heading|budget|group|grupo|comment|original|related|milestone|result|campaign"
    # Of the machine, the visit or the picture that a form keeps beside each answer.
    r"|network|device|session|sesion|browser|visitor|collector|dispositivo|edit_last|image|imagen|thumbnail|attachment"
)


def own_number(keyed: Keyed, taken: set[int]) -> int | None:
    """Find the column of the platform's own number where none has a name that the layout knows.

    It names itself an id, code or number, of a proposal or of nothing else, and rows have one of their own.
    """
    candidates = []
    for k, key in enumerate(keyed.keys):
        if k in taken or not NUMBERED.search(key) or PERSONAL.search(key) or OF_OTHERS.search(key):
            continue
        cells = keyed.table.column(k)
        named = bool(OF_PROPOSALS.search(key))
        most = ALL if COUNTING.search(key) and not named else MOST
        # One that names the proposal stands before one that only says "id".
        if (
            sum(map(bool, cells)) >= most * len(cells)
            and tells_apart(cells, most)
            and not are_personal(cells)
        ):
            candidates.append((not named, k))
    return min(candidates)[1] if candidates else None


def tells_apart(cells: Sequence[str], most: float) -> bool:
    """Say whether so many of the filled cells differ.

    >>> tells_apart(["A1", "A2", "A2", ""], 0.6), tells_apart(["1", "1", "1"], 0.6)
    (True, False)
    """
    filled = [cell for cell in cells if cell]
    return len(set(filled)) >= most * len(filled) > 0


def assign(
    given: Sequence[str], numbers: Sequence[str], digests: Sequence[str], layout: Layout
) -> tuple[tuple[str, ...], int]:
    """Give each proposal one code: its reference, else platform and number, else one from its text.

    >>> from ogp_analysis.proposals.platforms import CONSUL_PROPOSALS
    >>> assign(["EC-1", "", ""], ["7", "8", ""], ["", "", "ab" * 32], CONSUL_PROPOSALS)
    (('EC-1', 'consul-8', 'T-abababababab'), 1)
    """
    prefix = layout.name.split("-")[0]
    seen: Counter[str] = Counter()
    codes = []
    for code, number, digest in zip(given, numbers, digests, strict=True):
        code = code or (f"{prefix}-{number}" if number else "")
        # From the text, so that importing the same file again gives the same codes.
        if not code:
            made = f"T-{digest[:12]}"
            seen[made] += 1
            code = made if seen[made] == 1 else f"{made}-{seen[made]}"
        codes.append(code)
    return tuple(codes), seen.total()


def is_personal(code: str) -> bool:
    """Say whether a code cannot be published: masking would change it, or it is longer than a code.

    >>> is_personal("EC-PROP-2018-11-17"), is_personal("ana@ejemplo.ec")
    (False, True)
    """
    return len(code) > LONGEST_CODE or mask(code) != code


def are_personal(cells: Sequence[str]) -> bool:
    """Say whether a column holds persons' numbers under a header of codes: more than half of them.

    >>> are_personal(["1710034065", "0102030400", "A1"]), are_personal(["A1", "1710034065"])
    (True, False)
    """
    filled = [cell for cell in cells if cell][:ENOUGH]
    return sum(map(is_personal, filled)) * 2 > len(filled)


def first_of(codes: Sequence[str], most: int = 10) -> str:
    """List the first codes in a line; all of them stand in the tables.

    >>> first_of(["P1", "P2", "P3"], most=2)
    'P1, P2, …'
    """
    return ", ".join([*codes[:most], *(["…"] if len(codes) > most else [])])
