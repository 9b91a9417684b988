"""The words of a ratings file in Spanish and English: headers in their parts, and what each word means."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from ogp_analysis.language import texts
from ogp_analysis.model.records import (
    EVALUATOR,
    INDICATOR,
    PANEL,
    PROPOSAL,
    RATING,
    ROLE,
    ROLES,
    Method,
    Titles,
)
from ogp_analysis.packaged import DATA
from ogp_analysis.ratings.nearest_word import Likeness
from ogp_analysis.tabular import key_of


@cache
def packaged() -> dict[str, dict[str, str]]:
    """Read the alias table: for each kind of word, our key by folded word.

    >>> packaged()["column"]["calificacion"]
    'rating'
    """
    file = DATA / "words" / "ratings.csv"
    table: dict[str, dict[str, str]] = defaultdict(dict)
    for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
        table[row["kind"]][key_of(row["word"])] = row["key"]
    return dict(table)


# "4. Tiempo", "4.1) Tiempo", "(4) Tiempo", "4.- Tiempo"; a hyphen alone may stand in a code.
ENUMERATED = re.compile(r"^\s*\(?[0-9]{1,3}(?:\.[0-9]{1,3})*\s*(?:[.)]-?|-\s)\s*(?=\D)")
PARTS = re.compile(r"\s*(?:[\[\](){}|/>»›→:;?¿!¡\n*]|\s[-–—]+\s|(?<![0-9])\.|\.(?![0-9]))\s*")
# A code of a proposal: S01, P-7, PR_07, 12; a year is none.
CODE = re.compile(r"(?!(?:19|20)[0-9]{2}$)[a-z]{0,4}[-_]?[0-9]{1,4}[a-z]?", re.IGNORECASE)
NUMBERED = re.compile(r"(?P<word>[^\W\d_]+)\s+(?:n[.ºo°]*\s*|#\s*)?(?P<code>[a-z]{0,4}[-_]?[0-9]{1,4})", re.I)
# Of KoboToolbox and ODK: "_submission__id" is no proposal, though "Submission ID" is one elsewhere.
SYSTEM = re.compile(
    r"\s*_(?:_version__|id|uuid|index|parent_index|parent_table_name|submission_.*|validation_status|notes"
    r"|status|submitted_by|tags)\s*"
)
# As programs call a sheet that nobody named.
UNNAMED = re.compile(r"(?:hoja|sheet|planilha|feuil(?:le)?|full|data|datos)?[ _]?\d*", re.IGNORECASE)
INTERROGATIVES = frozenset({"cual", "que", "quien", "what", "which", "who", "whose", "cuales"})
# Of "Project name", "Nombre del proyecto", "Título de la idea".
NAMES = frozenset({"name", "nombre", "nome", "nom", "title", "titulo", "titre"})
TITLES = frozenset({"title", "titulo", "titre"})
# Of "Código del tema" beside "Título del trabajo"; alone such a word may head a field of knowledge.
TOPICS = frozenset({"tema", "topic"})
TITLE = "title"
# Of a header that is surely of proposals or of their codes; "Proyecto" beside it is what they are called.
OF_A_PROPOSAL = frozenset(
    {"proposal", "propuesta", "id", "code", "codigo", "number", "numero", "num", "no", "nro", "key", "clave"}
)
COPULAS = frozenset({"es", "is", "are", "son", "do", "does", "did"})
SIGMAS = frozenset("ΣσςΣ∑∑")


def parts_of(header: str) -> list[str]:
    """Split a header into its parts, the number of the question in front left out.

    >>> parts_of("4. Tiempo (1 = muy bajo, 5 = muy alto)"), parts_of("Factibilidad.Tiempo")
    (['Tiempo', '1 = muy bajo, 5 = muy alto'], ['Factibilidad', 'Tiempo'])
    >>> parts_of("P01. Título [Tiempo]")
    ['P01', 'Título', 'Tiempo']
    """
    return [part for part in PARTS.split(ENUMERATED.sub("", header)) if key_of(part)]


@cache
def core(text: str) -> str:
    """Fold a part and take away the words of a question around it; empty for a yes-or-no question.

    >>> core("¿Cuál es su código de evaluador?"), core("¿A qué grupo pertenece?"), core("Is it your panel?")
    ('evaluador', 'grupo', '')
    """
    words = key_of(text).split("_")
    if COPULAS & set(words) and not INTERROGATIVES & set(words):
        return ""
    return "_".join(word for word in words if word not in packaged()["filler"])


def is_remark(part: str) -> bool:
    """Say whether a part names words beside a rating: a comment, a reason, the field Other.

    >>> is_remark("Justifique su respuesta"), is_remark("Tiempo")
    (True, False)
    """
    return any(word in packaged()["remark"] for word in key_of(part).split("_"))


def is_unnamed(sheet: str) -> bool:
    """Say whether a sheet is called as programs call it, or has no title.

    >>> is_unnamed("Hoja1"), is_unnamed("Sheet 2"), is_unnamed("P01")
    (True, True, False)
    """
    return UNNAMED.fullmatch(sheet.strip()) is not None


def is_total(text: str) -> bool:
    """Say whether a cell or header names a sum, a mean or the like, with nothing else beside it.

    >>> [is_total(text) for text in ("TOTAL", "Promedio general:", "Suma P01", "Média", "Total Transparency")]
    [True, True, True, True, False]
    """
    if SIGMAS & set(text):
        return len(text.strip()) <= 2
    words = [word for word in key_of(text).split("_") if word]
    totals = [word in packaged()["total"] for word in words]
    if not words or not (totals[0] or totals[-1]):
        return False
    beside = packaged()["total_beside"]
    return all(
        total or word in beside or CODE.fullmatch(word) for word, total in zip(words, totals, strict=True)
    )


def is_added_by_a_tool(header: str) -> bool:
    """Say whether a survey tool adds a column of this name by itself: response ids, addresses, times, status.

    >>> [is_added_by_a_tool(header) for header in ("IPAddress", "_submission_time", "Question time: tiempo")]
    [True, True, True]
    >>> is_added_by_a_tool("Tiempo")
    False
    """
    key = key_of(header)
    return (
        bool(SYSTEM.fullmatch(header))
        or key in packaged()["tool"]
        or any(key.startswith(f"{word}_") for word in packaged()["tool_prefix"])
    )


def code_in(part: str, proposal_words: frozenset[str]) -> str:
    """Give the code of a proposal that a part may be, empty where it cannot be one.

    >>> [code_in(part, frozenset({"propuesta"})) for part in ("P07", "Propuesta 3", "P07 Compras", "calif")]
    ['P07', '3', 'P07', '']
    """
    text = part.strip(" .:-–_")
    if CODE.fullmatch(text):
        return text
    numbered = NUMBERED.fullmatch(text)
    if numbered and key_of(numbered["word"]) in proposal_words:
        return numbered["code"]
    first = text.split()[0] if text.split() else ""
    # "2 años" begins with a number that is no code; "P07 Compras" with one that is.
    return first if first[:1].isalpha() and CODE.fullmatch(first) else ""


# What may be the code of whatever a table lists.
CODES = frozenset({"codigo", "cod", "code", "clave"})
PROPOSAL_WORDS = frozenset(word for word, key in packaged()["column"].items() if key == PROPOSAL)
# What a whole question as header may ask for; other columns are known by their names alone.
ASKED = (PROPOSAL, EVALUATOR, PANEL, INDICATOR, RATING, ROLE)


@dataclass(frozen=True)
class Header:
    """What a header says: indicators, codes that may be proposals, other words, what it holds instead.

    Parameters
    ----------
    indicators : tuple of str
        Of the method; one where the header is clear.
    codes : tuple of str
        What may be the code of a proposal.
    others : tuple of str
        Parts without a meaning.
    aside : str
        ``"total"``, ``"remark"``, ``"tool"`` or ``"reversed"`` where the column holds no ratings, or not as
        they are, for that reason.
    """

    indicators: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    aside: str = ""


class Vocabulary:
    """Every word that a method's ratings may use.

    Parameters
    ----------
    method : Method
        Its indicators, panels and criteria are the words allowed; the alias table and the text catalogues add
        the names people use for them.

    Examples
    --------
    >>> from ogp_analysis.model import params
    >>> Vocabulary(params.from_values(params.baseline()).method).allowed["panel"]
    ('lead', 'counterpart', 'working_group', 'core_group')
    """

    def __init__(self, method: Method) -> None:
        self.method = method.name
        self.allowed: dict[str, tuple[str, ...]] = {
            "indicator": tuple(indicator.name for indicator in method.indicators),
            "panel": tuple(dict.fromkeys(method.panels)),
            "criterion": tuple(criterion.name for criterion in method.criteria),
            "role": ROLES,
            "stage": tuple(stage.name for stage in method.stages),
            "category": tuple(str(number) for number in method.category_numbers),
        }
        # What a reader is told: the titles of the method, else a code that the catalogues may word.
        self.stages = ", ".join(
            " / ".join(dict.fromkeys(one.titles.values())) or one.name for one in method.stages
        )
        # What the method calls those who decide or rate: no names of persons.
        self.bodies = (*method.case.body.values(), *method.panels)
        self.bodies += tuple(name for titles in method.panel_titles.values() for name in titles.values())
        titles = _titles(method)
        # What else the method names: answers, levels, itself. A sheet may be called so.
        named = [label.titles for one in method.indicators for label in one.labels]
        named += [*method.level_titles.values(), method.titles, method.case.titles, {"": method.name}]
        self._others = {key_of(words) for words_of in named for words in words_of.values()}
        self._others |= {key_of(level) for axis in method.axes for level in axis.levels}
        alone = {criterion: criterion.panels for criterion in method.criteria if len(criterion.panels) == 1}
        # Where every criterion has one panel, the indicator tells the panel.
        self.sole_panels: dict[str, str] = {
            indicator.name: panels[0]
            for criterion, panels in alone.items()
            for indicator in criterion.indicators
        }
        # Who rates one indicator of a panel is asked all of them.
        self.panels_of: dict[str, tuple[str, ...]] = {
            indicator.name: criterion.panels
            for criterion in method.criteria
            for indicator in criterion.indicators
        }
        self._keys = {kind: _keys(kind, names) | titles.get(kind, {}) for kind, names in self.allowed.items()}
        self._likeness = {kind: Likeness(keys, cutoff=0.6) for kind, keys in self._keys.items()}
        self._cores = {core(word): key for word, key in self._keys["indicator"].items()}
        self._cores.pop("", None)
        self._headers: dict[str, Header] = {}

    def resolve(self, kind: str, word: str) -> str:
        """Give our key for a word, empty where there is none.

        Parameters
        ----------
        kind : str
            ``"indicator"``, ``"panel"``, ``"criterion"``, ``"role"`` or ``"stage"``.
        word : str
            As typed; accents, case and spacing do not matter.

        Returns
        -------
        str
            The key or ``""``.

        Examples
        --------
        >>> from ogp_analysis.model import params
        >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
        >>> vocabulary.resolve("panel", "Grupo Núcleo"), vocabulary.resolve("indicator", "beauty")
        ('core_group', '')
        """
        return self._keys[kind].get(key_of(word), "")

    def words_of(self, kind: str) -> tuple[str, ...]:
        """Give every word, folded, that stands for a key of a kind."""
        return tuple(word for word in self._keys[kind] if word)

    @property
    def parts(self) -> frozenset[str]:
        """Every single word of what the method names, and of columns of criteria, indicators and panels."""
        kinds = ("criterion", "indicator", "panel")
        names = {word for words in self._keys.values() for word in words} | self._others
        own = {word for word, key in packaged()["column"].items() if key in kinds}
        plain = {"criterio", "criterios", "criteria", "indicators", "indicadores", "panels", "paneles"}
        return frozenset(part for name in (names | own | plain) for part in name.split("_"))

    def nearest(self, kind: str, word: str) -> str:
        """Give the allowed key that looks most like a word, empty where none does.

        Parameters
        ----------
        kind, word : str
            As for `resolve`.

        Returns
        -------
        str
            The key or ``""``.

        Examples
        --------
        >>> from ogp_analysis.model import params
        >>> Vocabulary(params.from_values(params.baseline()).method).nearest("panel", "grupo nucleoo")
        'core_group'
        """
        return self._likeness[kind].nearest(word)

    def question(self, header: str) -> tuple[str, str]:
        """Read the header of a form's column as proposal (or empty) and indicator (or empty).

        ``Tiempo``, ``Factibilidad [Tiempo]``, ``relevance/alignment`` name an indicator; ``S01 [Tiempo]``
        names the proposal too.

        Parameters
        ----------
        header : str
            Header of a column.

        Returns
        -------
        proposal, indicator : str
            Both empty where the column holds no ratings of one indicator.

        Examples
        --------
        >>> from ogp_analysis.model import params
        >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
        >>> [vocabulary.question(header) for header in ("Factibilidad [Tiempo]", "S01 [Tiempo]", "Nombre")]
        [('', 'time'), ('S01', 'time'), ('', '')]
        """
        read = self.header(header)
        if read.aside or len(read.indicators) != 1:
            return "", ""
        return (read.codes[0] if len(read.codes) == 1 else ""), read.indicators[0]

    def header(self, text: str) -> Header:
        """Read every part of a header.

        Parameters
        ----------
        text : str
            Header of a column.

        Returns
        -------
        Header
            Nothing is chosen: a header may name two indicators, or two codes.

        Examples
        --------
        >>> from ogp_analysis.model import params
        >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
        >>> vocabulary.header("Impacto potencial [P01]")
        Header(indicators=('potential_impact',), codes=('P01',), others=(), aside='')
        >>> vocabulary.header("Comentario [Tiempo]").aside, vocabulary.header("Total tiempo").aside
        ('remark', 'total')
        """
        if text not in self._headers:
            self._headers[text] = self._header(text)
        return self._headers[text]

    def _header(self, text: str) -> Header:
        whole = self.indicator_of(text)
        if whole:
            return Header((whole,))
        if is_added_by_a_tool(text):
            return Header(aside="tool")
        indicators: list[str] = []
        codes: list[str] = []
        others: list[str] = []
        aside = "total" if is_total(text) else ""
        parts = [each for part in parts_of(text) for each in self._under(part)]
        for part in parts:
            indicator, code = self.indicator_of(part), code_in(part, PROPOSAL_WORDS)
            beside = "" if indicator else self._aside(part)
            if indicator:
                indicators.append(indicator)
            elif beside:
                aside = aside or beside
            elif core(part) and not self.resolve("criterion", part):
                (codes if code else others).append(code or part)
        asked, coded, rest = (
            tuple(dict.fromkeys(codes_of_kind)) for codes_of_kind in (indicators, codes, others)
        )
        # Which way up such a column stands is not known: whoever made it says so by its name.
        turned = any(key_of(word) in packaged()["reversed"] for word in rest)
        return Header(asked, coded, rest, aside or ("reversed" if turned else ""))

    def _aside(self, part: str) -> str:
        if is_total(part) or self._is_total_of_an_indicator(part):
            return "total"
        return "remark" if is_remark(part) else ""

    def indicator_of(self, part: str) -> str:
        """Give the indicator that a part of a header names, the words of a question around it left out.

        Parameters
        ----------
        part : str
            Of a header.

        Returns
        -------
        str
            Empty where there is none, or other words stand beside it.

        Examples
        --------
        >>> from ogp_analysis.model import params
        >>> vocabulary = Vocabulary(params.from_values(params.baseline()).method)
        >>> vocabulary.indicator_of("Califique el tiempo"), vocabulary.indicator_of("Tiempo libre")
        ('time', '')
        """
        return self.resolve("indicator", part) or self._cores.get(core(part), "")

    def _under(self, part: str) -> list[str]:
        """Split ``factibilidad_tiempo``, ``P01_tiempo`` and ``P01 Tiempo`` where one side is an indicator."""
        words = re.split(r"[_\s]+", part)
        for at in range(1, len(words)):
            sides = "_".join(words[:at]), "_".join(words[at:])
            for indicator, other in (sides[::-1], sides):
                named = self.resolve("criterion", other) or CODE.fullmatch(other)
                if self.indicator_of(indicator) and named:
                    return [other, indicator]
        return [part]

    def _is_total_of_an_indicator(self, part: str) -> bool:
        left = [word for word in key_of(part).split("_") if word not in packaged()["total"]]
        whole = len(left) == len(key_of(part).split("_"))
        rest = "_".join(left)
        return not whole and bool(self.indicator_of(rest) or self.resolve("criterion", rest))


def _titles(method: Method) -> dict[str, dict[str, str]]:
    """Give the method's own titles, folded, with the key that each stands for."""
    named: list[tuple[str, str, Titles]] = [
        ("panel", name, titles) for name, titles in method.panel_titles.items()
    ]
    named += [("criterion", one.name, one.titles) for one in method.criteria]
    named += [("indicator", one.name, one.titles) for one in method.indicators]
    named += [("stage", one.name, one.titles) for one in method.stages]
    named += [("category", str(one.number), one.titles) for one in method.categories]
    named += [("category", str(one.number), {"": one.name}) for one in method.categories if one.name]
    words: dict[str, dict[str, str]] = {}
    for kind, name, titles in named:
        words.setdefault(kind, {}).update({key_of(title): name for title in titles.values()})
    return words


def _keys(kind: str, names: Iterable[str]) -> dict[str, str]:
    names = tuple(names)
    keys = {word: key for word, key in packaged().get(kind, {}).items() if key in names}
    for name in names:
        for language in texts.LANGUAGES:
            if texts.has(f"{kind}.{name}", language):
                keys[key_of(texts.say(f"{kind}.{name}", language))] = name
    return keys | {key_of(name): name for name in names}


def column_of(header: str) -> str:
    """Give our name of a column, empty where the header is none we know.

    Parameters
    ----------
    header : str
        As typed.

    Returns
    -------
    str
        Our name or ``""``.

    Examples
    --------
    >>> column_of("Calificación"), column_of("Teléfono")
    ('rating', '')
    """
    if SYSTEM.fullmatch(header):
        return ""
    return packaged()["column"].get(key_of(header), "") or _asked(header)


def giving_way(headers: Sequence[str]) -> list[int]:
    """Give the columns that a tool counts and that mean something else where another one has that meaning.

    ``Submission ID`` is the proposal where nothing else is; beside ``Propuesta`` it numbers the answers. Of a
    form with the time of each answer, ``Score`` is the points of a quiz where another column holds ratings.

    >>> giving_way(["ID del envío", "Propuesta"]), giving_way(["Submission ID", "Juez"])
    ([0], [])
    >>> giving_way(["Score", "Rating"]), giving_way(["Timestamp", "Score", "Rating"])
    ([], [1])
    """
    named = [column_of(header) for header in headers]
    weak = [gives_way(header, in_a_form="timestamp" in named) for header in headers]
    firm = {name for name, yields in zip(named, weak, strict=True) if not yields}
    return [at for at, (name, yields) in enumerate(zip(named, weak, strict=True)) if yields and name in firm]


def gives_way(header: str, *, in_a_form: bool) -> bool:
    """Say whether a known column means something else where another one has that meaning.

    >>> [gives_way(header, in_a_form=False) for header in ("ID del envío", "Score", "Propuesta")]
    [True, False, False]
    """
    key = key_of(header)
    weak = key in packaged()["gives_way"] or names_evaluators(header)
    return weak or (in_a_form and key in packaged()["gives_way_in_a_form"])


@cache
def _asked(header: str) -> str:
    """Give the one column that a whole question asks for: ``¿Qué propuesta evalúa?`` is the proposal."""
    if is_added_by_a_tool(header):
        return ""
    asked = []
    for part in parts_of(header):
        if is_remark(part) or is_total(part):
            return ""
        exact = packaged()["column"].get(key_of(part), "")
        name = exact or _column_cores().get(core(part), "") or (EVALUATOR if names_evaluators(part) else "")
        asked += [name] if name else []
    return asked[0] if len(asked) == 1 and asked[0] in ASKED else ""


def names_evaluators(header: str) -> bool:
    """Say whether a header asks for the name of whoever rated, not for a code.

    >>> [names_evaluators(header) for header in ("Nombre del evaluador", "Evaluador", "Nombre del proyecto")]
    [True, False, False]
    """
    words = core(header).split("_")
    whose = "_".join(word for word in words if word not in packaged()["name_of"])
    return len(whose) < len("_".join(words)) and _column_cores().get(whose) == EVALUATOR


@cache
def _column_cores() -> dict[str, str]:
    cores: dict[str, set[str]] = {}
    for word, key in packaged()["column"].items():
        cores.setdefault(core(word), set()).add(key)
    # Words that two columns share, such as the lead institution, ask for neither.
    return {core: next(iter(keys)) for core, keys in cores.items() if core and len(keys) == 1}


def meanings(headers: Iterable[str], rated: Collection[int] = ()) -> list[str]:
    """Give our name of each column, told from all headers of a table; empty where it is none we know.

    What a tool counts gives way to what was asked, a criterion is none where another column names indicators,
    and a name stands for the proposal where no code does; a code before it is its code. ``rated`` are
    positions whose cells name nothing that is judged: `Ensayo` or `Idea` there is what is rated, and the code
    of a topic is that of several works.

    >>> meanings(["Project name", "criterion", "indicator"]), meanings(["Project", "Name", "criterion"])
    (['proposal', '', 'indicator'], ['proposal', 'email', 'indicator'])
    >>> meanings(["Código", "Tesis", "Nota"])
    ['proposal', 'title', 'rating']
    >>> meanings(["Dish", "Dish title", "Judge"])
    ['proposal', 'title', 'evaluator']
    >>> meanings(["Código del tema", "Título del trabajo", "Nota"])
    ['proposal', 'title', 'rating']
    >>> meanings(["Código del tema", "Título del trabajo", "Nota"], rated=[0])
    ['', 'proposal', 'rating']
    """
    listed = list(headers)
    aside = {*giving_way(listed), *rated}
    read = ["" if at in aside else column_of(header) for at, header in enumerate(listed)]
    read = _answered(_indicated(read, listed), listed)
    if PROPOSAL not in read:
        read = _with_proposals(read, listed, aside=aside, rated=rated)
    return _entitled(_titled(read, listed), listed)


def _indicated(read: list[str], headers: list[str]) -> list[str]:
    """Take a criterion for none where another column names indicators.

    >>> _indicated(["indicator", "indicator"], ["Criterio", "Indicador"])
    ['', 'indicator']
    """
    groups = [key_of(header) in packaged()["group"] for header in headers]
    if not any(name == INDICATOR and not group for name, group in zip(read, groups, strict=True)):
        return read
    return ["" if group and name == INDICATOR else name for name, group in zip(read, groups, strict=True)]


def _answered(read: list[str], headers: list[str]) -> list[str]:
    """Take what somebody answered for the rating, of a table with a row an answer.

    Elsewhere such a header may be anything.

    >>> _answered(["indicator", ""], ["Pregunta", "Respuesta"]), _answered(["", ""], ["Nombre", "Respuesta"])
    (['indicator', 'rating'], ['', ''])
    """
    if RATING in read or INDICATOR not in read:
        return read
    given = [at for at, header in enumerate(headers) if key_of(header) in packaged()["given"]]
    return [RATING if [at] == given and not name else name for at, name in enumerate(read)]


def _with_proposals(
    read: list[str], headers: list[str], *, aside: Collection[int], rated: Collection[int]
) -> list[str]:
    """Give the column of what is judged, and of its title where another one has its code."""
    named = [at for at, header in enumerate(headers) if _names_proposals(header)]
    things = [at for at, header in enumerate(headers) if key_of(header) in packaged()["thing"]]
    things = [at for at in things if at not in rated]
    # "Dish" beside "Dish title" is the code of what that names.
    bare = [at for at in things for own in named[:1] if _is_called(headers[at], headers[own])][:1]
    named = named or things
    free = [at for at, name in enumerate(read) if not name and at not in aside]
    coded = _coded([at for at in free if not is_added_by_a_tool(headers[at])], headers, titled=bool(named))
    named = [at for at in named if at not in coded]
    coded = coded or [at - 1 for at in named[:1] if at and key_of(headers[at - 1]) in CODES] or bare
    if coded and TITLE not in read:
        read = [TITLE if [at] == named[:1] else name for at, name in enumerate(read)]
    return [PROPOSAL if [at] == (coded or named[:1]) else name for at, name in enumerate(read)]


def _coded(free: list[int], headers: list[str], *, titled: bool) -> list[int]:
    """Give the one column that asks for the code of what is judged; of its topic where a title stands beside.

    >>> _coded([0, 1], ["Código del tema", "Código del trabajo"], titled=True)
    [1]
    """
    codes = {at: _thing_coded(headers[at]) for at in free}
    coded = [at for at, thing in codes.items() if thing and thing not in TOPICS]
    coded = coded or [at for at, thing in codes.items() if thing and titled]
    return coded if len(coded) == 1 else []


def asks_for_a_topic(header: str) -> bool:
    """Say whether a header asks for the code of a topic, which several works may have in common.

    >>> asks_for_a_topic("Código del tema"), asks_for_a_topic("Código del trabajo")
    (True, False)
    """
    return _thing_coded(header) in TOPICS


def _entitled(read: list[str], headers: list[str]) -> list[str]:
    """Take the one title of what is judged for it where its code stands beside it.

    >>> _entitled(["proposal", "", "rating"], ["Código de la ponencia", "Título de la ponencia", "Nota"])
    ['proposal', 'title', 'rating']
    """
    things = {_thing_coded(headers[at]) for at, name in enumerate(read) if name == PROPOSAL} - {""}
    called = [
        at
        for at, header in enumerate(headers)
        if not read[at] and _names_proposals(header) and (_words(header) & TITLES or _thing(header) in things)
    ]
    if not things or len(called) != 1 or TITLE in read:
        return read
    return [TITLE if [at] == called else name for at, name in enumerate(read)]


def _words(header: str) -> set[str]:
    return {word for word in key_of(header).split("_") if word}


def _thing(header: str) -> str:
    """Give what a header asks the name of, its other words left out."""
    return "_".join(sorted(_words(header) - {*packaged()["called"]}))


def _thing_coded(header: str) -> str:
    """Give what a header asks the code of, where it is judged or its topic; else empty.

    >>> [_thing_coded(header) for header in ("Código del tema", "Clave del proyecto", "Código de facultad")]
    ['tema', 'proyecto', '']
    """
    codes = CODES | (OF_A_PROPOSAL - PROPOSAL_WORDS)
    words = _words(header) - {*packaged()["called"]}
    thing = "_".join(sorted(words - codes))
    things = {*PROPOSAL_WORDS, *packaged()["thing"], *TOPICS}
    return thing if words & codes and thing in things else ""


def _titled(read: list[str], headers: list[str]) -> list[str]:
    """Take a project beside a proposal, or beside its code, for the title.

    >>> _titled(["proposal", "proposal", "panel"], ["Propuesta", "Proyecto", "Panel"])
    ['proposal', 'title', 'panel']
    >>> _titled(["proposal", "proposal"], ["Propuesta", "Paper ID"])
    ['proposal', 'proposal']
    """
    columns = [at for at, name in enumerate(read) if name == PROPOSAL]
    words = {at: {*key_of(headers[at]).split("_")} for at in columns}
    vague = [at for at in columns if not words[at] & OF_A_PROPOSAL]
    if len(vague) != 1 or len(columns) == 1 or TITLE in read:
        return read
    return [TITLE if at in vague else name for at, name in enumerate(read)]


def _is_called(thing: str, title: str) -> bool:
    """Say whether a header is another one less the words for a name."""
    return key_of(thing) == "_".join(
        word for word in key_of(title).split("_") if word not in packaged()["called"]
    )


def _names_proposals(header: str) -> bool:
    """Say whether a header asks for the name of a proposal: a word for it and one for its name, no other."""
    words = {word for word in key_of(header).split("_") if word}
    called = words & {*packaged()["called"]}
    things = {*PROPOSAL_WORDS, *packaged()["thing"]}
    return bool(called & NAMES) and "_".join(sorted(words - called)) in things


def is_summary(title: str) -> bool:
    """Say whether a sheet is called a summary or a total: beside sheets of ratings it repeats them.

    >>> is_summary("Resumen"), is_summary("Totales"), is_summary("Rigor")
    (True, True, False)
    """
    words = key_of(title).rstrip("_0123456789")
    return is_total(title) or is_total(words) or words in packaged()["summary"]


def both_words(column: str) -> str:
    """Name a column as a file may call it in either language.

    >>> both_words("rating"), both_words("panel")
    ('rating / calificación', 'panel')
    """
    key = f"column.{column}"
    return " / ".join(dict.fromkeys([column, texts.say(key, "es") if texts.has(key, "es") else column]))


def word_of(kind: str, name: str, language: str) -> str:
    """Give the reader's word for our key of a column, indicator, panel or role; the key where there is none.

    >>> word_of("column", "evaluator", "es"), word_of("role", "third", "es"), word_of("panel", "jury", "es")
    ('evaluador', 'tercera', 'jury')
    """
    # Roles have a word of the reader in the template, where they are chosen from a list.
    key = f"{'template.role' if kind == ROLE else kind}.{name}"
    return texts.say(key, language) if texts.has(key, language) else name


def with_keys(kind: str, names: Iterable[str], language: str) -> str:
    """Name panels, roles or indicators by the reader's word for each, with the key that a file may also hold.

    >>> with_keys("panel", ["working_group", "jury"], "es"), with_keys("role", ["third"], "es")
    ('Grupo de Trabajo (working_group), jury', 'tercera (third)')
    """
    words = {name: word_of(kind, name, language) for name in names}
    return ", ".join(name if word == name else f"{word} ({name})" for name, word in words.items())


def table_of(name: str) -> str:
    """Give the kind of table that a file or sheet is named after, empty where there is none.

    >>> table_of("Propuestas"), table_of("Hoja1")
    ('proposals', '')
    """
    return packaged()["table"].get(key_of(name), "")


def means_yes(cell: str) -> bool:
    """Say whether a cell means yes.

    >>> means_yes("Sí"), means_yes("no"), means_yes("")
    (True, False, False)
    """
    return key_of(cell) in packaged()["yes"]
