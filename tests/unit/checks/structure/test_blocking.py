"""A track that another one stops for good is found, unless the whole case may have ended."""

from __future__ import annotations

from reformflow.checks.structure.blocking import blocked_tracks
from support.checking import found as findings
from support.checking import told

HEARING = """
tracks:
  ruling:
    initial: open
    states: {open: , decided: , enforced: }
  appeal:
    initial: none
    states: {none: , filed: , settled: {final: true}}
rules:
  still_open: {requires: ruling.state != "enforced"}
transitions:
  decide: {track: ruling, from: open, to: decided, by: office}
  enforce: {track: ruling, from: decided, to: enforced, by: office}
  collect: {track: ruling, from: enforced, by: office}
  file: {track: appeal, from: none, to: filed, by: office, needs: [still_open]}
  settle: {track: appeal, from: filed, to: settled, by: office, needs: [still_open]}
"""


def test_a_track_that_needs_what_another_has_left_for_good() -> None:
    (found,) = findings(blocked_tracks, w=HEARING)
    assert told([found]) == [("warning", "blocked_for_ever", "w.tracks.appeal.states.filed")]
    assert dict(found.witness.values) == {"ruling.state": "enforced", "appeal.state": "filed"}
    assert sorted(found.witness.steps) == ["decide", "enforce", "file"]


def test_a_way_back_or_another_way_on_is_enough() -> None:
    back = "  reopen: {track: ruling, from: enforced, to: open, by: office}\n"
    assert findings(blocked_tracks, w=HEARING + back) == []
    drop = "  drop: {track: appeal, from: filed, to: settled, by: office}\n"
    assert findings(blocked_tracks, w=HEARING + drop) == []


def test_a_track_whose_only_end_stops_the_other_is_a_note() -> None:
    flow = HEARING.replace("enforced: }", "enforced: {final: true}}")
    flow = flow.replace("  collect: {track: ruling, from: enforced, by: office}\n", "")
    assert told(findings(blocked_tracks, w=flow)) == [
        ("note", "blocked_for_ever", "w.tracks.appeal.states.filed")
    ]


def test_a_case_that_may_end_as_a_whole_blocks_nothing() -> None:
    flow = HEARING.replace("enforced: }", "enforced: {final: true}, quashed: {final: true}}")
    flow = flow.replace("from: enforced, by", "from: decided, to: quashed, by")
    assert findings(blocked_tracks, w=flow) == []


def test_what_was_never_begun_may_lapse() -> None:
    flow = HEARING.replace(
        "to: settled, by: office, needs: [still_open]", "to: settled, by: office"
    )
    assert findings(blocked_tracks, w=flow) == []


def test_what_only_may_be_possible_is_not_told() -> None:
    flow = HEARING.replace("by: office}\n  collect", "by: office, needs: [unlikely]}\n  collect")
    facts = "facts: {n: {type: int, by: office}, m: {type: int, by: office}}\n"
    flow = flow.replace("rules:\n", f"{facts}rules:\n  unlikely: {{requires: n > m}}\n")
    assert findings(blocked_tracks, w=flow) == []
    sure = flow.replace("requires: n > m", "requires: n > 3")
    assert len(findings(blocked_tracks, w=sure)) == 1
