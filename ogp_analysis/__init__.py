"""Reproducible audit of how Ecuador chose the ten commitments of its First Open Government Action Plan."""

__version__ = "1.0.0"
