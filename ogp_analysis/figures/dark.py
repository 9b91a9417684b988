"""The dark form of a figure: a style sheet inside the SVG, in effect where the reader's screen is dark.

Light colours stay written at the parts of a figure, so that whatever knows no style sheets (an editor of
drawings, say) shows it light; the sheet names for each of them the one that stands for it on a dark ground.
"""

from __future__ import annotations

import re

# By the light one. Categories 1 to 4 stay apart, by 23 and more in CIE 1976, for every common colour vision.
DARK = {
    # Words, lines and the ground.
    "#1a1a1a": "#f0f0f0",
    "#000000": "#f0f0f0",
    "#595959": "#b4b9be",
    "#d9d9d9": "#3c434a",
    "#f3f3f3": "#22282e",
    "#ffffff": "#15191d",
    # Data, and what is decided or at fault.
    "#2f6fa7": "#74b4e8",
    "#a3260f": "#ff9b85",
    # Categories 1 to 4.
    "#08457e": "#9cd2ff",
    "#1b9077": "#36a88b",
    "#e9a93a": "#955e12",
    "#e4e4e4": "#3c434a",
    # A number on category 2, dark on either ground.
    "#0b0b0b": "#15191d",
    # Differences from small to large: larger is further from the ground.
    "#c6dbef": "#1f3b57",
    "#6baed6": "#2f6fa7",
    "#2171b5": "#74b4e8",
    "#08306b": "#d2e8fb",
    # Lines of a figure with many.
    "#0072b2": "#74b4e8",
    "#009e73": "#36a88b",
    "#d55e00": "#ff9b85",
}
MARK = "synthetic-mark"
# The mark is an outline there: a yellow field would be the brightest thing on the page.
MARK_RULES = (
    f"#{MARK} path{{fill:#15191d!important;stroke:#f4e9a8!important}}#{MARK} text{{fill:#f4e9a8!important}}"
)
SHEET = re.compile(r"@media screen and \(prefers-color-scheme:dark\)\{.*\}(?=</style>)")
PROPERTIES = ("fill", "stroke")


def with_dark(svg: str) -> str:
    """Add the style sheet for dark screens, with the colours that are in the figure.

    >>> light = '<svg><style>*{}</style><path style="fill: #2f6fa7"/></svg>'
    >>> '[style*="fill: #2f6fa7"],[fill="#2f6fa7"]{fill:#74b4e8!important}' in with_dark(light)
    True
    >>> light_only(with_dark(light)) == light
    True
    """
    rules = [
        f'[style*="{name}: {light}"],[{name}="{light}"]{{{name}:{dark}!important}}'
        for light, dark in DARK.items()
        for name in PROPERTIES
        if f"{name}: {light}" in svg or f'{name}="{light}"' in svg
    ]
    rules += [MARK_RULES] if f'id="{MARK}"' in svg else []
    sheet = f"@media screen and (prefers-color-scheme:dark){{{''.join(rules)}}}"
    return svg.replace("</style>", f"{sheet}</style>", 1) if rules else svg


def light_only(svg: str) -> str:
    """Take the style sheet for dark screens off: paper is white.

    >>> light_only("<svg><style>*{}</style></svg>")
    '<svg><style>*{}</style></svg>'
    """
    return SHEET.sub("", svg, count=1)
