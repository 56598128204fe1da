"""The history as evidence: sealed, checked, and handed on."""
