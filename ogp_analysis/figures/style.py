"""How every figure looks and how it becomes the same SVG bytes on every machine.

A figure function is decorated with `styled`, makes its canvas with `new`, marks what rests on synthetic
ratings with `synthetic_mark` and returns a matplotlib Figure; with its data it becomes a `Drawing`. Nothing
here uses pyplot, so no backend, window or global state is touched.
"""

from __future__ import annotations

import functools
import gc
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast
from xml.sax.saxutils import escape

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend import Legend
from matplotlib.patches import Rectangle
from matplotlib.rcsetup import cycler
from matplotlib.transforms import Bbox, ScaledTranslation, blended_transform_factory

from ogp_analysis.figures import dark
from ogp_analysis.figures.lettering import in_one_language
from ogp_analysis.language import texts

# Words and lines, words that stand back, grids, fields and the ground; each has its dark one in `dark`.
INK, GREY, LIGHT_GREY, FIELD, PAPER = "#1A1A1A", "#595959", "#D9D9D9", "#F3F3F3", "#FFFFFF"
# Of one series of data, and of what is decided or at fault, which always bears a word or a ring besides.
DATA, ACCENT = "#2F6FA7", "#A3260F"
MARKED = "#F4E9A8"
# Okabe & Ito (2008), "Color Universal Design": of many lines, and of categories beyond the fourth.
ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PURPLE = (
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
)
# The smallest type of a figure, of its labels and of the heads of its panels, in points.
SMALL, LABEL, HEAD = 8.0, 8.5, 9.0
# In grey these four run from dark to light; a number or a shape says it a second time.
CATEGORY_COLOURS = {1: "#08457E", 2: "#1B9077", 3: "#E9A93A", 4: "#E4E4E4"}
# Of a number on the second and on those beyond the fourth: dark on a light ground and on a dark one.
ON_COLOUR = "#0B0B0B"
# Of a method with more categories, one after the other; as many as a method may have.
FURTHER_COLOURS, FURTHER_HATCHES = (SKY, PURPLE, YELLOW, VERMILION), ("", "\\\\", "oo", "++")
MOST_CATEGORIES = 20


def category_look(number: int) -> dict[str, str]:
    """Give colour and hatch of a category, by its number.

    >>> category_look(1), category_look(9) == category_look(5)
    ({'color': '#08457E', 'hatch': ''}, True)
    """
    if number in CATEGORY_COLOURS:
        return {"color": CATEGORY_COLOURS[number], "hatch": ""}
    further = (number - 1 - len(CATEGORY_COLOURS)) % len(FURTHER_COLOURS)
    return {"color": FURTHER_COLOURS[further], "hatch": FURTHER_HATCHES[further]}


def category_cell(number: int) -> tuple[str, str]:
    """Give the fill of a cell that stands for a category, and the colour of its number.

    >>> category_cell(1), category_cell(4)
    (('#08457E', '#FFFFFF'), ('#E4E4E4', '#1A1A1A'))
    """
    return category_look(number)["color"], {1: PAPER, 3: INK, 4: INK}.get(number, ON_COLOUR)


def panel(figure: Figure, *, left: float, top: float, width: float, height: float) -> Axes:
    """Add axes at a place in millimetres from the top left of the figure.

    >>> figure, _ = sheet(60)
    >>> place = panel(figure, left=33, top=15, width=66, height=30).get_position().bounds
    >>> [round(float(part), 2) for part in place]
    [0.2, 0.25, 0.4, 0.5]
    """
    across, down = (MILLIMETRES * inches for inches in figure.get_size_inches())
    place = (left / across, 1 - (top + height) / down, width / across, height / down)
    return figure.add_axes(place)


SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "ogp-analysis",
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.titlesize": 11.0,
    "axes.titlelocation": "left",
    "axes.labelsize": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "axes.prop_cycle": cycler(color=[DATA, INK, GREEN, PURPLE, ORANGE, SKY, VERMILION]),
    "axes.formatter.use_locale": False,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
    "legend.fontsize": 8.0,
    "legend.frameon": False,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "patch.edgecolor": INK,
    "grid.color": LIGHT_GREY,
    "grid.linewidth": 0.6,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "figure.dpi": 100.0,
    "text.usetex": False,
    "hatch.linewidth": 0.5,
}
# Windows and macOS lack DejaVu Sans; Verdana has nearly the same widths, so labels keep their places.
FONTS_IN_SVG = "'DejaVu Sans', Verdana, sans-serif"
OPENED = ' version="1.1">'
NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
MARK_ROOM, RULE, RULE_ROOM = 7.0, 1.5, 2.5  # millimetres: of the mark, of its rule, of that with a gap
LEGEND_GAP = 0.06  # inches
# Places are in points: a hundredth is finer than any screen or printer, and half the size of the file.
PLACES = re.compile(r'(\b(?:d|x|y|x1|y1|x2|y2|width|height|points|transform)=")([^"]*)"')
LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
# Names of clip paths, markers and hatches hold a hash of unrounded places.
HASHED = re.compile(r'(\bid="|url\(#|href="#)([phm][0-9a-f]{10})\b')

Draws = TypeVar("Draws", bound=Callable[..., Figure])


@dataclass(frozen=True, repr=False)
class Picture:
    """An SVG that a notebook shows by itself.

    Parameters
    ----------
    text : str
        The SVG document.

    Examples
    --------
    >>> Picture("<svg/>"), Picture("<svg/>")._repr_svg_()
    (<figure>, '<svg/>')
    """

    text: str

    def _repr_svg_(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return "<figure>"


# What arithmetic, pandas and matplotlib raise at data of an unusual shape; most slips in code are none of it.
SHAPE_ERRORS = (ValueError, IndexError, KeyError, ArithmeticError, MemoryError)


@dataclass(frozen=True)
class Drawing:
    """A figure of the language alone; however often it is asked for, it is drawn once in each language.

    Parameters
    ----------
    draw : callable
        Called with ``language=``; gives the figure.
    empty : bool
        Nothing is in it: a notebook shows it and says so, a run does not save it.
    name : str
        Its id: what it shows is said in the SVG under ``figure.<name>.title`` and ``.alt``.
    narrow : bool
        Whether ``draw`` takes a ``width=`` too, and a run saves a form for narrow screens beside the other.

    Examples
    --------
    >>> drawing = Drawing(lambda language: nothing(new(height=1.0), language))
    >>> drawing.show("es"), drawing.svg("es") is drawing.svg("es")
    (<figure>, True)
    """

    draw: Callable[..., Figure]
    empty: bool = False
    name: str = ""
    narrow: bool = False
    _drawn: dict[tuple[str, bool], str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __call__(self, language: str = "en") -> Figure:
        """Draw it anew, to be changed or saved in another form."""
        return self.draw(language=language)

    def svg(self, language: str, *, narrow: bool = False) -> str:
        """Give it as SVG.

        Parameters
        ----------
        language : str
            ``"en"`` or ``"es"``.
        narrow : bool
            As a narrow screen shows it.

        Returns
        -------
        str
            The SVG document; the second call with the same language gives the first one's. Data of a shape
            that cannot be drawn give a figure that says so: a figure never costs the run its tables.
        """
        if (language, narrow) not in self._drawn:
            with _no_collecting():
                self._drawn[language, narrow] = self._svg(language, narrow=narrow)
        return self._drawn[language, narrow]

    def _svg(self, language: str, *, narrow: bool) -> str:
        width = {"width": NARROW} if narrow else {}
        try:
            figure = self.draw(language=language, **width)
        except SHAPE_ERRORS as error:
            words = texts.say("figure.not_drawn", language, kind=type(error).__name__)
            figure = words_alone(words, language, width=NARROW if narrow else COLUMN)
        return svg(figure, **self._described(language, figure))

    def _described(self, language: str, figure: Figure) -> dict[str, str]:
        keys = {"title": f"figure.{self.name}.title", "description": f"figure.{self.name}.alt"}
        described = {what: texts.say(key, language) for what, key in keys.items() if texts.has(key, language)}
        if any(text.get_gid() == dark.MARK for text in figure.texts):
            mark = texts.say("synthetic.mark", language)
            described["description"] = f"{described.get('description', '')} {mark}.".strip()
        return described

    def show(self, language: str) -> Picture:
        """Show it in a notebook as the same SVG that a run saves.

        Parameters
        ----------
        language : str
            ``"en"`` or ``"es"``.

        Returns
        -------
        Picture
            What a notebook displays.
        """
        return Picture(self.svg(language))


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Look for garbage after a figure and not while it is drawn: its parts all hold each other until then."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@contextmanager
def applied() -> Iterator[None]:
    """Draw with the house settings, whatever matplotlib settings and locale the reader's machine has.

    >>> with mpl.rc_context({"font.size": 30}), applied():
    ...     print(mpl.rcParams["font.size"])
    9.0
    """
    with mpl.rc_context():
        # Not rcParams.update alone: a matplotlibrc of the reader may set what SETTINGS does not name.
        mpl.rcdefaults()
        mpl.rcParams.update(SETTINGS)
        with in_one_language():
            yield


def styled(drawing: Draws) -> Draws:
    """Decorate a function that returns a figure, so that it draws with the house settings.

    >>> @styled
    ... def titled(*, language="en"):
    ...     figure = new()
    ...     figure.subplots().set_title("335")
    ...     return figure
    >>> titled().axes[0].title.get_fontsize()
    11.0
    """

    @functools.wraps(drawing)
    def draw(*args: object, **options: object) -> Figure:
        with applied():
            return drawing(*args, **options)

    return draw  # type: ignore[return-value]


# Of the report's column: drawn at this width, type has the size that is asked for.
COLUMN = 165.0
MILLIMETRES = 25.4  # an inch
COLUMN_INCHES = COLUMN / MILLIMETRES
# Of a telephone held upright (390 pixels): wider figures would be shown with smaller type.
NARROW = 103.0


def new(width: float = COLUMN_INCHES, height: float = 4.0) -> Figure:
    """Make an empty figure that lays its parts out by itself.

    >>> new(width=4.0, height=3.0).get_size_inches().tolist()
    [4.0, 3.0]
    """
    return Figure(figsize=(width, height), layout="constrained")


WIDTH_OF_A_LETTER = 1.62  # of 8 point type, on average


def sheet(height: float, width: float = COLUMN, *, synthetic: bool = False) -> tuple[Figure, Axes]:
    """Make a figure of a size in millimetres, on which everything is placed in millimetres from the top left.

    One that will bear the synthetic mark has room for it above.

    >>> figure, axes = sheet(60)
    >>> [round(float(end)) for end in (*axes.get_xlim(), *axes.get_ylim())]
    [0, 165, 60, 0]
    """
    head = mark_room(synthetic=synthetic)
    figure = Figure(figsize=(width / MILLIMETRES, (height + head) / MILLIMETRES))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(height, -head))
    axes.set_axis_off()
    return figure, axes


def wrapped(words: str, width: float) -> str:
    r"""Break words into lines of 8 point type that fit a width in millimetres.

    >>> wrapped("two blind ratings", 20)
    'two blind\nratings'
    """
    most, lines = int(width / WIDTH_OF_A_LETTER), [""]
    # A no-break space does not part.
    for word in words.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) + 1 > most:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


BETWEEN = " · "


def in_two_lines(names: Iterable[str]) -> list[str]:
    r"""Break names of rows at what joins their two parts, so that the axes keep some width.

    >>> in_two_lines(["time · lead – counterpart"])
    ['time\nlead – counterpart']
    """
    return [name.replace(BETWEEN, "\n") for name in names]


def row_name(name: str, width: float) -> str:
    r"""Break the name of a row where it is longer than a width in millimetres, first at what joins its parts.

    >>> row_name("time · lead", 40), row_name("alignment · Core Group", 30)
    ('time · lead', 'alignment\nCore Group')
    """
    if len(name) * WIDTH_OF_A_LETTER <= width:
        return name
    return "\n".join(wrapped(part, width) for part in name.split(BETWEEN))


def legend_below(axes: Axes, *, across: bool = False, **options: Any) -> Legend:
    """Draw the legend under all that stands below the axes, at a distance that does not grow with them.

    >>> axes = new().subplots()
    >>> _ = axes.plot([3, 4], label="S01")
    >>> [text.get_text() for text in legend_below(axes).get_texts()]
    ['S01']
    """
    # Axes that are drawn stand in a figure, and have an extent.
    figure, extent = cast("Figure", axes.get_figure()), cast("Bbox", axes.get_tightbbox())
    depth = (axes.bbox.y0 - extent.y0) / figure.dpi
    shift = ScaledTranslation(0, -depth - LEGEND_GAP, figure.dpi_scale_trans)
    place: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.5, 0), "borderaxespad": 0.0}
    below = axes.transAxes + shift
    below = blended_transform_factory(figure.transFigure, below) if across else below
    return axes.legend(**place, bbox_transform=below, **options)


def nothing(figure: Figure, words: str) -> Figure:
    """Write in the middle of an empty figure that there is nothing to draw.

    >>> [text.get_text() for text in nothing(new(height=1.0), "nothing to draw").texts]
    ['nothing to draw']
    """
    figure.text(0.5, 0.5, words, ha="center", va="center", color=GREY, gid="nothing")
    return figure


def mark_room(*, synthetic: bool = True) -> float:
    """Give the height in millimetres that the mark takes at the head of a figure that bears it.

    >>> mark_room(), mark_room(synthetic=False)
    (7.0, 0.0)
    """
    return MARK_ROOM if synthetic else 0.0


def words_alone(
    words: str, language: str, *, width: float = COLUMN, synthetic: bool = False, height: float = 38.0
) -> Figure:
    """Make a figure that says that there is nothing to draw, marked as it would be.

    >>> [text.get_text() for text in words_alone("nothing to draw", "en", width=NARROW).texts]
    ['nothing to draw']
    """
    figure = new(width / MILLIMETRES, height / MILLIMETRES)
    return completed(nothing(figure, wrapped(words, width - 6)), language, synthetic=synthetic)


def synthetic_mark(figure: Figure, language: str = "en") -> Figure:
    """Write at the top right that a figure rests on synthetic ratings, with a rule that a crop keeps.

    >>> synthetic_mark(new(), "es").texts[0].get_text()
    'DATOS SINTÉTICOS'
    """
    width, height = MILLIMETRES * figure.get_size_inches()
    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.set(rect=(RULE_ROOM / width, 0, 1 - RULE_ROOM / width, 1 - MARK_ROOM / height))
    figure.add_artist(
        Rectangle((0, 0), RULE / width, 1, facecolor=MARKED, edgecolor="none", gid=f"{dark.MARK}-rule")
    )
    figure.text(
        1 - 2 / width,
        1 - MARK_ROOM / 2 / height,
        texts.say("figure.synthetic", language),
        ha="right",
        va="center",
        fontsize=SMALL,
        fontweight="bold",
        color=INK,
        gid=dark.MARK,
        bbox={"boxstyle": "round,pad=0.25", "facecolor": MARKED, "edgecolor": INK, "linewidth": 0.8},
    )
    return figure


def completed(figure: Figure, language: str, *, synthetic: bool) -> Figure:
    """Give a figure its mark where it rests on synthetic ratings.

    >>> len(completed(new(), "en", synthetic=False).texts)
    0
    """
    return synthetic_mark(figure, language) if synthetic else figure


def percent(share: float, language: str, digits: int = 0) -> str:
    """Write a share in hundredths as the language does.

    >>> percent(0.3, "en"), percent(0.3, "es") == "30" + chr(160) + "%"
    ('30%', True)
    """
    # Spanish sets a space before the per cent sign (a no-break one, so that it stays with its number).
    space = "\u00a0" if language == "es" else ""
    return f"{texts.number(100 * share, language, digits)}{space}%"


def svg(figure: Figure, *, title: str = "", description: str = "") -> str:
    """Turn a figure into an SVG document that is the same on every machine and at every time.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Any figure; its words stay words (they can be searched, read aloud and copied).
    title, description : str
        What whoever does not see it is told.

    Returns
    -------
    str
        The SVG document, with LF line ends and no date, program name or path; light, and dark where the
        reader's screen is.

    Examples
    --------
    >>> text = svg(nothing(new(height=1.0), "335 → 43"), title="Flow")
    >>> "335 → 43" in text, "<title>Flow</title>" in text, "dc:date" in text
    (True, True, False)
    """
    content = io.StringIO()
    with applied():
        # savefig would draw once more, only to lay the figure out, which drawing does anyway.
        FigureCanvasSVG(figure).print_svg(content, metadata=NO_METADATA)
    text = content.getvalue().replace("'DejaVu Sans'", FONTS_IN_SVG)
    words = {"title": title, "desc": description}
    described = "".join(f"\n <{tag}>{escape(word)}</{tag}>" for tag, word in words.items() if word)
    text = text.replace(OPENED, f'{OPENED[:-1]} role="img">{described}', 1)
    text = PLACES.sub(lambda match: match[1] + LONG_NUMBER.sub(_shorter, match[2]) + '"', text)
    return dark.with_dark(_renamed("\n".join(line.rstrip() for line in text.splitlines()) + "\n"))


def _renamed(text: str) -> str:
    """Name parts by their order and the rounded figure: last bits do not show, no two figures share one."""
    order = {name: at for at, name in enumerate(dict.fromkeys(match[2] for match in HASHED.finditer(text)))}
    plain = HASHED.sub(lambda match: f"{match[1]}{match[2][0]}{order[match[2]]}", text)
    digest = hashlib.sha256(plain.encode()).hexdigest()[:8]
    return HASHED.sub(lambda match: f"{match[1]}{match[2][0]}{digest}-{order[match[2]]}", text)


def _shorter(number: re.Match[str]) -> str:
    text = f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def show(figure: Figure) -> Picture:
    """Show a figure in a notebook as the same SVG that a run saves.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Any figure.

    Returns
    -------
    Picture
        What a notebook displays.

    Examples
    --------
    >>> show(nothing(new(height=1.0), "335"))
    <figure>
    """
    return Picture(svg(figure))


def font_folder() -> Path:
    """Return the folder of the fonts that figures use (they come with matplotlib).

    Returns
    -------
    Path
        Folder of TrueType files.

    Examples
    --------
    >>> (font_folder() / "DejaVuSans.ttf").is_file()
    True
    """
    return Path(mpl.get_data_path()) / "fonts" / "ttf"
