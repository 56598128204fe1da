"""Checks of authority: acts for which there is nobody, offices that lack rights."""
