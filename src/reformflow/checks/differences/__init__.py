"""Differences in meaning between two versions of a definition."""

from reformflow.checks.differences.comparing import differences

__all__ = ["differences"]
