"""Figures: tidy frames in, matplotlib figures out; nothing here computes a result."""

from ogp_analysis.extras import need

need("matplotlib")
