"""A moment of the session that touches everything; its minutes stand in the acceptance runs."""

import sys

from session_script import Holds, Script, named, play


def test_a_moment_of_touching_everything(window, analysed, qtbot, monkeypatch):
    faults = []
    monkeypatch.setattr(sys, "excepthook", lambda *error: faults.append(error))
    script = Script(window, slow=False)
    kinds = {name for name, _ in script.round()}
    assert len(kinds) > 100
    holds = Holds(script)
    for name, act in script.round():
        script.step = name
        act()
    script.tidy()
    done = play(script, 0.6, pause=0.01)
    holds.stop()
    assert faults == []
    assert done
    assert holds.all
    assert {named(window.page.whatif.planes), named(window.page.attention.values)} <= set(script.touched)
    assert len(script.touched) > 20
    window.session.cancel()
