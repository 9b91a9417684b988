"""What differs between two runs, and which step gave each proposal another category."""

__all__ = ["compare", "page", "replay", "roads", "statistics"]
