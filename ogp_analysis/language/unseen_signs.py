"""Signs that nobody sees, and spaces that only look like the plain one."""

from __future__ import annotations

import re

# Drawn as nothing: soft hyphen, joiners, marks of direction.
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
