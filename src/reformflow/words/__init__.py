"""Words: refusals, rules, dates and citations as sentences in English and Chinese."""

from reformflow.words.citations import citations, uncovered
from reformflow.words.deadlines import deadline_sentence
from reformflow.words.refusals import (
    clause_citation,
    lateness_sentence,
    refusal_sentence,
    refusal_words,
)
from reformflow.words.spoken import expression_sentence

__all__ = [
    "citations",
    "clause_citation",
    "deadline_sentence",
    "expression_sentence",
    "lateness_sentence",
    "refusal_sentence",
    "refusal_words",
    "uncovered",
]
