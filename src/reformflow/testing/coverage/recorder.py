"""Listening to engines: what was decided, by part of the definition and by outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import attrs

from reformflow.binding import BoundReform, BoundWorkflow
from reformflow.engine import Engine, Happened
from reformflow.formats import fingerprint
from reformflow.model import Cases, Code, Decision, Fire, Kind, Name, Open, Record, Request

GRANTED, REFUSED, UNKNOWN = "granted", "refused", "unknown"
TIMELY, LATE = "in time", "late"
DONE = "done"

_WHEN = frozenset({Code.LATE, Code.NOT_EXTENDED, Code.REASON_MISSING})
_EARLY = frozenset({Code.TOO_EARLY})

Tried = dict[tuple[str, str], int]
"""How often each part, by its dotted path, came out how."""


@attrs.define
class Recorder:
    """What was tried, by the digest of the definition; `only` limits it to some digests."""

    only: frozenset[str] | None = None
    tried: dict[str, Counter[tuple[str, str]]] = attrs.field(factory=dict)
    reforms: dict[str, BoundReform] = attrs.field(factory=dict)
    _digests: dict[int, tuple[BoundReform, str]] = attrs.field(factory=dict)

    def decided(self, engine: Engine, cases: Cases, request: Request, decision: Decision) -> None:
        """Note the decision on a request, as it was before anything was carried out."""
        count = self._counter(engine.program.bound)
        if count is None:
            return
        bound = engine.program.bound
        if isinstance(request.act, Open):
            _opening(count, bound.workflows[request.act.workflow], decision)
        elif isinstance(request.act, Fire) and cases.exists(request.case):
            flow = bound.workflows[cases.case(request.case).workflow]
            _fired(count, flow, request.act.transition, decision)
        elif isinstance(request.act, Record) and cases.exists(request.case):
            flow = bound.workflows[cases.case(request.case).workflow]
            _recorded(count, flow, request.act.facts, decision)
        self._entered(count, engine, cases, decision)

    def passed(self, engine: Engine, cases: Cases, decision: Decision) -> None:
        """Note what time brought."""
        count = self._counter(engine.program.bound)
        if count is not None:
            self._entered(count, engine, cases, decision)

    def add(self, tried: Mapping[str, Iterable[tuple[tuple[str, str], int]]]) -> None:
        """Add what another process has noted."""
        for digest, counts in tried.items():
            self.tried.setdefault(digest, Counter()).update(dict(counts))

    def _counter(self, bound: BoundReform) -> Counter[tuple[str, str]] | None:
        known = self._digests.get(id(bound))
        if known is None:
            # The value is kept, so that no other can come to bear the same address.
            known = self._digests[id(bound)] = (bound, fingerprint(bound.reform))
        digest = known[1]
        if self.only is not None and digest not in self.only:
            return None
        self.reforms.setdefault(digest, bound)
        return self.tried.setdefault(digest, Counter())

    def _entered(
        self, count: Counter[tuple[str, str]], engine: Engine, cases: Cases, decision: Decision
    ) -> None:
        """Note the entries of a decision: states come to, facts recorded, what fired by itself."""
        workflows = {case.id: case.workflow for case in decision.opened}
        for entry in decision.entries:
            workflow = workflows.get(entry.case) or cases.case(entry.case).workflow
            flow = engine.program.bound.workflows[workflow]
            for column, value in entry.changes.items():
                thing, _, part = column.partition(".")
                if part == "state" and thing in flow.tracks:
                    count[f"{workflow}.tracks.{thing}.states.{value}", DONE] += 1
                elif column in flow.facts and value is not None:
                    count[f"{workflow}.facts.{column}", DONE] += 1
            match entry.kind:
                case Kind.FIRED if not entry.actor and entry.name in flow.transitions:
                    _fired(count, flow, entry.name, decision)
                case Kind.EXTENDED | Kind.SUSPENDED:
                    kind = "extension" if entry.kind is Kind.EXTENDED else "suspension"
                    count[f"{workflow}.transitions.{entry.name}.due.{kind}", DONE] += 1
                case _:
                    pass
            for mark in entry.late:
                count[f"{workflow}.transitions.{mark.transition}.due", LATE] += 1


@contextmanager
def listening(recorder: Recorder) -> Iterator[Recorder]:
    """Let a recorder hear every decision of every engine in this process."""
    kept = {name: getattr(Engine, name) for name in ("decide", "fire", "tick", "happened")}
    decide, fire, tick, happened = kept.values()

    def asking(ask: Callable[[Engine, Cases, Request], Decision]) -> Any:  # noqa: ANN401
        def heard(self: Engine, cases: Cases, request: Request) -> Decision:
            decision = ask(self, cases, request)
            recorder.decided(self, cases, request, decision)
            return decision

        return heard

    def ticked(
        self: Engine, cases: Cases, case: str, on: date, *, recorded_at: datetime | None = None
    ) -> Decision:
        decision: Decision = tick(self, cases, case, on, recorded_at=recorded_at)
        recorder.passed(self, cases, decision)
        return decision

    def seen(self: Engine, cases: Cases, request: Request) -> Happened:
        found: Happened = happened(self, cases, request)
        if found.allowed:
            recorder.decided(self, cases, request, found.decision)
        return found

    heard = {"decide": asking(decide), "fire": asking(fire), "tick": ticked, "happened": seen}
    for name, method in heard.items():
        setattr(Engine, name, method)
    try:
        yield recorder
    finally:
        for name, method in kept.items():
            setattr(Engine, name, method)


# ---------------------------------------------------------------------------------------------


def _opening(count: Counter[tuple[str, str]], flow: BoundWorkflow, decision: Decision) -> None:
    path = f"{flow.id}.opening"
    count[path, GRANTED if decision.granted else REFUSED] += 1
    _rules(count, flow, path, [rule.id for rule in flow.opening_needs], decision)
    if decision.granted:
        for track in flow.tracks.values():
            count[f"{flow.id}.tracks.{track.id}.states.{track.initial}", DONE] += 1


def _fired(
    count: Counter[tuple[str, str]], flow: BoundWorkflow, transition: str, decision: Decision
) -> None:
    bound = flow.transitions.get(transition)
    if bound is None:
        return
    path = f"{flow.id}.transitions.{transition}"
    count[path, GRANTED if decision.granted else REFUSED] += 1
    _rules(count, flow, path, [rule.id for rule in bound.needs], decision)
    codes = {one.code for one in decision.refusals if one.subject == transition}
    if bound.deadline is not None:
        count[f"{path}.due", LATE if codes & _WHEN else TIMELY] += 1
    if bound.window is not None:
        count[f"{path}.window", LATE if codes & (_WHEN | _EARLY) else TIMELY] += 1


def _recorded(
    count: Counter[tuple[str, str]], flow: BoundWorkflow, facts: Iterable[str], decision: Decision
) -> None:
    """Note how the condition under which each fact may be recorded came out."""
    against = {one.subject: one for one in decision.refusals if one.code is Code.NOT_NOW}
    for fact in facts:
        if fact in flow.during:
            refusal = against.get(fact)
            outcome = GRANTED if refusal is None else UNKNOWN if refusal.missing else REFUSED
            count[f"{flow.id}.facts.{fact}.during", outcome] += 1
            written = flow.facts[fact].during
            if isinstance(written, Name) and written.column in flow.rules:
                count[f"{flow.id}.rules.{written.column}", outcome] += 1


def _rules(
    count: Counter[tuple[str, str]],
    flow: BoundWorkflow,
    path: str,
    needs: Iterable[str],
    decision: Decision,
) -> None:
    against = {one.subject: one.code for one in decision.refusals}
    for rule in needs:
        code = against.get(rule)
        outcome = {Code.RULE_BROKEN: REFUSED, Code.NOT_RECORDED: UNKNOWN}.get(code, GRANTED)  # type: ignore[arg-type]
        count[f"{path}.needs.{rule}", outcome] += 1
        count[f"{flow.id}.rules.{rule}", outcome] += 1
