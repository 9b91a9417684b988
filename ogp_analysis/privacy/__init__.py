"""Nobody exposed: keyed pseudonyms, the forms a name takes in texts, small counts of persons hidden."""

__all__ = ["name_forms", "pseudonyms", "small_cells"]
