"""Acts over many cases: ordered, planned, and carried out as runs."""
