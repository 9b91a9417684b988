"""Phases 1 and 2: exports of platforms, who took part, which became one, and how far classifiers agree."""

__all__ = [
    "archive",
    "grouping",
    "grouping_agreement",
    "importing",
    "markup",
    "participation",
    "platforms",
    "records",
    "similar_texts",
]
