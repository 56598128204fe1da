"""Every fault that binding can report, each at its own place and with its own code."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from reformflow.binding import bind
from reformflow.errors import DefinitionError
from reformflow.model import (
    Aggregate,
    Branch,
    Compare,
    Comparison,
    Fact,
    FactType,
    Literal,
    Name,
    Not,
    Quantifier,
    Rule,
    State,
    Today,
    Track,
    Transition,
    Unit,
    When,
    Workflow,
)
from support.building import bound_of, faults, faults_of, reform_of

HEAD = """
policies:
  late: {options: [refuse, reason], default: refuse}
  amount: {options: {few: 3, many: 9}, default: few}
  word: {options: [a, b], default: a}
  start: {options: {early: 2021-02-01}, default: early}
"""
BASE = """
children: {parts: part}
corrected_by: CORRECTED
opening: {by: [OPENER], needs: OPENNEEDS, records: OPENRECORDS, clauses: OPENCLAUSE}
facts:
  flag: {type: bool, by: FACTROLE, clauses: FACTCLAUSE}
  posts: {type: int, by: office, initial: INITIAL, during: 'DURING'}
  plan_on: {type: date, by: office}
  kind: {type: choice, choices: [whole, part], by: office}
  ends_on: {type: date, derived: {days: 3, after: plan_on}}
  total: {type: int, derived: 'DERIVED'}
tracks:
  progress:
    initial: INITSTATE
    stages: {early: {label: E}, lateish: {label: L, clauses: STAGECLAUSE}}
    states: {draft: {stage: early}, sent: {stage: STAGE, clauses: STATECLAUSE}, done: {final: true}}
rules:
  r: {requires: 'RULE', clauses: RULECLAUSE}
transitions:
  send:
    from: FROM
    to: TO
    by: BY
    not_by: NOTBY
    signed_by: SIGNED
    needs: NEEDS
    records: RECORDS
    set: {posts: 'SET'}
    clauses: CLAUSE
    enabled: ENABLED
    due: {WHEN, late: LATE, before_effect: EFFECT, answerable: ANSWER, during: STANDS,
          suspended_in: PAUSED, extension: {by: EXTENDER, clauses: EXTCLAUSE}, clauses: DUECLAUSE}
    window: {opens: {OPENS}, outside: OUTSIDE, clauses: WINCLAUSE}
  silent: {from: sent, to: done, SILENT}
duties:
  reports: {opens: PARTS, first: {days: 1, after: send}, every: {STEP}, while: 'WHILE',
            gives: {due: GIVEN}, set: {size: 'SETS'}, enabled: DUTYENABLED, clauses: DUTYCLAUSE}
"""
SOUND = {
    "CORRECTED": "office",
    "OPENER": "office",
    "OPENNEEDS": "r",
    "OPENRECORDS": "flag",
    "OPENCLAUSE": "R1",
    "FACTROLE": "office",
    "FACTCLAUSE": "R1",
    "INITIAL": "3",
    "DURING": "flag",
    "DERIVED": "posts + 1",
    "INITSTATE": "draft",
    "STAGECLAUSE": "R1",
    "STAGE": "lateish",
    "STATECLAUSE": "R1",
    "RULECLAUSE": "R1",
    "RULE": "flag",
    "FROM": "[draft, early]",
    "TO": "sent",
    "BY": "office",
    "NOTBY": "send",
    "SIGNED": "[treasury]",
    "NEEDS": "r",
    "RECORDS": "flag",
    "SET": "posts + 1",
    "DUECLAUSE": "R1",
    "WINCLAUSE": "R1",
    "EXTCLAUSE": "R1",
    "DUTYCLAUSE": "R1",
    "DUTYENABLED": 'policy.word == "a"',
    "ENABLED": 'policy.word == "a"',
    "WHEN": "days: policy.amount, after: plan_on",
    "LATE": "policy.late",
    "EFFECT": "waive",
    "ANSWER": "[{role: office, when: flag}]",
    "STANDS": "early",
    "PAUSED": "[sent]",
    "EXTENDER": "office",
    "OPENS": "on: policy.start",
    "OUTSIDE": "policy.late",
    "SILENT": "after_due: send",
    "PARTS": "parts",
    "STEP": "days: 30",
    "WHILE": "flag",
    "GIVEN": "due_on",
    "SETS": "posts",
    "CLAUSE": "R1",
}
PART = """
facts: {in_scope: {type: bool, by: office}, due_on: {type: date}, size: {type: int}}
"""


def text(**changes: str) -> str:
    found = BASE
    assert changes.keys() <= SOUND.keys()
    for word, value in sorted({**SOUND, **changes}.items(), key=lambda item: -len(item[0])):
        found = found.replace(word, value)
    return found


def test_the_sound_definition_has_no_fault() -> None:
    """Every other test here changes one word of it."""
    assert faults_of(HEAD, case=text(), part=PART) == set()


T, P, F = "case.transitions.send", "case.tracks.progress", "case.facts"
REFERENCES = [
    ({"CORRECTED": "ofice"}, "case.corrected_by[0]", "unknown_role"),
    ({"OPENER": "ofice"}, "case.opening.by[0]", "unknown_role"),
    ({"OPENNEEDS": "q"}, "case.opening.needs[0]", "unknown_rule"),
    ({"OPENRECORDS": "total"}, "case.opening.records[0]", "unknown_fact"),
    ({"OPENCLAUSE": "R99"}, "case.opening.clauses[0]", "unknown_clause"),
    ({"FACTROLE": "boss"}, f"{F}.flag.by[0]", "unknown_role"),
    ({"FACTCLAUSE": "[R1, R99]"}, f"{F}.flag.clauses[1]", "unknown_clause"),
    ({"DURING": "posts"}, f"{F}.posts.during", "type"),
    ({"DURING": "flagg"}, f"{F}.posts.during", "unknown_name"),
    ({"INITSTATE": "drafts"}, f"{P}.initial", "unknown_state"),
    ({"STAGECLAUSE": "R99"}, f"{P}.stages.lateish.clauses[0]", "unknown_clause"),
    ({"STATECLAUSE": "R99"}, f"{P}.states.sent.clauses[0]", "unknown_clause"),
    ({"STAGE": "later"}, f"{P}.states.sent.stage", "unknown_stage"),
    ({"STAGE": "early"}, f"{P}.stages.lateish", "empty_stage"),
    ({"RULECLAUSE": "R99"}, "case.rules.r.clauses[0]", "unknown_clause"),
    ({"FROM": "[draft, nowhere]"}, f"{T}.from[1]", "unknown_state"),
    ({"FROM": "[]"}, f"{T}.from", "missing"),
    ({"FROM": "[draft, done]"}, f"{T}.from", "final"),
    ({"TO": "nowhere"}, f"{T}.to", "unknown_state"),
    ({"TO": "[{state: sent}, {state: done}]"}, f"{T}.to[0]", "branch"),
    ({"TO": "[{state: sent, when: posts}, {state: done}]"}, f"{T}.to[0].when", "type"),
    ({"BY": "boss"}, f"{T}.by[0]", "unknown_role"),
    ({"BY": "[]", "SIGNED": "[]"}, f"{T}.by", "actors"),
    ({"NOTBY": "sand"}, f"{T}.not_by[0]", "unknown_transition"),
    ({"SIGNED": "[treasury, boss]"}, f"{T}.signed_by[1]", "unknown_role"),
    ({"NEEDS": "[r, q]"}, f"{T}.needs[1]", "unknown_rule"),
    ({"RECORDS": "[flag, total]"}, f"{T}.records[1]", "unknown_fact"),
    ({"SET": "flag"}, f"{T}.set.posts", "type"),
    ({"SET": "post + 1"}, f"{T}.set.posts", "unknown_name"),
    ({"CLAUSE": "R99"}, f"{T}.clauses[0]", "unknown_clause"),
    ({"ENABLED": "flag"}, f"{T}.enabled", "enabled"),
    ({"ENABLED": "policy.wird == 'a'"}, f"{T}.enabled", "unknown_name"),
    ({"WHEN": "days: 1, after: plan"}, f"{T}.due.after", "unknown_anchor"),
    ({"WHEN": "days: 1, after: flag"}, f"{T}.due.after", "unknown_anchor"),
    ({"WHEN": "days: policy.none, after: plan_on"}, f"{T}.due.days", "unknown_policy"),
    ({"WHEN": "days: policy.word, after: plan_on"}, f"{T}.due.days", "type"),
    ({"WHEN": "on: policy.word"}, f"{T}.due.on", "type"),
    ({"WHEN": "on: 2021-03-01, when: posts"}, f"{T}.due.when", "type"),
    ({"WHEN": "on: 2021-03-01, when: today > plan_on"}, f"{T}.due.when", "computed"),
    ({"WHEN": "days: 1, after: plan_on, roll: policy.word"}, f"{T}.due.roll", "unknown_option"),
    (
        {"WHEN": "days: 1, after: plan_on, boundary: policy.word"},
        f"{T}.due.boundary",
        "unknown_option",
    ),
    ({"LATE": "policy.word"}, f"{T}.due.late", "unknown_option"),
    ({"LATE": "policy.none"}, f"{T}.due.late", "unknown_policy"),
    ({"EFFECT": "policy.word"}, f"{T}.due.before_effect", "unknown_option"),
    ({"ANSWER": "boss"}, f"{T}.due.answerable[0][0]", "unknown_role"),
    ({"ANSWER": "[{role: office, when: posts}]"}, f"{T}.due.answerable[0].when", "type"),
    ({"STANDS": "nowhere"}, f"{T}.due.during[0]", "unknown_state"),
    ({"PAUSED": "[nowhere]"}, f"{T}.due.suspended_in[0]", "unknown_state"),
    ({"EXTENDER": "boss"}, f"{T}.due.extension.by[0]", "unknown_role"),
    ({"EXTCLAUSE": "R99"}, f"{T}.due.extension.clauses[0]", "unknown_clause"),
    ({"DUECLAUSE": "R99"}, f"{T}.due.clauses[0]", "unknown_clause"),
    ({"OPENS": "on: policy.word"}, f"{T}.window.opens.on", "type"),
    ({"OUTSIDE": "extension"}, f"{T}.window.outside", "option"),
    ({"OUTSIDE": "policy.word"}, f"{T}.window.outside", "unknown_option"),
    ({"WINCLAUSE": "R99"}, f"{T}.window.clauses[0]", "unknown_clause"),
    ({"SILENT": "after_due: silent"}, "case.transitions.silent.after_due", "unknown_date"),
    ({"SILENT": "after_due: send, by: office"}, "case.transitions.silent", "actors"),
    ({"SILENT": "after_due: send, automatic: true"}, "case.transitions.silent", "actors"),
    ({"SILENT": "after_due: send, reason: true"}, "case.transitions.silent", "actors"),
    ({"SILENT": "after_due: send, records: [flag]"}, "case.transitions.silent", "actors"),
    ({"SILENT": "clauses: R1"}, "case.transitions.silent.by", "actors"),
    (
        {"SILENT": "at: {days: 1, after: none}"},
        "case.transitions.silent.at.after",
        "unknown_anchor",
    ),
    ({"PARTS": "pieces"}, "case.duties.reports.opens", "unknown_relation"),
    ({"STEP": "days: 0"}, "case.duties.reports.every", "step"),
    ({"STEP": "days: policy.word"}, "case.duties.reports.every.days", "type"),
    ({"WHILE": "posts"}, "case.duties.reports.while", "type"),
    ({"GIVEN": "due"}, "case.duties.reports.gives.due", "unknown_fact"),
    ({"GIVEN": "size"}, "case.duties.reports.gives.due", "type"),
    ({"SETS": "flag"}, "case.duties.reports.set.size", "type"),
    ({"DUTYENABLED": "flag"}, "case.duties.reports.enabled", "enabled"),
    ({"DUTYCLAUSE": "R99"}, "case.duties.reports.clauses[0]", "unknown_clause"),
]


@pytest.mark.parametrize(("changes", "path", "code"), REFERENCES)
def test_a_fault_is_reported_at_its_place(changes: dict[str, Any], path: str, code: str) -> None:
    found = faults_of(HEAD, case=text(**changes), part=PART)
    assert (path, code) in found, found


RULES = [
    ("flagg", "unknown_name"),
    ("flag == 1", "type"),
    ("posts == 'a'", "type"),
    ("posts", "type"),
    ("posts + 1", "type"),
    ("plan_on + 1 > 3", "type"),
    ("plan_on == '2021-02-10'", "type"),
    ("kind == 'hole'", "unknown_name"),
    ("'hole' == kind", "unknown_name"),
    ("kind in {'whole', 'hole'}", "unknown_name"),
    ("kind < 'whole'", "type"),
    ("flag < True", "type"),
    ("posts in {1, 'a'}", "type"),
    ("posts in {True}", "type"),
    ("True == 1", "type"),
    ("posts and flag", "type"),
    ("not posts", "type"),
    ("posts * total > 1", "type"),
    ('"a" * 10 == "a"', "type"),
    ("flag + 1 > 0", "type"),
    ("policy.none == 1", "unknown_name"),
    ("policy.word == 'c'", "unknown_name"),
    ("policy.word == 1", "type"),
    ("progress.state == 'nowhere'", "unknown_name"),
    ("progress.stage == 'nowhere'", "unknown_name"),
    ("progress.stage < 'early'", "type"),
    ("progress.stage == kind", "type"),
    ("progress.stage is None", "type"),
    ("progress.states == 'draft'", "unknown_name"),
    ("other.state == 'draft'", "unknown_name"),
    ("parent.flag", "type"),
    ("sand.on is None", "unknown_name"),
    ("send.after is None", "unknown_name"),
    ("all(m.in_scope for m in pieces)", "unknown_name"),
    ("all(m.flag for m in parts)", "unknown_name"),
    ("all(m.size for m in parts)", "type"),
    ("all(m.in_scope for m in parts if m.size)", "type"),
    ("all(flag.in_scope for flag in parts)", "type"),
    ("count(m for m in parts)", "type"),
    ("n.x", "unknown_name"),
    ("r", "type"),
    ("r2", "unknown_name"),
    ("9223372036854775807 * 9223372036854775807 > posts", "number"),
    ("9223372036854775807 + 1 > posts", "number"),
    ("__import__('os')", "not_allowed"),
]


@pytest.mark.parametrize(("rule", "code"), RULES)
def test_a_rule_that_does_not_fit_its_workflow_is_reported(rule: str, code: str) -> None:
    if code == "not_allowed":
        with pytest.raises(DefinitionError):
            reform_of(HEAD, case=text(RULE=rule), part=PART)
        return
    assert ("case.rules.r.requires", code) in faults_of(
        HEAD, case=text(RULE=rule.replace("'", '"')), part=PART
    )


FITTING = [
    'state == "draft" or stage in {"early"}',
    "progress.since < today and send.on is None and send.due != opened.on",
    "posts * policy.amount - 2 * total > -1 + policy.amount",
    'policy.word in {"a"} and kind != "whole"',
    "all(m.in_scope and flag for m in parts if m.size >= posts)",
    'count(m for m in parts if m.progress.state == "draft") == 0',
    "flag == (posts > 1)",
    'plan_on == date("2021-02-10")',
]


@pytest.mark.parametrize("rule", FITTING)
def test_rules_that_fit_are_not_reported(rule: str) -> None:
    assert faults_of(HEAD, case=text(RULE=rule), part=PART) == set()


def test_a_child_reads_its_parent() -> None:
    part = PART + "rules: {r: {requires: 'parent.flag and parent.stage == \"early\"'}}"
    assert faults_of(HEAD, case=text(), part=part) == set()
    part = PART + "rules: {r: {requires: 'parent.flagg'}}"
    assert ("part.rules.r.requires", "unknown_name") in faults_of(HEAD, case=text(), part=part)


# --- faults of a whole ------------------------------------------------------------------------

PLAIN = "transitions: {go: {from: draft, to: sent, by: office}}\n"


def test_all_faults_are_reported_together() -> None:
    changes = {"BY": "boss", "RULE": "flagg", "CLAUSE": "R99", "STEP": "days: 0"}
    assert faults_of(HEAD, case=text(**changes), part=PART) == {
        (f"{T}.by[0]", "unknown_role"),
        ("case.rules.r.requires", "unknown_name"),
        (f"{T}.clauses[0]", "unknown_clause"),
        ("case.duties.reports.every", "step"),
    }


def test_an_unknown_name_brings_the_nearest_as_a_hint() -> None:
    with pytest.raises(DefinitionError) as caught:
        bound_of(HEAD, case=text(BY="ofice"), part=PART)
    assert "office" in caught.value.problems[0].hint


def test_derived_facts_that_wait_for_each_other() -> None:
    facts = "facts: {a: {type: int, derived: b + 1}, b: {type: int, derived: a + 1}}\n"
    assert ("case.facts.a.derived", "cycle") in faults_of(case=facts + PLAIN)
    facts = "facts: {a: {type: date, derived: {days: 1, after: a}}}\n"
    assert ("case.facts.a.derived", "cycle") in faults_of(case=facts + PLAIN)


def test_a_derived_fact_is_not_recorded_nor_of_another_type() -> None:
    for more in ("by: office", "once: true", "initial: 1"):
        facts = f"facts: {{a: {{type: int, derived: 1 + 1, {more}}}}}\n"
        assert ("case.facts.a", "derived") in faults_of(case=facts + PLAIN)
    facts = "facts: {a: {type: int, derived: {days: 1, after: opened}}}\n"
    assert ("case.facts.a.derived", "type") in faults_of(case=facts + PLAIN)
    facts = "facts: {a: {type: bool, derived: 'today > opened.on'}}\n"
    assert ("case.facts.a.derived", "computed") in faults_of(case=facts + PLAIN)


@pytest.mark.parametrize(
    "transitions",
    [
        "a: {from: draft, to: sent, automatic: true}, b: {from: sent, to: draft, automatic: true}",
        "a: {from: draft, to: draft, automatic: true}",
        "a: {from: draft, automatic: true}",
        "a: {from: [draft, sent], to: sent, automatic: true}",
    ],
)
def test_automatic_transitions_that_could_fire_for_ever(transitions: str) -> None:
    found = faults_of(case=f"transitions: {{{transitions}}}\n")
    assert ("case.tracks.progress", "endless") in found


def test_a_cycle_with_an_actor_in_it_ends() -> None:
    transitions = (
        "a: {from: draft, to: sent, automatic: true}, b: {from: sent, to: draft, by: office}"
    )
    assert faults_of(case=f"transitions: {{{transitions}}}\n") == set()


def test_two_relations_to_one_workflow() -> None:
    case = "children: {parts: part, pieces: part}\n" + PLAIN
    assert ("case.children.pieces", "clash") in faults_of(case=case, part=PART)


def test_a_rule_that_refers_to_itself_through_another() -> None:
    rules = "rules: {a: {requires: b}, b: {requires: a}}\n"
    assert ("case.rules.a.requires", "type") in faults_of(case=rules + PLAIN)


def test_rules_that_name_rules_cannot_grow_without_bound() -> None:
    """Thirty short rules would be a billion nodes, written out."""
    facts = "facts: {f: {type: bool}}\n"
    rules = ["r0: {requires: f}"]
    rules += [f"r{n}: {{requires: r{n - 1} and r{n - 1}}}" for n in range(1, 31)]
    found = faults_of(case=facts + "rules: {" + ", ".join(rules) + "}\n" + PLAIN)
    assert ("case.rules.r30.requires", "too_large") in found
    rules = ["r0: {requires: f}"] + [f"r{n}: {{requires: not r{n - 1}}}" for n in range(1, 100)]
    found = faults_of(case=facts + "rules: {" + ", ".join(rules) + "}\n" + PLAIN)
    assert ("case.rules.r99.requires", "too_large") in found
    assert ("case.rules.r20.requires", "too_large") not in found


def test_aggregates_stay_one_level_deep_also_through_a_rule() -> None:
    rules = """
    children: {parts: part}
    rules: {inner: {requires: any(m.in_scope for m in parts)},
            outer: {requires: all(inner for m in parts)}}
    """
    found = faults_of(case=rules.replace("\n    ", "\n") + PLAIN, part=PART)
    assert found == {("case.rules.outer.requires", "aggregate")}


@pytest.mark.parametrize(
    ("case", "path", "code"),
    [
        ("facts: {progress: {type: int}}\n", "case.tracks.progress", "clash"),
        ("facts: {go: {type: int}}\n", "case.transitions.go", "clash"),
        ("facts: {r: {type: int}}\nrules: {r: {requires: r > 1}}\n", "case.rules.r", "clash"),
        ("facts: {progress_state: {type: int}}\n", "case.facts.progress_state", "clash"),
        ("facts: {area: {type: int}, Area: {type: int}}\n", "case.facts.Area", "clash"),
        ("facts: {Progress_State: {type: int}}\n", "case.facts.Progress_State", "clash"),
        ("facts: {ID: {type: int}}\n", "case.facts.ID", "clash"),
        ("facts: {unit: {type: int}}\n", "case.facts.unit", "reserved"),
        ("facts: {today: {type: int}}\n", "case.facts.today", "reserved"),
        ("facts: {_x: {type: int}}\n", "case.facts._x", "identifier"),
    ],
)
def test_names_that_clash_or_cannot_be_used(case: str, path: str, code: str) -> None:
    try:
        found = faults_of(case=case + PLAIN)
    except DefinitionError as error:  # the door of the files has seen it already
        found = {(problem.place.field, problem.code) for problem in error.problems}
        assert any(field.startswith(path) for field, _ in found)
        return
    assert (path, code) in found, found


def test_a_state_and_a_stage_of_one_track_bear_different_names() -> None:
    """Otherwise a rule that names one of them could mean either."""
    track = """
tracks: {progress: {initial: draft, stages: {done: }, states: {draft: , done: {stage: done}}}}
transitions: {go: {from: draft, to: done, by: office}}
"""
    assert faults_of(case=track) == {("case.tracks.progress.stages.done", "clash")}


@pytest.mark.parametrize("extension", ["", ", extension: {by: office}"])
def test_lateness_that_waits_for_an_extension_needs_somebody_to_grant_it(extension: str) -> None:
    due = f"{{on: 2021-03-10, late: extension{extension}}}"
    found = faults_of(
        case=f"transitions: {{go: {{from: draft, to: done, by: office, due: {due}}}}}\n"
    )
    missing = {("case.transitions.go.due.late", "missing")}
    assert found == (set() if extension else missing)


def test_a_rule_is_true_false_or_unknown_and_never_not_recorded() -> None:
    """`is None` asks for a value; the name of a rule stands for its condition."""
    rules = "facts: {x: {type: bool}}\nrules: {a: {requires: not x}, b: {requires: a is None}}\n"
    assert faults_of(case=rules + PLAIN) == {("case.rules.b.requires", "type")}


@pytest.mark.parametrize(
    "name", ["id", "parent", "unit", "subject", "revision", "definition", "workflow"]
)
def test_what_every_case_has_is_no_name_for_a_fact(name: str) -> None:
    """The database keeps it in a column of that name."""
    found = faults_of(case=f"facts: {{{name}: {{type: int}}}}\n{PLAIN}")
    assert (f"case.facts.{name}", "reserved") in found


def test_an_expression_in_the_place_of_a_rules_name_is_told_where_it_belongs() -> None:
    text = (
        'rules: {r: {requires: state == "draft"}}\n'
        "transitions: {go: {from: draft, to: done, by: office, needs: [%s]}}\n"
    )
    for needs, hint in [("x > 1", "under `rules`"), ("rr", "did you mean 'r'")]:
        with pytest.raises(DefinitionError) as caught:
            bind(reform_of(case=text % needs))
        [problem] = caught.value.problems
        assert problem.code == "unknown_rule"
        assert hint in problem.hint


# --- definitions built in Python, which no file's door has looked at ----------


def built(**changes: Any) -> Workflow:
    track = Track("progress", "draft", (State("draft"), State("done", final=True)))
    go = Transition("go", "progress", ("draft",), (Branch("done"),), by=("office",))
    return attrs.evolve(Workflow("case", (track,), (go,)), **changes)


def built_faults(**changes: Any) -> set[tuple[str, str]]:
    return faults(attrs.evolve(reform_of(case=PLAIN), workflows=(built(**changes),)))


def test_a_sound_definition_built_in_python_binds() -> None:
    assert built_faults() == set()


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"facts": (Fact("a b", FactType.INT),)}, "case.facts.a b", "identifier"),
        ({"facts": (Fact("ａ", FactType.INT),)}, "case.facts.ａ", "identifier"),
        ({"facts": (Fact("a", FactType.INT),) * 2}, "case.facts.a", "duplicate"),
        (
            {"tracks": (Track("progress", "draft", (State("draft"), *(State("done"),) * 2)),)},
            "case.tracks.progress.states.done",
            "duplicate",
        ),
        ({"facts": (Fact("x" * 64, FactType.INT),)}, f"case.facts.{'x' * 64}", "too_long"),
        ({"facts": (Fact("编" * 22, FactType.INT),)}, f"case.facts.{'编' * 22}", "too_long"),
        ({"facts": (Fact("k", FactType.CHOICE),)}, "case.facts.k.choices", "missing"),
        ({"facts": (Fact("k", FactType.INT, initial=True),)}, "case.facts.k.initial", "type"),
        ({"facts": (Fact("d", FactType.DATE, derived=()),)}, "case.facts.d.derived", "missing"),
        ({"tracks": (Track("progress", "draft", ()),)}, "case.tracks.progress.states", "missing"),
        (
            {"transitions": (Transition("go", "nowhere", ("draft",), by=("office",)),)},
            "case.transitions.go.track",
            "unknown_track",
        ),
        (
            {"rules": (Rule("r", Aggregate(Quantifier.ALL, "x", "m", Name("a", "m"))),)},
            "case.rules.r.requires",
            "unknown_name",
        ),
        ({"rules": (Rule("r", Today()),)}, "case.rules.r.requires", "type"),
        ({"rules": (Rule("r", Name("x", "stranger")),)}, "case.rules.r.requires", "unknown_name"),
        ({"rules": (Rule("r", Literal(2**64)),)}, "case.rules.r.requires", "number"),
        (
            {"rules": (Rule("r", Compare(Comparison.EQ, Literal(2**64), Name("progress.state"))),)},
            "case.rules.r.requires",
            "type",
        ),
    ],
)
def test_what_is_built_in_python_is_checked_as_well(
    changes: dict[str, Any], path: str, code: str
) -> None:
    found = built_faults(**changes)
    assert (path, code) in found, found


def test_an_expression_nested_for_ever_is_refused_and_does_not_overflow() -> None:
    deep = Name("flag")
    for _ in range(400):
        deep = Not(deep)
    found = built_faults(facts=(Fact("flag", FactType.BOOL),), rules=(Rule("r", deep),))
    assert found == {("case.rules.r.requires", "too_large")}


def test_a_reform_has_workflows_policies_their_options_and_an_effective_day() -> None:
    reform = reform_of(HEAD, case=text(), part=PART)
    assert ("reform.workflows", "missing") in faults(attrs.evolve(reform, workflows=()))
    late, *rest = reform.policies
    for change, path, code in [
        ({"default": "x"}, "reform.policies.late.default", "unknown_option"),
        ({"chosen": "x"}, "reform.policies.late.chosen", "unknown_option"),
        ({"clauses": ("R99",)}, "reform.policies.late.clauses[0]", "unknown_clause"),
    ]:
        changed = attrs.evolve(reform, policies=(attrs.evolve(late, **change), *rest))
        assert (path, code) in faults(changed)
    document = attrs.evolve(reform.document, issued_on=None)
    anchored = text(WHEN="days: 1, after: effective")
    reform = attrs.evolve(reform_of(HEAD, case=anchored, part=PART), document=document)
    assert (f"{T}.due.after", "missing") in faults(reform)


def test_days_of_the_year_that_are_not_named() -> None:
    when = When(Unit.NEXT, anchor="opened")
    found = built_faults(facts=(Fact("d", FactType.DATE, derived=(when,)),))
    assert ("case.facts.d.derived.next", "missing") in found


def test_binding_leaves_the_definition_as_it_is() -> None:
    reform = reform_of(HEAD, case=text(), part=PART)
    assert bind(reform).reform is reform
    assert bind(reform) == bind(reform)
