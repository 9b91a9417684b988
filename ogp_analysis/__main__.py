"""Run the command line as ``python -m ogp_analysis``."""

from __future__ import annotations

import sys

from ogp_analysis.cli import main

if __name__ == "__main__":
    sys.exit(main())
