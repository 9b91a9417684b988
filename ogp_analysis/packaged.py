"""Where the data of the package lies: beside this file.

Not asked by the package's name: a script in the folder that holds a clone sees the clone itself under that
name, as a package without code, and would look for the data there.
"""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"
