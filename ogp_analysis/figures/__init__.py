"""Figures: tidy frames in, matplotlib figures out; nothing here computes a result."""

from ogp_analysis.model.extras import need

need("matplotlib")
