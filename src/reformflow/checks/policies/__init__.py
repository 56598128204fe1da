"""The checks again under other options of the policies: which options break what."""

from reformflow.checks.policies.options import Options

__all__ = ["Options"]
