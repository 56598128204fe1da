"""Cases in memory."""

from __future__ import annotations

from support.building import Play

FLOW = """
    children: {parts: child}
    facts: {size: {type: int, by: office}}
    """


def test_a_copy_goes_on_by_itself() -> None:
    play = Play(flow=FLOW, child="")
    play.open()
    copy = play.docket.copy()
    play.record(size=1)
    play.open(case="p", workflow="child", parent="c")
    assert copy.case("c").values["size"] is None
    assert copy.ids() == ("c",)
    assert copy.children("c", "child") == []
    assert len(copy.entries("c")) == 1
    copy.take(play.engine.tick(copy, "c", play.docket.entries("c")[0].on))
    assert play["size"] == 1
