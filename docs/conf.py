"""Sphinx settings: Markdown pages, and the API from the docstrings. Builds without network."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import pages  # noqa: E402

project = "ogp_analysis"
author = "ogp_analysis contributors"
copyright = "2026, ogp_analysis contributors; quotations of the plan under the plan's own terms"
version = release = pages.version()
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["requirements.*"]
autosummary_generate = True
autosummary_ignore_module_all = False
autodoc_typehints = "none"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
templates_path = ["templates"]

# Classes of the same name in two rooms; the docstrings name the one that is imported there.
suppress_warnings = ["ref.python"]

html_theme = "alabaster"
html_title = f"ogp_analysis {version}"
html_static_path = []
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {
    "description": "Would another weighting, cut point, rule or evaluator have chosen other commitments?",
    "fixed_sidebar": True,
    "page_width": "70rem",
    "body_max_width": "52rem",
}
