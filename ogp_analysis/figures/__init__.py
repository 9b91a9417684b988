"""Figures: tidy frames in, matplotlib figures out; nothing here computes a result."""

from ogp_analysis.model.missing_extras import need

need("matplotlib")
