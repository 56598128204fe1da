"""Checks of the rules: what no case can meet, what every case meets, what excludes each other."""
