"""A number as the fraction that its decimal text means: one rule for all of them."""

from __future__ import annotations

from fractions import Fraction

LARGEST_DENOMINATOR = 100_000
LONG_TEXT = 14  # digits from which a decimal text is taken for a rounded fraction such as 1/3


def exact(value: float | str) -> Fraction:
    """Read a number as the fraction that its decimal text means, or that is written out: ``"7/3"``.

    0.1 is 1/10 and not the binary number nearest to it. A text of 15 digits or more that lies within 1e-15 of
    a fraction with a denominator up to 100,000 is that fraction: means of three ratings, weights of a third.

    >>> exact(0.1), exact(8 / 3)
    (Fraction(1, 10), Fraction(8, 3))
    """
    if isinstance(value, str):
        return Fraction(value)
    fraction = Fraction(repr(float(value)))
    if max(len(str(abs(fraction.numerator))), len(str(fraction.denominator))) <= LONG_TEXT:
        return fraction
    short = fraction.limit_denominator(LARGEST_DENOMINATOR)
    near = Fraction(1, 10**15) * max(Fraction(1), abs(fraction))
    return short if abs(short - fraction) <= near else fraction
