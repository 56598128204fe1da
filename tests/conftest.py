"""What every test shares: how hard the property tests try, and that no database is forgotten."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# Two cores are often busy with several workers, so slowness is never a failure; a failing example
# prints the line that replays it.
_SHARED = {"deadline": None, "print_blob": True, "suppress_health_check": [HealthCheck.too_slow]}

settings.register_profile("dev", max_examples=25, **_SHARED)
settings.register_profile("ci", max_examples=200, **_SHARED)
settings.register_profile("soak", max_examples=1_000, **_SHARED)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to begin in continuous integration where a kind of database would be left out."""
    if os.environ.get("CI") == "true" and not hasattr(config, "workerinput"):
        from support.servers import missing

        if told := missing():
            raise pytest.UsageError("\n".join(told.values()))
