"""Every way to change one thing in a deadline, a window or the dates of a derived fact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reformflow.language import unparse
from reformflow.model import Boundary, Deadline, PolicySetting, Roll, When, Window
from reformflow.testing.mutants.rules import altered, near_values, others


def of_dates(dates: tuple[When, ...]) -> Iterator[tuple[str, tuple[When, ...]]]:
    """Yield the dates with one of them changed or dropped."""
    for index, when in enumerate(dates):
        around = dates[:index], dates[index + 1 :]
        if len(dates) > 1:
            yield f"date {index} dropped", (*around[0], *around[1])
        for what, changed in _of_when(when):
            yield f"date {index} {what}", (*around[0], changed, *around[1])


def of_deadline(due: Deadline, roles: Sequence[str]) -> Iterator[tuple[str, Deadline]]:
    """Yield a deadline with its dates, who answers, or where it stands changed."""
    for what, dates in of_dates(due.dates):
        yield what, altered(due, dates=dates)
    for index, answer in enumerate(due.answerable):
        around = due.answerable[:index], due.answerable[index + 1 :]
        fewer = altered(due, answerable=(*around[0], *around[1]))
        yield f"answerable without {answer.role}", fewer
        for role in roles:
            if role != answer.role:
                changed = (*around[0], altered(answer, role=role), *around[1])
                yield f"answerable {index} {role}", altered(due, answerable=changed)
        for other in others(answer.when) if answer.when is not None else ():
            changed = (*around[0], altered(answer, when=other), *around[1])
            what = f"answerable {index} when {unparse(other)}"
            yield what, altered(due, answerable=changed)
    if due.during:
        yield "during dropped", altered(due, during=())


def of_window(window: Window) -> Iterator[tuple[str, Window]]:
    """Yield a window with its bounds changed."""
    for field in ("opens", "closes"):
        dates = getattr(window, field)
        if dates:
            yield f"{field} dropped", altered(window, **{field: ()})
        for what, changed in of_dates(dates):
            yield f"{field} {what}", altered(window, **{field: changed})


# ---------------------------------------------------------------------------------------------


def _of_when(when: When) -> Iterator[tuple[str, When]]:
    for field in ("on", "amount"):
        value = getattr(when, field)
        if isinstance(value, PolicySetting) or (field == "amount" and not when.anchor):
            continue
        if when.days_of_year and field == "amount":
            continue
        for other in near_values(value):
            yield f"{field} {other}", altered(when, **{field: other})
    for index, (month, day) in enumerate(when.days_of_year):
        days = (*when.days_of_year[:index], *when.days_of_year[index + 1 :])
        if days:
            yield f"without {month}-{day}", altered(when, days_of_year=days)
        moved = (*when.days_of_year[:index], (month, day - 1), *when.days_of_year[index + 1 :])
        yield f"{month}-{day - 1}", altered(when, days_of_year=moved)
    for field, options in (("roll", Roll), ("boundary", Boundary)):
        setting = getattr(when, field)
        if setting == next(iter(options)):
            continue  # there is nothing to lose
        for option in options:
            if setting != option:
                yield f"{field} {option}", altered(when, **{field: str(option)})
    if when.when is not None:
        yield "when always", altered(when, when=None)
        for near in others(when.when):
            yield f"when {unparse(near)}", altered(when, when=near)
