"""Every word a reader sees, in Spanish and English: catalogues, column names, codes, signs made visible."""

__all__ = ["bottom_line", "escaping", "labels", "texts"]
