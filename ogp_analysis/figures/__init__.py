"""Figures: tidy frames in, matplotlib figures out; nothing here computes a result."""
