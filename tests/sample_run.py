"""A small run folder made from simulated frames, for the tests of the report; hostile texts on demand."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from fractions import Fraction
from functools import cache, partial
from pathlib import Path

import numpy as np
import pandas as pd

from ogp_analysis import output
from ogp_analysis.assessment import scoring
from ogp_analysis.figures import style

INDICATORS = {
    "feasibility": ["time", "complexity", "resources", "willingness"],
    "relevance": ["reiterations", "potential_impact", "alignment"],
}
WEIGHTS = {"feasibility": ["0.25"] * 4, "relevance": ["1/3"] * 3}
TABLE = [[0, 0, 0], [0, 2, 2], [0, 2, 1]]
HOSTILE = [
    "<img src=x onerror=\"document.title='PWN'\">",
    "</script><script>document.title='PWN'</script>",
    '=HYPERLINK("http://x.example","y")',
    "=1+1",
    "+1+1",
    "@SUM(1)",
    '#read("/etc/passwd")',
    "#panic(1) $x$ *b* _i_ <label> @ref",
    "\\input{/etc/passwd} 50 % & {x}_1^2",
    "{{ 7*7 }} {% raw %} {0} {x}",
    "[x](javascript:alert(1)) `code`",
    "'; DROP TABLE x; -- \" onmouseover=\"document.title='PWN'",
    "]]> &lt; &amp; \u202e\u0000",
]


def method() -> dict:
    return {
        "criteria": [
            {
                "name": name,
                "indicators": names,
                "weights": WEIGHTS[name],
                "cuts": ["2.5", "3.5"],
                "minimum": "1",
                "maximum": "5",
            }
            for name, names in INDICATORS.items()
        ],
        "category_table": TABLE,
    }


def scores(n: int = 43) -> pd.DataFrame:
    rng = np.random.default_rng(7)
    names = [name for part in INDICATORS.values() for name in part]
    values = rng.integers(2, 11, size=(n, len(names))) / 2
    values[:, 4:] = rng.integers(4, 21, size=(n, 3)) / 4
    frame = pd.DataFrame(values, columns=names, index=pd.Index([f"S{i:02d}" for i in range(1, n + 1)]))
    frame.index.name = "proposal"
    frame.iloc[5, 5] = np.nan
    return frame


def categories(frame: pd.DataFrame) -> pd.DataFrame:
    codes = {}
    for name, names in INDICATORS.items():
        weights = [Fraction(w) for w in WEIGHTS[name]]
        cuts = [Fraction(5, 2), Fraction(7, 2)]
        means, levels = scoring.exact_level_codes(frame[names].to_numpy(), weights, cuts)
        gap = frame[names].isna().any(axis=1).to_numpy()
        codes[name] = (np.where(gap, np.nan, means), np.where(gap, -1, levels))
    route = np.arange(len(frame)) % 3 == 0
    found = [
        np.nan if min(f, r) < 0 else (TABLE[f][r] or (3 if way else 4))
        for f, r, way in zip(codes["feasibility"][1], codes["relevance"][1], route, strict=True)
    ]
    return pd.DataFrame(
        {
            "feasibility": codes["feasibility"][0],
            "relevance": codes["relevance"][0],
            "route": route,
            "category_by_rule": found,
        },
        index=frame.index,
    )


@style.styled
def drawing(*, language: str = "en", synthetic: bool = True, width: float = style.COLUMN):
    figure = style.new(width / style.MILLIMETRES, 2.4)
    axes = figure.subplots()
    axes.bar([1, 2, 3, 4], [9, 7, 9, 18], color=list(style.CATEGORY_COLOURS.values()), edgecolor=style.INK)
    axes.set_xlabel({"en": "category", "es": "categoría"}[language])
    return style.synthetic_mark(figure, language) if synthetic else figure


def make(folder: Path, *, hostile: bool = False, language: str = "en", synthetic: bool = True) -> Path:
    """Write a run folder as the notebooks would."""
    for name, content in _files(hostile, language, synthetic).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@cache
def _files(hostile: bool, language: str, synthetic: bool) -> dict[str, bytes]:
    """Its files, made once: the same for every test."""
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), hostile=hostile, language=language, synthetic=synthetic)
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(Path(folder).rglob("*"))
            if path.is_file()
        }


def _write(folder: Path, *, hostile: bool, language: str, synthetic: bool) -> None:
    indicator_scores = scores()
    assigned = categories(indicator_scores)
    _plan_tables(folder, hostile=hostile)
    output.save(
        folder,
        "03_categories",
        tables={"indicator_scores": indicator_scores, "categories": assigned},
        figures={"category_counts": style.Drawing(partial(drawing, synthetic=synthetic), narrow=True)},
        results={
            "bottom_line": {
                "en": "In the synthetic example, it holds.",
                "es": "En el ejemplo sintético, así es.",
            }
        },
    )
    output.save(
        folder,
        "06_irm_review",
        tables={
            "ledger": _ledger(assigned, hostile=hostile),
            "parameters": _parameters(),
            "not_computable": pd.DataFrame({"gap": HOSTILE if hostile else ["a gap"], "why": "because"}),
        },
        results={"method": method(), "synthetic": synthetic, "language": language},
    )


def _plan_tables(folder: Path, *, hostile: bool) -> None:
    goals = pd.DataFrame({"commitment": [1, 1, 2, 2, 3], "sdg": [4, 13, 16, 17, 16]})
    flow = pd.DataFrame(
        {"step": ["received", "related", "integrated"], "count": [335, 181, 43], "origin": ["stated"] * 3}
    )
    dates = pd.DataFrame({"milestone": [1, 2], "start": ["2020-01-01", "2020-03-01"], "text": ["=1+1", "-x"]})
    published = _published(hostile=hostile)
    output.save(
        folder,
        "05_plan_tables",
        tables={"flow": flow, "proposals_published": published, "sdg_links": goals, "milestones": dates},
        figures={"flow": lambda language: drawing(language=language, synthetic=False)},
        results={"bottom_line": {"en": "The plan adds up.", "es": "El plan suma."}, "n": 335},
    )


def _published(*, hostile: bool) -> pd.DataFrame:
    titles = HOSTILE if hostile else ["Educación ambiental en línea", "Contratación pública abierta", "Niñez"]
    rest = len(titles) - 3
    return pd.DataFrame(
        {
            "id": [f"P{i:02d}" for i in range(1, len(titles) + 1)],
            "title": titles,
            "institution": ["Ministerio de Educación", "SERCOP", "Fundación Esquel", *HOSTILE[3 : 3 + rest]],
            "commitment": [1, 2, 3] + [np.nan] * rest,
            "category_final": [4, 1, 3] + [4] * rest,
        }
    )


def _ledger(assigned: pd.DataFrame, *, hostile: bool) -> pd.DataFrame:
    reasons = [HOSTILE[i % len(HOSTILE)] if hostile else f"motivo {i}" for i in range(len(assigned))]
    return assigned.assign(
        reason=reasons,
        third_evaluations=np.arange(len(assigned)) % 4,
        category_final=assigned["category_by_rule"],
    )


def _parameters() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "key": ["tolerance", "output_dir"],
            "value": ["1.0", HOSTILE[3]],
            "origin_en": "ours",
            "origin_es": "nuestro",
        }
    )


# What the machine must have for the tests that look at the real thing.
OFFICE = shutil.which("soffice")
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
NO_CHROMIUM = "no chromium is installed: the page can only be judged in a real browser"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


@contextlib.contextmanager
def chromium():
    """Open the browser that pages are judged in, and close it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield opened
        opened.close()
