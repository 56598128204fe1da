"""Checks of dates: by themselves, against the calendar, and against each other."""
