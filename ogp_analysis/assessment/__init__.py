"""From ratings to categories: note 20, scores, levels, category table, decisions, stakes; or all at once."""

__all__ = ["adjudication", "assessment", "categories", "conflicts", "results", "scoring"]
