"""Floats of 16 and 32 bits are read by their text, as they were meant, and not by their bits."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

# Floats of fewer than 64 bits, as numpy, pandas and pyarrow call them, and what numpy calls them.
NARROW = {
    "float16": "float16",
    "float32": "float32",
    "halffloat[pyarrow]": "float16",
    "float[pyarrow]": "float32",
}


def widened(values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Make numbers of any kind floats of 64 bits; those of 16 and 32 bits become what their text says.

    Bit by bit 2.1 of 32 bits would become 2.0999999046325684, which lies below a cut point of 2.1.

    >>> widened(np.array([2.1, 3.0], dtype=np.float32)).tolist()
    [2.1, 3.0]
    """
    wide = values.astype(np.float64, copy=False)
    if values.dtype.kind == "f" and values.dtype.itemsize < 8:
        odd = np.isfinite(wide) & (wide != np.floor(wide))
        wide[odd] = values[odd].astype("U32").astype(np.float64)
    return wide


def column_of_floats(column: pd.Series) -> npt.NDArray[np.float64]:
    """Make a column of numbers floats of 64 bits by the same rule; a gap is NaN.

    >>> column_of_floats(pd.Series([2.1, None], dtype="Float32")).tolist()
    [2.1, nan]
    """
    narrow = NARROW.get(str(column.dtype).lower())
    if narrow is None:
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    return widened(column.to_numpy(dtype=narrow, na_value=np.nan))


def has_narrow(frame: pd.DataFrame) -> bool:
    """Whether a column of a table holds floats of fewer than 64 bits."""
    return any(str(kind).lower() in NARROW for kind in frame.dtypes)
