"""The Putuo reform as a whole: it loads, is complete, speaks two languages, and copies nothing."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from reformflow.binding import bind
from reformflow.errors import DefinitionError
from reformflow.formats import dump, fingerprint, load
from reformflow.model import Basis, Reform, Standing, Text
from reformflow.words.citations import citations, uncovered, uncovered_wrongly
from support.putuo import shipped_town
from support.putuo_card import CardTrial, StandingTrial, standing_trials
from support.repository import WORKFLOWS

FOLDER = WORKFLOWS / "putuo-2021-9"
HASHES = Path(__file__).with_name("putuo_notice_hashes.txt")
LABELLED = ("Fact", "Choice", "State", "Stage", "Track", "Transition", "Role", "Workflow")
SAYING = ("Rule", "Policy", "Clause", "Window")
NAME = "行政权力事项“两集中两到位”改革"
RUN = 12
STAGES = ("consolidation", "authorization", "plan_approval", "stationing")


@pytest.fixture(scope="module")
def reform() -> Reform:
    """The shipped reform."""
    return shipped_town().reform


def parts(value: object) -> Iterator[object]:
    """Yield every value inside a definition, the definition itself first."""
    yield value
    if isinstance(value, tuple):
        for item in value:
            yield from parts(item)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from parts(getattr(value, field.name))


def runs(text: str) -> set[str]:
    """Return the digest of every run of twelve Chinese characters inside one line or quotation.

    Punctuation between them does not count, nor does the name of the reform.
    """
    pieces = re.split(r'[\n"]', text.replace(NAME, ""))
    written = ["".join(re.findall("[\u3400-\u9fff]", piece)) for piece in pieces]
    return {
        hashlib.sha256(characters[start : start + RUN].encode()).hexdigest()[:10]
        for characters in written
        for start in range(len(characters) - RUN + 1)
    }


def test_it_loads_and_binds_and_is_read_back_from_what_is_written(
    reform: Reform, tmp_path: Path
) -> None:
    folder = tmp_path / "putuo-2021-9"
    dump(reform, folder)
    again = load(folder)
    assert again == reform
    assert fingerprint(again) == fingerprint(reform)
    assert set(bind(again).workflows) == {"programme", "department", "matter", "secondment"}


def test_every_clause_of_the_notice_is_there_and_says_what_is_done_with_it(reform: Reform) -> None:
    standings = Counter(clause.standing for clause in reform.clauses)
    assert standings == {Standing.ENFORCED: 88, Standing.MONITORED: 8, Standing.NARRATIVE: 13}
    for clause in reform.clauses:
        assert clause.at, clause.id
        reasoned = bool(clause.why.en and clause.why.zh)
        assert reasoned == (clause.standing is not Standing.ENFORCED), clause.id


def test_every_clause_but_narrative_ones_is_enforced_by_something_that_matters(
    reform: Reform,
) -> None:
    bound = bind(reform)
    assert not uncovered_wrongly(bound)
    assert {clause.standing for clause in uncovered(bound)} == {Standing.NARRATIVE}
    cited = citations(bound)
    for clause in reform.clauses:
        if clause.standing is Standing.ENFORCED:
            kinds = {place.kind for place in cited[clause.id] if place.enforces}
            assert kinds - {"policy"}, clause.id


def test_a_clause_that_nothing_cites_any_more_is_noticed(reform: Reform) -> None:
    department = reform.workflow("department")
    rules = tuple(
        attrs.evolve(rule, clauses=()) if rule.id == "no_more_posts" else rule
        for rule in department.rules
    )
    facts = tuple(
        attrs.evolve(fact, clauses=()) if fact.id.startswith("posts_") else fact
        for fact in department.facts
    )
    changed = attrs.evolve(department, rules=rules, facts=facts)
    flows = tuple(changed if flow.id == "department" else flow for flow in reform.workflows)
    left = uncovered_wrongly(bind(attrs.evolve(reform, workflows=flows)))
    assert [clause.id for clause in left] == ["R3.1.2"]


def test_all_ambiguities_but_the_missing_full_stop_have_their_policy(reform: Reform) -> None:
    interpreted = [policy.interprets for policy in reform.policies]
    assert sorted(interpreted) == [f"A{n:02}" for n in range(1, 44) if n != 27]
    for policy in reform.policies:
        assert len(policy.options) >= 2, policy.id
        assert policy.default in {option.name for option in policy.options}, policy.id
        assert policy.clauses, policy.id


def test_the_five_parts_are_visible_as_stages(reform: Reform) -> None:
    progress, oversight = reform.workflow("department").tracks
    assert tuple(stage.id for stage in progress.stages) == STAGES
    assert [stage.id for stage in oversight.stages] == ["inspection"]
    inside = Counter(state.stage for state in progress.states)
    assert min(inside[stage] for stage in STAGES) >= 3


def test_people_read_everything_in_english_and_chinese(reform: Reform) -> None:
    chinese = re.compile("[\u3400-\u9fff]")
    for part in parts(reform):
        kind = type(part).__name__
        if isinstance(part, Text) and (part.en or part.zh):
            assert part.en, part
            assert part.zh, part
            assert chinese.search(part.zh), part
            assert not chinese.search(part.en.replace("普府", "")), part
        elif kind in LABELLED:
            assert part.label.en, part  # type: ignore[attr-defined]
        elif kind in SAYING:
            assert part.says.en, part  # type: ignore[attr-defined]


def test_what_the_notice_does_not_say_can_be_switched_off(reform: Reform) -> None:
    found = [
        transition
        for flow in reform.workflows
        for transition in flow.transitions
        if transition.basis is Basis.EXTENSION
    ]
    assert {transition.id for transition in found} == {
        "return_setup", "return_plan", "order_rectification", "inspect_rectified", "inspect_again",
    }  # fmt: skip
    assert all(transition.enabled is not None for transition in found)
    text_only = bind(reform.choosing(approval="approve_only", inspection_outcomes="text_only"))
    left = {id for flow in text_only.workflows.values() for id in flow.transitions}  # noqa: A001
    assert not left & {transition.id for transition in found}


def test_another_option_than_the_listed_ones_is_refused(reform: Reform) -> None:
    policies = tuple(attrs.evolve(policy, default="nonsense") for policy in reform.policies)
    with pytest.raises(DefinitionError) as refused:
        bind(attrs.evolve(reform, policies=policies))
    assert len(refused.value.problems) >= len(reform.policies)


def test_no_sentence_of_the_notice_is_copied() -> None:
    notice = set(HASHES.read_text(encoding="utf-8").split())
    assert len(notice) > 2000
    for path in sorted(FOLDER.rglob("*")):
        if path.suffix in {".yaml", ".md", ".csv", ".py"}:
            assert not runs(path.read_text(encoding="utf-8")) & notice, path


def test_a_copied_run_would_be_found() -> None:
    run = "区机关事务管理局为行政审批服务科提供"
    assert len(runs(run)) == len(run) - RUN + 1
    assert runs(f"以{run[:6]}，{run[6:]}") >= runs(run)


def test_the_card_is_as_it_was_written_down() -> None:
    CardTrial().run(shipped_town())


@pytest.mark.parametrize("trial", standing_trials(), ids=lambda trial: trial.name)
def test_the_board_shows_which_deadlines_stand_and_who_answers(trial: StandingTrial) -> None:
    trial.run(shipped_town())
