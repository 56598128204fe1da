"""Settings that every test shares: how hard the property tests try."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Two cores are often busy with several workers, so slowness is never a failure; a failing example
# prints the line that replays it.
_SHARED = {"deadline": None, "print_blob": True, "suppress_health_check": [HealthCheck.too_slow]}

settings.register_profile("dev", max_examples=25, **_SHARED)
settings.register_profile("ci", max_examples=200, **_SHARED)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))
