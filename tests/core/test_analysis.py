"""The whole path on real frames: stages, what-if, cancel, provenance, and its refusals."""

import json

import cv2
import numpy as np
import pytest
import torch

from mrn_core import Analysis, AnalysisSettings, Analyzer, analyze, devices, open_clip
from mrn_core.clip.demo import demo_clip_path, demo_truth
from mrn_core.errors import Cancelled, ClipError, FaceError, SettingsError, WeightsError
from mrn_core.faces import face_transform
from mrn_core.network import MRN, MRNConfig
from mrn_core.network.attention import SparseSelfAttention
from mrn_core.network.files import save_mrn
from mrn_core.settings import with_values

# Where a test asks about one stage, the network may be small.
SMALL = {"blocks": 1, "feedforward": 16}
FEW = {"levels": 2, "magnifier": "linear", **SMALL}


@pytest.fixture(scope="module")
def clip():
    with open_clip(demo_clip_path()) as clip:
        yield clip


@pytest.fixture(scope="module")
def marks():
    truth = demo_truth()
    return truth.onset, truth.apex


@pytest.fixture(scope="module")
def analyzer():
    return Analyzer(device="cpu")


@pytest.fixture(scope="module")
def seen():
    return {"progress": [], "frames": []}


@pytest.fixture(scope="module")
def demo(clip, marks, analyzer, seen):
    return analyzer.run(
        clip, *marks,
        progress=lambda *said: seen["progress"].append(said),
        on_frame=lambda i, frame: seen["frames"].append((i, frame.copy())),
    )  # fmt: skip


def same(a, b):
    for name in ("onset", "apex", "flow", "levels", "gains", "frames", "features", "scores"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)
    for s, t in zip(a.traces, b.traces, strict=True):
        for name, value in s.arrays().items():
            np.testing.assert_array_equal(value, t.arrays()[name], err_msg=name)
    assert a.probabilities == b.probabilities


def test_an_analysis_has_what_the_design_says(demo):
    assert demo.onset.shape == demo.apex.shape == (224, 224, 3)
    assert demo.flow.shape == (224, 224, 2)
    assert demo.frames.shape == (32, 224, 224, 3)
    assert demo.features.shape == (32, 1024)
    assert demo.features.dtype == np.float32
    np.testing.assert_allclose(demo.levels, np.linspace(2, 13, 32))
    np.testing.assert_allclose(demo.gains, 1 + demo.levels)
    assert demo.face.landmarks.shape == (68, 2)
    assert demo.reach().shape == demo.zeroed().shape == demo.received().shape == (3, 8, 32)
    assert sum(demo.probabilities.values()) == pytest.approx(1)
    assert demo.trained is False
    assert demo.badge().startswith("Untrained")
    assert 0.5 < demo.motion_px < 1.5
    for trace in demo.traces:
        rows = trace.weights.sum(-1)
        assert (np.isclose(rows, 1, atol=1e-5) | (rows == 0)).all()
        assert not trace.weights[~trace.mask].any()


def test_progress_and_frames_come_one_by_one(demo, seen):
    stages = [stage for stage, _, _ in seen["progress"]]
    assert list(dict.fromkeys(stages)) == ["face", "magnify", "encode", "blocks"]
    assert [i for i, _ in seen["frames"]] == list(range(32))
    for i, frame in seen["frames"]:
        np.testing.assert_array_equal(frame, demo.frames[i])


def test_the_hash_is_near_the_diagonal_and_no_lottery(clip, marks, analyzer, demo):
    """Point 4 of the main job: at the defaults, over seeds; one seed by the letter beside it."""
    for seed in (0, 1):
        a = analyzer.run(clip, *marks, with_values(AnalysisSettings(), {"seed": seed}))
        health = a.health()
        assert max(h["all_or_none"] for h in health) <= 0.03
        assert health[0]["near"] >= 2 * health[0]["far"]
    letter = with_values(AnalysisSettings(), {"feature_norm": "none", "qk": "separate"})
    first = analyzer.rerun(demo, letter).health()[0]
    assert first["all_or_none"] > 0.1
    assert first["near"] < 1.5 * first["far"]


def test_two_runs_agree_to_the_last_bit_and_a_file_comes_back(clip, marks, demo, tmp_path):
    again = analyze(clip, *marks, device="cpu")
    same(demo, again)
    assert demo.provenance == again.provenance
    demo.save(tmp_path / "a.npz")
    same(demo, Analysis.load(tmp_path / "a.npz"))


def test_live_settings_run_the_blocks_alone_and_equal_a_whole_run(clip, marks, demo, analyzer, tmp_path):
    before = dict(analyzer.cache.counts)
    settings = with_values(
        AnalysisSettings(),
        {"planes": 4, "tables": 2, "hash_seed": 9, "hash_centre": "mean", "softmax": "full"},
    )
    quick = analyzer.rerun(demo, settings)
    after = dict(analyzer.cache.counts)
    assert after.pop("blocks") == before.pop("blocks") + 1
    assert after == before
    whole = analyzer.run(clip, *marks, settings)
    same(quick, whole)
    assert quick.provenance == whole.provenance
    demo.save(tmp_path / "a.npz")
    same(quick, Analyzer(device="cpu").rerun(Analysis.load(tmp_path / "a.npz"), settings))


def test_a_level_more_computes_one_frame_and_one_feature(clip, marks, analyzer):
    twelve = analyzer.run(clip, *marks, with_values(AnalysisSettings(), {"levels": 12, **SMALL}))
    before = dict(analyzer.cache.counts)
    thirteen = analyzer.run(
        clip, *marks, with_values(AnalysisSettings(), {"levels": 13, "af_high": 14, **SMALL})
    )
    after = analyzer.cache.counts
    assert after["magnify"] - before["magnify"] == 1
    assert after["encode"] - before["encode"] == 1
    assert after["flow"] == before["flow"]
    np.testing.assert_array_equal(twelve.frames, thirteen.frames[:12])
    np.testing.assert_array_equal(twelve.features, thirteen.features[:12])


def test_a_rerun_refuses_what_an_earlier_stage_reads(demo, analyzer):
    with pytest.raises(SettingsError, match="Highest AF") as refused:
        analyzer.rerun(demo, with_values(AnalysisSettings(), {"af_high": 20}))
    assert refused.value.field == "af_high"


@pytest.mark.parametrize("levels", [1, 2, 3])
def test_few_levels_give_finite_numbers_and_files(clip, marks, analyzer, levels, tmp_path):
    """B31: L = 1 has no other query to be reached by."""
    a = analyzer.run(clip, *marks, with_values(AnalysisSettings(), {**FEW, "levels": levels}))
    assert a.frames.shape[0] == levels
    assert np.isfinite(a.scores).all()
    assert np.isnan(a.reach()).all() == (levels == 1)
    assert not a.zeroed().any() or levels > 1
    json.dumps(a.numbers(), allow_nan=False)
    a.save(tmp_path / "a.npz")


def test_cancelling_stops_between_levels_and_changes_nothing(clip, marks, demo):
    analyzer = Analyzer(device="cpu")
    asked = []

    def stop_at_half():
        asked.append(1)
        return len(asked) > 15

    with pytest.raises(Cancelled):
        analyzer.run(clip, *marks, cancel=stop_at_half)
    assert 0 < analyzer.cache.counts["magnify"] < 32
    assert "encode" not in analyzer.cache.counts
    same(analyzer.run(clip, *marks), demo)


def test_provenance_is_enough_to_make_it_again(demo, clip, marks):
    told = demo.provenance
    json.dumps(told, allow_nan=False)
    assert told["clip"]["sha256"] == clip.sha256()
    assert (told["onset"]["frame"], told["apex"]["frame"]) == marks
    assert told["apex_source"] == "user"
    assert told["weights"]["network"] == {"kind": "untrained", "seed": 0}
    assert told["threads"] == torch.get_num_threads()
    assert told["precision"] == "float32"
    assert told["device"] == "cpu"
    assert {"torch", "numpy", "mrn-studio"} <= told["versions"].keys()
    assert AnalysisSettings.from_dict(told["settings"]) == demo.settings


@pytest.mark.parametrize(
    ("onset", "apex", "words"),
    [(10, 10, "is the apex itself"), (20, 10, "is after the apex"), (-1, 5, "0 to"), (0, 10**6, "0 to")],
)
def test_marks_that_do_not_fit_are_refused(clip, analyzer, onset, apex, words):
    with pytest.raises(ClipError, match=words):
        analyzer.run(clip, onset, apex)


def test_a_clip_without_a_face_is_refused_with_the_frame(tmp_path, analyzer):
    import cv2

    for i in range(4):
        cv2.imwrite(str(tmp_path / f"img{i}.png"), np.full((200, 200, 3), 40 + i, np.uint8))
    with open_clip(tmp_path, fps=200) as clip, pytest.raises(FaceError) as refused:
        analyzer.run(clip, 1, 3)
    assert refused.value.frame == 1
    assert refused.value.role == "onset"


def test_a_face_may_be_given_or_be_the_whole_picture(clip, marks, analyzer, demo):
    few = with_values(AnalysisSettings(), {**FEW, "levels": 1})
    given = analyzer.run(clip, *marks, few, face=demo.face.landmarks)
    np.testing.assert_array_equal(given.onset, demo.onset)
    assert given.face.source == "landmarks"
    whole = analyzer.run(clip, *marks, few, face="whole")
    assert whole.face.box is None
    boxed = analyzer.run(clip, *marks, few, face=demo.face.box)
    assert boxed.face.source == "box"
    assert np.abs(boxed.face.landmarks - demo.face.landmarks).max() < 5


def test_a_macro_expression_is_called_by_its_name(shared, analyzer):
    settings = with_values(AnalysisSettings(), {"levels": 2, **SMALL})
    with open_clip(shared / "data/faces/single_face.mp4") as clip:
        micro = analyzer.run(clip, 12, 16, settings)
        macro = analyzer.run(clip, 12, 35, settings)
    assert not any("micro-expression" in w for w in micro.warnings)
    assert any("px of a micro-expression" in w for w in macro.warnings)
    assert any("1/3 s" in w for w in macro.warnings)
    assert macro.numbers()["warnings"] == macro.warnings


class TestWeights:
    def test_a_weights_file_is_used_and_its_config_is_the_default(self, clip, marks, tmp_path):
        config = MRNConfig(planes=2, tables=3, blocks=1, feedforward=16, labels=("x", "y"), seed=5)
        save_mrn(MRN(config), tmp_path / "w.safetensors", trained=True)
        analyzer = Analyzer(tmp_path / "w.safetensors", device="cpu")
        settings = with_values(analyzer.default_settings(), {"levels": 2})
        a = analyzer.run(clip, *marks, settings)
        assert a.trained
        assert a.badge() == ""
        assert list(a.probabilities) == ["x", "y"]
        assert a.traces[0].planes == 2
        assert a.provenance["weights"]["network"]["kind"] == "trained"
        assert len(a.provenance["weights"]["network"]["sha256"]) == 64
        with pytest.raises(SettingsError, match="blocks"):
            analyzer.run(clip, *marks, with_values(settings, {"blocks": 2}))

    def test_missing_weights_say_what_to_do(self, clip, marks):
        with pytest.raises(WeightsError, match=r"none\.safetensors"):
            Analyzer("none.safetensors").run(clip, *marks)
        for values, words in (
            ({"magnifier": "magnet"}, "mrn weights import magnet"),
            ({"trunk": "resnet18-imagenet", "magnifier": "linear"}, "mrn weights import resnet18-imagenet"),
        ):
            with pytest.raises(WeightsError, match=words):
                Analyzer().run(clip, *marks, with_values(AnalysisSettings(), {"levels": 1, **values}))

    def test_untrained_weights_know_no_data_set(self, clip, marks, analyzer):
        settings = with_values(
            AnalysisSettings(), {"levels": 1, "magnifier": "linear", "feature_norm": "dataset"}
        )
        with pytest.raises(SettingsError, match="trained"):
            analyzer.run(clip, *marks, settings)


def test_an_unknown_device_is_refused(clip, marks):
    with pytest.raises(SettingsError, match="cpu"):
        Analyzer(device="abacus").run(clip, *marks, with_values(AnalysisSettings(), {"levels": 1}))


def test_without_bfloat16_the_features_are_float32_and_it_is_said(clip, marks, monkeypatch):
    """B33."""
    few = with_values(AnalysisSettings(), FEW)
    exact = analyze(clip, *marks, few, device="cpu")
    rough = analyze(clip, *marks, with_values(few, {"precision": "bfloat16"}), device="cpu")
    assert rough.features.dtype == np.float32
    assert rough.provenance["precision"] == "bfloat16"
    error = np.linalg.norm(rough.features - exact.features) / np.linalg.norm(exact.features)
    assert error <= 0.02
    monkeypatch.setattr("mrn_core.network.encoder.bfloat16_works", lambda device: False)
    without = analyze(clip, *marks, with_values(few, {"precision": "bfloat16"}), device="cpu")
    np.testing.assert_array_equal(without.features, exact.features)
    assert any("float32" in note for note in without.provenance["notes"])
    assert without.provenance["precision"] == "float32"


def test_a_folder_of_stages_serves_the_next_program(clip, marks, tmp_path):
    few = with_values(AnalysisSettings(), {**FEW, "magnifier": "lagrangian"})
    first = Analyzer(device="cpu", cache_dir=tmp_path).run(clip, *marks, few)
    later = Analyzer(device="cpu", cache_dir=tmp_path)
    same(later.run(clip, *marks, few), first)
    assert later.cache.counts["magnify"] == later.cache.counts["encode"] == later.cache.counts["flow"] == 0


def test_beyond_the_border_of_the_picture_nothing_moves(clip, marks, analyzer, demo, tmp_path):
    x, _, w, _ = (round(value) for value in demo.face.box)
    for number, frame in enumerate(marks):
        cv2.imwrite(str(tmp_path / f"{number}.png"), clip[frame][:, x + w // 4 :, ::-1])
    settings = with_values(AnalysisSettings(), {**FEW, "magnifier": "lagrangian", "af_high": 40})
    with open_clip(tmp_path, fps=100) as cut:
        found = analyzer.run(cut, 0, 1, settings)
        beyond = face_transform(found.face.landmarks).outside(*cut[0].shape[:2])
    assert 0.2 < beyond.mean() < 0.5
    assert (found.frames[:, beyond] == 128).all()
    assert (found.flow[beyond] == 0).all()
    assert found.frames[1].std() > 10
    assert any("cut by the picture's border" in text for text in found.warnings)
    assert found.face.measured.inside < 0.9


def test_what_is_prepared_needs_not_be_made_and_is_the_same(clip, marks):
    prepared, plain = Analyzer(), Analyzer()
    few = with_values(AnalysisSettings(threads=1), FEW)
    a = prepared.run(clip, *marks, settings=few)
    prepared.prepare(a.settings)
    known = dict(prepared.networks._made)
    assert len(known) == 3
    assert len({id(network.encoder) for network in known.values()}) == 1
    changed = with_values(a.settings, {"qk": "separate"})
    again = prepared.rerun(a, changed)
    assert prepared.networks._made == known
    same(again, plain.rerun(a, changed))


def test_preparing_stops_when_it_is_asked_to():
    fresh = Analyzer()
    fresh.prepare(AnalysisSettings(), cancel=lambda: True)
    assert not fresh.networks._made


def test_few_levels_are_read_in_one_thread_so_that_the_count_changes_no_bit(demo, analyzer, monkeypatch):
    counts = []
    project = SparseSelfAttention.trace

    def noted(self, *args, **keywords):
        counts.append(devices.threads())
        return project(self, *args, **keywords)

    monkeypatch.setattr(SparseSelfAttention, "trace", noted)
    found = []
    for threads in (1, 2):
        monkeypatch.setattr(devices, "_cores", lambda threads=threads: threads)
        found.append(analyzer.rerun(demo, with_values(demo.settings, {"hash_seed": 5})))
        assert devices.threads() == threads, "the features are encoded by all"
    assert set(counts) == {1}
    same(*found)
