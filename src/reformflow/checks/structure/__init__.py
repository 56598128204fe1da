"""Checks of the structure: what cannot be reached, left, begun or waited for."""
