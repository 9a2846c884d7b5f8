"""A moment of the session that touches everything; its minutes stand in the acceptance runs."""

import sys

from session_meter import Holds
from session_script import Script, named, play


def test_a_moment_of_touching_everything(window, analysed, qtbot, monkeypatch):
    faults = []
    monkeypatch.setattr(sys, "excepthook", lambda *error: faults.append(error))
    script = Script(window, slow=False)
    kinds = {name for name, _ in script.round()}
    assert len(kinds) > 100
    holds = Holds(script, stacks_after=0)
    script.scripting = holds.scripting
    for name, act in script.round():
        script.do(name, act)
    script.tidy()
    done = play(script, 0.6, pause=0.01)
    script.tidy()
    holds.stop()
    assert faults == []
    assert done
    assert any(hold.stacks for hold in holds.all)
    assert {name for hold in holds.all for name in hold.step.split(" + ")} & kinds
    assert {named(window.page.whatif.planes), named(window.page.attention.values)} <= set(script.touched)
    assert len(script.touched) > 20
    window.session.cancel()
