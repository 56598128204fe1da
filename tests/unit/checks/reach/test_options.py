"""What cannot happen under any option of any policy."""

from __future__ import annotations

from reformflow.checks.reach import under_any_options
from reformflow.formats import load
from support.building import reform_of
from support.repository import WORKFLOWS

POLICIES = """
policies:
  mode: {options: [strict, lax], default: strict, says: {en: m, zh: m}}
  least: {options: {few: 1, many: 5}, default: few, says: {en: l, zh: l}}
  open: {options: {shut: false, wide: true}, default: shut, says: {en: o, zh: o}}
"""
FLOW = """
facts:
  n: {type: int, by: office}
  size: {type: int, derived: n * policy.least}
rules:
  lax: {requires: 'policy.mode == "lax"'}
  open: {requires: policy.open}
  enough: {requires: n >= policy.least and size > 3}
  never: {requires: 'policy.mode == "lax" and state == "done"'}
transitions:
  send: {from: draft, to: sent, by: office, needs: [lax, enough]}
  back: {from: sent, to: draft, by: office, enabled: policy.open}
  end: {from: draft, to: done, by: office, needs: [never]}
"""


def test_what_one_option_allows_is_possible() -> None:
    search = under_any_options(reform_of(POLICIES, w=FLOW))
    assert search is not None
    space = search.spaces["w"]
    possible = {name: space.sets.any(space.after(name, space.reached)) for name in ("send", "back")}
    assert possible == {"send": True, "back": True}
    assert not space.sets.any(space.after("end", space.reached))


def test_options_that_do_not_go_together_are_not_searched() -> None:
    flow = """
    transitions:
      on: {from: draft, to: sent, automatic: true, enabled: policy.open}
      off: {from: sent, to: draft, automatic: true, enabled: not policy.open}
    """
    assert under_any_options(reform_of(POLICIES, w=flow)) is None


def test_every_shipped_reform_can_be_searched_under_all_options() -> None:
    for path in WORKFLOWS.iterdir():
        search = under_any_options(load(path))
        assert search is not None
        for flow in search.bound.workflows.values():
            for track in flow.tracks.values():
                for state in track.states:
                    reached = search.holding(flow.id, f"{track.id}.state", state.id)
                    assert search.spaces[flow.id].holds(reached), (flow.id, track.id, state.id)
