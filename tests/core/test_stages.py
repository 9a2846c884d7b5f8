"""The stage cache: keys by content, bounds, disk, damage."""

import numpy as np
import pytest

from mrn_core.stages import StageCache, digest


def arrays(n=100, value=1.0):
    return {"x": np.full(n, value)}


def test_digests_tell_contents_shapes_and_types_apart():
    a = np.arange(6, dtype=np.uint8)
    parts = [
        (a,), (a.reshape(2, 3),), (a.astype(np.int16),), (a, a), (a[::-1],), ("6",), (6,), (b"6",),
        ("a", "b"), ("ab",),
    ]  # fmt: skip
    assert len({digest(*part) for part in parts}) == len(parts)
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert digest(a[::2]) == digest(a[::2].copy())


def test_a_stage_is_computed_once_and_counted():
    cache = StageCache()
    for _ in range(3):
        got = cache.get("flow", "k", arrays)
    assert cache.counts == {"flow": 1}
    with pytest.raises(ValueError, match="read-only"):
        got["x"][0] = 2


def test_memory_is_bounded_and_the_least_used_goes_first():
    cache = StageCache(memory_bytes=2500)
    for key in ("a", "b", "c"):
        cache.store("s", key, arrays())
    cache.find("s", "a")
    cache.store("s", "d", arrays())
    assert cache.used_bytes <= 2500
    assert [cache.find("s", key) is not None for key in "abcd"] == [True, False, True, True]
    cache.store("s", "huge", arrays(10_000))
    assert cache.find("s", "huge") is None
    assert cache.used_bytes <= 2500


def test_a_folder_keeps_results_beyond_the_programs_life(tmp_path):
    StageCache(folder=tmp_path).store("s", "k", arrays(value=7.0))
    later = StageCache(folder=tmp_path)
    assert later.find("s", "k")["x"][0] == 7
    assert later.counts == {}


def test_damage_on_disk_costs_time_and_nothing_else(tmp_path):
    cache = StageCache(folder=tmp_path)
    cache.store("s", "k", arrays())
    path = next(tmp_path.glob("*.npz"))
    path.write_bytes(path.read_bytes()[:50])
    assert StageCache(folder=tmp_path).find("s", "k") is None
    assert not path.exists()


def test_disk_is_bounded(tmp_path):
    cache = StageCache(folder=tmp_path, disk_bytes=5000)
    for i in range(8):
        cache.store("s", str(i), arrays(200))
    assert sum(f.stat().st_size for f in tmp_path.iterdir()) <= 5000
    assert StageCache(folder=tmp_path).find("s", "7") is not None


def test_a_folder_that_cannot_be_written_does_not_stop_an_analysis(tmp_path):
    (tmp_path / "file").write_text("in the way")
    cache = StageCache(folder=tmp_path / "file")
    cache.store("s", "k", arrays())
    assert cache.find("s", "k") is not None
