"""Whether the readers of files hold what they promise: ten seconds of the fuzzer for each, a minute in all,
of the processor.

Run ``python benchmarks/readers.py``; exit code 1 where anything but a refusal in words came out of a reader.
``python tools/fuzz.py --rounds 10 --write`` is the long run, whose table stands in docs/dev/fuzzing.md.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FUZZ = Path(__file__).resolve().parent.parent / "tools" / "fuzz.py"


def main() -> int:
    """Run the fuzzer for ten seconds a reader."""
    return subprocess.run([sys.executable, str(FUZZ), "--seconds", "10"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
