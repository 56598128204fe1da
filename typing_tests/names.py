"""Checked by mypy, never run: names that are loaded when first used are no less known for that."""

from typing import assert_type

import reformflow
from reformflow import binding, casework, engine, evidence, store, testing


def known(reform: reformflow.Reform) -> None:
    """Use what is there."""
    assert_type(testing.lifecycle(reform, "permit"), type[testing.LifecycleMachine])
    assert_type(reformflow.load("market-stalls"), reformflow.Reform)


def misspelt() -> None:
    """Use what is not there, which the checker must notice in every package."""
    reformflow.conect()  # type: ignore[attr-defined]
    binding.binnd()  # type: ignore[attr-defined]
    casework.AsyncCaswork()  # type: ignore[attr-defined]
    engine.Engin()  # type: ignore[attr-defined]
    evidence.Profe()  # type: ignore[attr-defined]
    store.instal()  # type: ignore[attr-defined]
    testing.lifecycl()  # type: ignore[attr-defined]
