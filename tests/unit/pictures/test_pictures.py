"""Pictures show every state and step, in both languages, and labels are only ever text."""

from __future__ import annotations

import re
import shutil
import subprocess

import attrs
import pytest

from reformflow.binding import BoundReform, bind
from reformflow.formats import load, shipped
from reformflow.model import Literal, Text
from reformflow.pictures import Way, dot, graph_of, mermaid
from support.building import bound_of
from support.repository import ROOT

BASE = ROOT / "tests" / "definitions" / "bad" / "base"
NASTY = 'a"];\nb --> [*]\\N{}<script>%%;#:end "x" |-- “q” 起草'


@pytest.fixture(scope="module")
def bound() -> BoundReform:
    return bind(load(BASE))


def nasty() -> BoundReform:
    """Return the sample with a label that tries to break out of every text."""
    reform = load(BASE)
    flow, *others = reform.workflows
    label = Text(NASTY, NASTY)
    tracks = tuple(
        attrs.evolve(
            track,
            label=label,
            states=tuple(attrs.evolve(state, label=label) for state in track.states),
            stages=tuple(attrs.evolve(stage, label=label) for stage in track.stages),
        )
        for track in flow.tracks
    )
    transitions = tuple(attrs.evolve(item, label=label) for item in flow.transitions)
    flow = attrs.evolve(flow, label=label, tracks=tracks, transitions=transitions)
    return bind(attrs.evolve(reform, workflows=(flow, *others)))


def test_the_graph_has_every_state_step_and_stage(bound: BoundReform) -> None:
    progress, oversight = graph_of(bound, "case", lang="zh").lanes
    assert [node.id for node in progress.nodes] == ["open", "draft", "done"]
    assert [(edge.source, edge.target, edge.way) for edge in progress.edges] == [
        ("open", "draft", Way.ACT),
        ("draft", "open", Way.ACT),
        ("draft", "done", Way.ACT),
    ]
    assert progress.edges[1].condition == "“grown”为是"
    assert progress.edges[2].actors == "办公室"
    assert progress.stages == ("Drafting",)
    assert [edge.way for edge in oversight.edges] == [Way.TIMED, Way.TIMED]


def test_a_step_that_is_switched_off_is_not_drawn(bound: BoundReform) -> None:
    flow, *others = bound.reform.workflows
    off = attrs.evolve(flow.transitions[0], enabled=Literal(value=False))
    changed = attrs.evolve(flow, transitions=(off, *flow.transitions[1:]))
    graph = graph_of(bind(attrs.evolve(bound.reform, workflows=(changed, *others))), "case")
    assert "start" not in {edge.transition for edge in graph.lanes[0].edges}


def test_mermaid_names_states_plainly_and_quotes_their_labels(bound: BoundReform) -> None:
    text = mermaid(graph_of(bound, "report"))
    assert text == (
        "stateDiagram-v2\n"
        "    accTitle: report\n"
        '    state "waiting" as s1\n'
        '    state "handed_in" as s2\n'
        "    [*] --> s1\n"
        "    s1 --> s2 : hand_in (Bureau)\n"
        "    s2 --> [*]\n"
    )


def test_mermaid_labels_hold_nothing_that_mermaid_could_read() -> None:
    text = mermaid(graph_of(nasty(), "case"))
    for label in re.findall(r'"([^"\n]*)"|: (.*)$', text, re.MULTILINE):
        written = re.sub(r"#\d+;", "", "".join(label))
        assert not re.search(r'["\[\]{}<>;:#%|\\]|--', written), written
    assert text.count("\n") == mermaid(graph_of(nasty(), "case", lang="zh")).count("\n")


def test_dot_strings_hold_labels_whole_and_closed() -> None:
    text = dot(graph_of(nasty(), "case"))
    without = re.sub(r'"(?:[^"\\\n]|\\.)*"', "S", text)
    assert '"' not in without
    assert "script" not in without
    assert r"[*]\\N{}" in text  # a backslash is doubled, or it would stand for the name of the node
    assert re.fullmatch(r"[\w\s=,;\[\]{}.>-]+", without)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("reform", shipped())
def test_every_shipped_workflow_is_drawn_whole(reform: str, lang: str) -> None:
    bound = bind(load(reform))
    for workflow, flow in bound.workflows.items():
        graph = graph_of(bound, workflow, lang=lang)
        assert {node.id for lane in graph.lanes for node in lane.nodes} == {
            state.id for track in flow.tracks.values() for state in track.states
        }
        assert {edge.transition for lane in graph.lanes for edge in lane.edges} == set(
            flow.transitions
        )
        arrows = sum(len(lane.edges) for lane in graph.lanes)
        assert dot(graph).count(" -> ") == arrows + len(graph.lanes)
        assert mermaid(graph).count(" --> s") == arrows + len(graph.lanes)


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed here")
def test_graphviz_reads_what_we_write() -> None:
    for bound in (nasty(), bind(load("putuo-2021-9"))):
        for workflow in bound.workflows:
            text = dot(graph_of(bound, workflow, lang="zh"))
            done = subprocess.run(
                ["dot", "-Tcanon"],  # noqa: S607 - whichever is installed
                input=text.encode(),
                capture_output=True,
                check=False,
            )
            assert done.returncode == 0
            assert done.stderr == b""


BRANCHES = """
facts: {free: {type: bool, by: office}, other: {type: bool, by: office}}
tracks: {progress: {initial: draft, states: {draft: , sent: , back: , done: {final: true}}}}
transitions:
  end: {from: [draft, sent, back], to: done, by: office}
  go: {from: draft, to: [%s], by: office}
"""


@pytest.mark.parametrize(
    ("branches", "drawn"),
    [
        (
            "{state: sent, when: free}, {state: back, when: other}, {state: done}",
            [("sent", "“free” is true"), ("back", "“other” is true"), ("done", "")],
        ),
        ("{state: sent, when: False}, {state: back}", [("back", "")]),
        (
            "{state: sent, when: False}, {state: sent, when: free}, {state: back}",
            [("sent", "“free” is true"), ("back", "")],
        ),
        (
            "{state: sent, when: free}, {state: back, when: True}, {state: done}",
            [("sent", "“free” is true"), ("back", "")],
        ),
        (
            "{state: sent, when: free}, {state: back, when: not other}, {state: sent, when: other}",
            [("sent", "“free” is true or “other” is true"), ("back", "“other” is false")],
        ),
        (
            "{state: sent, when: free}, {state: back, when: other}, {state: sent}",
            [("sent", ""), ("back", "“other” is true")],
        ),
    ],
)
def test_a_step_is_drawn_to_each_state_it_can_lead_to_with_what_decides(
    branches: str, drawn: list[tuple[str, str]]
) -> None:
    """A branch that is never taken is not drawn, nor any after one that always is."""
    [lane] = graph_of(bound_of(case=BRANCHES % branches), "case").lanes
    edges = [edge for edge in lane.edges if edge.transition == "go"]
    assert [(edge.target, edge.condition) for edge in edges] == drawn


def test_a_step_that_stays_where_it_is_is_drawn_from_each_of_its_states() -> None:
    text = BRANCHES % "{state: sent}" + "  note: {from: [draft, back], by: office}\n"
    [lane] = graph_of(bound_of(case=text), "case").lanes
    notes = [(e.source, e.target) for e in lane.edges if e.transition == "note"]
    assert notes == [("draft", "draft"), ("back", "back")]


STAGED = """
tracks:
  progress: {initial: draft, stages: {early: },
    states: {draft: {stage: early}, done: {final: true}}}
  watch: {initial: calm, states: {calm: , alarm: }}
transitions:
  end: {track: progress, from: draft, to: done, by: office}
  ring: {track: watch, from: calm, to: alarm, by: bureau}
"""


def test_dot_puts_stages_around_their_states_and_a_box_around_each_track() -> None:
    written = dot(graph_of(bound_of(case=STAGED), "case"))
    assert [line.strip() for line in written.splitlines() if "fontname" not in line] == [
        'digraph "case" {',
        "subgraph cluster_t1 {",
        'label="progress";',
        't1_start [shape=point, width=0.15, label=""];',
        't1_s2 [label="done", peripheries=2];',
        "subgraph cluster_t1_g1 {",
        'label="early"; style=dashed;',
        't1_s1 [label="draft"];',
        "}",
        "t1_start -> t1_s1;",
        r't1_s1 -> t1_s2 [label="end\n(One)", style=solid, tooltip="end"];',
        "}",
        "subgraph cluster_t2 {",
        'label="watch";',
        't2_start [shape=point, width=0.15, label=""];',
        't2_s1 [label="calm"];',
        't2_s2 [label="alarm"];',
        "t2_start -> t2_s1;",
        r't2_s1 -> t2_s2 [label="ring\n(Four)", style=solid, tooltip="ring"];',
        "}",
        "}",
    ]
    alone = dot(graph_of(bound_of(case=BRANCHES % "{state: sent}"), "case"))
    assert '    label="";' in alone, "the only track bears the name of the workflow already"


@pytest.mark.parametrize(
    ("how", "style", "sign"),
    [
        ("by: office", "solid", ""),
        ("automatic: true, needs: r", "bold", "⚙ "),
        ("at: {on: 2021-03-10}", "dotted", "⏰ "),
    ],
)
def test_what_comes_by_itself_or_in_time_is_drawn_otherwise_than_an_act(
    how: str, style: str, sign: str
) -> None:
    text = (
        "facts: {x: {type: bool, by: office}}\nrules: {r: {requires: x}}\n"
        f"transitions: {{go: {{from: draft, to: done, {how}}}}}\n"
    )
    graph = graph_of(bound_of(case=text), "case")
    assert f"style={style}, tooltip" in dot(graph)
    assert f" : {sign}go" in mermaid(graph)
