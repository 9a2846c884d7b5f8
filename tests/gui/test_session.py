"""What is open: real clips, real analyses, and nothing lost when something fails."""

from dataclasses import replace
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from mrn_core.analysis import Analyzer
from mrn_core.annotation import MarkStore
from mrn_core.clip.demo import demo_clip_path, demo_truth, rendered_demo_path
from mrn_core.datasets.synthetic.demo import rendered_demo_truth
from mrn_core.errors import ClipError, FileError, SettingsError
from mrn_core.magnification import magnifiers
from mrn_core.settings import AnalysisSettings
from mrn_gui.request import Request
from mrn_gui.saving import write
from mrn_gui.session import MOST_LEVELS, Session
from mrn_gui.undo import MarkHistory


def same(first, second):
    """Whether two analyses agree to the last bit."""
    pairs = [(first.frames, second.frames), (first.features, second.features), (first.scores, second.scores)]
    pairs += [(a.weights, b.weights) for a, b in zip(first.traces, second.traces, strict=True)]
    return all(np.array_equal(a, b) for a, b in pairs) and first.probabilities == second.probabilities


def pictures(folder, size=(64, 48), numbers=range(46, 56)):
    folder.mkdir()
    for i in numbers:
        cv2.imwrite(str(folder / f"img{i}.png"), np.full((*size, 3), i, np.uint8))
    return folder


@pytest.fixture(scope="module")
def other_analyzer():
    """One that shares nothing with the session's."""
    return Analyzer()


def test_the_demo_clip_comes_with_its_true_marks(opened, qtbot):
    truth = demo_truth()
    assert (opened.marks.onset, opened.marks.apex) == (truth.onset, truth.apex)
    assert opened.frame == truth.onset
    qtbot.waitUntil(lambda: opened.curve is not None, timeout=60_000)
    assert len(opened.curve.curves["motion"]) == len(opened.clip)


def test_the_rendered_demo_clip_comes_with_its_true_marks(session, qtbot):
    with qtbot.waitSignal(session.clip_changed, timeout=60_000):
        session.open_path(rendered_demo_path())
    truth = rendered_demo_truth()
    assert (session.marks.onset, session.marks.apex) == (truth.onset, truth.apex)
    assert len(session.clip) == len(truth)


def test_marks_are_there_again(opened, own_data, qtbot):
    opened.set_mark("onset", 20)
    opened.set_mark("offset", 70)
    other = Session(store=MarkStore(own_data))
    with qtbot.waitSignal(other.clip_changed, timeout=20_000):
        other.open_path(demo_clip_path())
    assert (other.marks.onset, other.marks.offset) == (20, 70)
    assert [entry.name for entry in other.store.recent()] == [demo_clip_path().name]
    assert other.jobs.shutdown(20)


def test_a_full_disk_is_said_and_the_marks_stay_in_the_window(opened, monkeypatch, qtbot):
    def full(*_):
        raise FileError("The disk is full.", "Make room.")

    monkeypatch.setattr(opened.store, "put", full)
    with qtbot.waitSignal(opened.failed) as said:
        opened.set_mark("onset", 11)
    assert "full" in said.args[0].what
    assert opened.marks.onset == 11


def test_marks_outside_the_clip_are_refused(opened, session):
    with pytest.raises(ClipError, match="outside"):
        opened.set_mark("apex", 100_000)
    assert opened.marks.apex == demo_truth().apex


def test_no_mark_without_a_clip(session):
    with pytest.raises(ClipError, match="No clip"):
        session.set_mark("onset", 1)
    session.seek(5)
    session.analyse()
    assert session.frame == 0
    assert not session.running


@pytest.mark.parametrize("kind", ["missing", "text", "empty folder"])
def test_what_cannot_be_opened_leaves_the_old_clip(opened, tmp_path, qtbot, kind):
    path = tmp_path / "bad.mp4"
    if kind == "text":
        path.write_text("no video")
    elif kind == "empty folder":
        path.mkdir()
    before, marks = opened.clip, opened.marks
    with qtbot.waitSignal(opened.open_failed, timeout=20_000) as said:
        opened.open_path(path)
    assert "bad.mp4" in said.args[0].what
    assert said.args[0].advice
    assert opened.clip is before
    assert opened.marks == marks
    assert opened.clip[3].shape[2] == 3


def test_a_folder_of_pictures_opens(session, tmp_path, qtbot):
    with qtbot.waitSignal(session.clip_changed, timeout=20_000):
        session.open_path(pictures(tmp_path / "sub01"))
    assert session.clip.numbers[0] == 46
    assert not session.marks
    assert session.request is None


def test_the_window_computes_what_the_core_computes(analysed, other_analyzer, qtbot):
    marks = analysed.marks
    alone = other_analyzer.run(analysed.clip, marks.onset, marks.apex, analysed.settings)
    assert same(analysed.analysis, alone)
    assert analysed.stale is None
    qtbot.waitUntil(lambda: analysed.chance is not None, timeout=60_000)
    assert len(analysed.chance) == len(analysed.analysis.traces)


def test_planes_are_answered_at_once_and_compute_no_frames(analysed, qtbot):
    before, counts = analysed.analysis, analysed._analyzer[1].cache.counts.copy()
    started = []
    analysed.run_started.connect(lambda: started.append(1))
    for tables in (1, 2, 3):
        analysed.change_setting("network.tables", tables)
    qtbot.waitUntil(lambda: analysed.analysis.settings.network.tables == 3, timeout=20_000)
    assert analysed.analysis.frames is before.frames
    assert analysed.analysis.traces[0].tables == 3
    now = analysed._analyzer[1].cache.counts
    assert all(now[stage] == counts[stage] for stage in ("face", "magnify", "encode"))
    assert started == []
    assert analysed.stale is None


def test_an_earlier_setting_makes_the_picture_stale_and_back(analysed):
    onset, apex = analysed.marks.onset, analysed.marks.apex
    analysed.change_setting("levels", 5)
    assert "AF 2 to 13, 4 levels" in analysed.stale
    analysed.change_setting("levels", 4)
    assert analysed.stale is None
    analysed.set_mark("apex", apex + 2)
    assert analysed.stale == f"Previous analysis: onset {onset}, apex {apex}"
    analysed.set_mark("apex", None)
    assert analysed.request is None
    assert analysed.stale is not None


def test_a_refused_setting_changes_nothing(session):
    before = session.settings
    with pytest.raises(SettingsError):
        session.change_settings({"af_low": 14.0, "af_high": 3.0})
    assert session.settings is before


def test_a_change_while_running_starts_again_with_it(opened, qtbot):
    opened.change_setting("levels", 24)
    opened.analyse()
    qtbot.waitSignal(opened.level_made, timeout=60_000).wait()
    opened.change_setting("levels", 3)
    assert opened.running
    qtbot.waitUntil(lambda: opened.analysis is not None, timeout=60_000)
    assert len(opened.analysis.levels) == 3
    assert not opened.running
    assert opened.stale is None


def test_cancel_keeps_the_old_picture_and_the_next_run_is_whole(analysed, other_analyzer, qtbot):
    shown = analysed.analysis
    analysed.change_settings({"levels": 24, "af_high": 12.0})
    analysed.analyse()
    qtbot.waitSignal(analysed.level_made, timeout=60_000).wait()
    analysed.cancel()
    assert not analysed.running
    qtbot.wait(50)
    assert analysed.analysis is shown
    analysed.analyse()
    qtbot.waitUntil(lambda: analysed.analysis is not shown, timeout=120_000)
    marks = analysed.marks
    alone = other_analyzer.run(analysed.clip, marks.onset, marks.apex, analysed.settings)
    assert same(analysed.analysis, alone)


@pytest.mark.parametrize("onset", [52, 60])
def test_the_mark_at_fault_is_named(analysed, qtbot, onset):
    shown = analysed.analysis
    analysed.set_mark("onset", onset)
    with qtbot.waitSignal(analysed.run_failed, timeout=20_000) as said:
        analysed.analyse()
    assert "onset" in said.args[0].what
    assert analysed.fault == "onset"
    assert analysed.analysis is shown
    analysed.set_mark("onset", 30)
    assert analysed.fault is None


def test_a_frame_without_a_face_is_said(session, tmp_path, qtbot):
    with qtbot.waitSignal(session.clip_changed, timeout=20_000):
        session.open_path(pictures(tmp_path / "grey"))
    qtbot.waitUntil(lambda: "face" in session.curve_note, timeout=60_000)
    session.set_mark("onset", 0)
    session.set_mark("apex", 5)
    with qtbot.waitSignal(session.run_failed, timeout=60_000) as said:
        session.analyse()
    assert "face" in said.args[0].what
    assert session.fault == "onset"


def test_warming_up_finds_the_devices(session, qtbot):
    with qtbot.waitSignal(session.devices_changed, timeout=120_000):
        session.warm()
    assert "auto" in session.devices


def test_closing_the_clip_lets_go_of_everything(analysed):
    analysed.close_clip()
    assert analysed.clip is None
    assert analysed.analysis is None
    assert analysed.request is None
    assert analysed.stale is None


def test_an_analysis_can_be_saved_and_read_again(analysed, tmp_path, qtbot):
    from mrn_core.result import Analysis

    file = tmp_path / "a.npz"
    with qtbot.waitSignal(analysed.notice, timeout=20_000):
        write(analysed, lambda analysis: analysis.save(file), "Saved")
    assert same(Analysis.load(file), analysed.analysis)
    with qtbot.waitSignal(analysed.failed, timeout=20_000) as said:
        write(analysed, lambda analysis: analysis.save(tmp_path / "no" / "a.npz"), "Saved")
    assert "cannot be written" in said.args[0].what


def test_reset_goes_back_to_the_defaults(session):
    session.change_settings({"network.planes": 5, "magnifier": "linear", "af_high": 20.0})
    session.reset_settings()
    assert session.settings == AnalysisSettings()
    assert session.device == "auto"


def test_an_offset_before_the_apex_is_said(opened, qtbot):
    with qtbot.waitSignal(opened.notice) as said:
        opened.set_mark("offset", 40)
    assert said.args[0] == "Offset 40 is not after the apex 52: move or clear it."
    told = []
    opened.notice.connect(told.append)
    opened.set_mark("offset", 80)
    assert told == []
    opened.set_mark("apex", 90)
    assert told == ["Offset 80 is not after the apex 90: move or clear it."]


def test_a_clip_of_one_frame_says_so(session, tmp_path, qtbot):
    told = []
    session.notice.connect(told.append)
    with qtbot.waitSignal(session.clip_changed, timeout=20_000):
        session.open_path(pictures(tmp_path / "one", numbers=[1]))
    qtbot.waitUntil(lambda: bool(told), timeout=5000)
    assert told == ["one has one frame; two are needed to measure a motion."]


def test_face_and_frame_rate_come_again_with_the_clip(session, tmp_path, own_data, qtbot):
    folder = pictures(tmp_path / "sub01")
    with qtbot.waitSignal(session.clip_changed, timeout=20_000):
        session.open_path(folder)
    assert (session.clip.fps, session.clip.fps_given) == (200, False)
    session.set_face((4.0, 5.0, 30.0, 40.0))
    session.seek(7)
    with qtbot.waitSignal(session.clip_changed, timeout=20_000):
        session.set_fps(100.0)
    assert (session.clip.fps, session.clip.fps_given) == (100, True)
    assert session.clip.times[7] == pytest.approx(0.07)
    assert session.frame == 7, "the same clip keeps its playhead"
    other = Session(store=MarkStore(own_data))
    with qtbot.waitSignal(other.clip_changed, timeout=20_000):
        other.open_path(folder)
    assert other.clip.fps == 100
    assert other.marks.face == (4.0, 5.0, 30.0, 40.0)
    assert other.jobs.shutdown(20)


def test_a_face_box_is_what_is_analysed(analysed, other_analyzer, qtbot):
    before, marks = analysed.analysis, analysed.marks
    x, y, w, h = before.face.box
    box = (float(x) - 4, float(y), float(w), float(h))
    analysed.set_face(box)
    assert analysed.stale == "Previous analysis: face detected"
    analysed.analyse()
    qtbot.waitUntil(lambda: analysed.analysis is not before, timeout=60_000)
    alone = other_analyzer.run(analysed.clip, marks.onset, marks.apex, analysed.settings, face=box)
    assert same(analysed.analysis, alone)
    assert analysed.analysis.face.source == "box"
    assert analysed.stale is None


def test_the_same_clip_opened_again_keeps_its_analysis(analysed, qtbot):
    shown = analysed.analysis
    with qtbot.waitSignal(analysed.clip_changed, timeout=20_000):
        analysed.open_path(demo_clip_path())
    assert analysed.analysis is shown
    assert analysed.stale is None


def test_the_words_of_an_old_analysis_are_those_of_the_controls(analysed):
    analysed.change_setting("levels", 5)
    told = analysed.stale
    assert "4 levels" in told
    assert magnifiers["lagrangian"].label in told
    one = replace(analysed.request, settings=AnalysisSettings(levels=1))
    assert one.told(analysed.request).endswith("1 level")


def test_a_clip_closed_while_a_live_setting_is_answered_stays_closed(analysed, qtbot):
    analysed.change_setting("tables", 2)  # answered in the background
    analysed.close_clip()
    done = []
    analysed.jobs.start("analysis", lambda _job: None, done=lambda _result: done.append(True))
    qtbot.waitUntil(lambda: bool(done), timeout=20_000)
    assert analysed.clip is None
    assert analysed.analysis is None
    assert analysed.error is None


def test_marks_that_were_analysed_already_are_shown_at_once(analysed, qtbot):
    """Back and forth by undo and redo; live settings of now are answered from what was kept."""
    history, first, magnified = MarkHistory(analysed), analysed.analysis, []
    analysed.level_made.connect(lambda *_: magnified.append(1))
    analysed.set_mark("apex", 45)
    assert analysed.stale is not None
    analysed.analyse()
    qtbot.waitUntil(lambda: analysed.analysis is not first and not analysed.running, timeout=120_000)
    second = analysed.analysis
    magnified.clear()
    history.undo()
    assert analysed.marks.apex == 52
    assert analysed.analysis is first
    assert analysed.stale is None
    assert not analysed.running
    qtbot.waitUntil(lambda: analysed.chance is not None, timeout=60_000)
    history.redo()
    assert analysed.analysis is second
    analysed.change_setting("network.planes", 2)
    qtbot.waitUntil(lambda: analysed.analysis.settings.network.planes == 2, timeout=60_000)
    history.undo()
    qtbot.waitUntil(lambda: analysed.analysis.settings.network.planes == 2, timeout=60_000)
    assert np.array_equal(analysed.analysis.frames, first.frames)
    assert magnified == []
    analysed.set_mark("apex", 40)
    assert analysed.stale is not None, "never analysed"


def test_of_very_many_levels_only_the_last_analysis_is_kept(session):
    for count, kept in ((32, 1), (32, 2), (MOST_LEVELS, 1), (8, 1)):
        request = Request("a", 0, len(session._made) + count, AnalysisSettings(), "auto")
        session._remember(request, SimpleNamespace(levels=range(count)))
        assert len(session._made) == kept
        assert session._made[-1][0] is request
    session._remember(request, SimpleNamespace(levels=range(8)))
    assert len(session._made) == 1, "in place of the one of the same frames"
