"""The synthetic example: ratings of 43 invented proposals, and records of phases 1 and 2."""

__all__ = ["example", "records"]
