"""Run the command line as ``python -m ogp_analysis``."""

from __future__ import annotations

import sys

try:
    from ogp_analysis.cli.main import main

    if __name__ == "__main__":
        sys.exit(main())
except KeyboardInterrupt:
    # While the command line is still being loaded: its texts may not be there yet, nor a choice of language.
    sys.stderr.write("stopped / detenido\n")
    sys.exit(130)
except ImportError as error:
    from ogp_analysis.model.missing_extras import end_without

    end_without(error)
