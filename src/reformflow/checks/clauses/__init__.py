"""Checks of the clauses: each is enforced or says why not, each part says what it rests on."""
