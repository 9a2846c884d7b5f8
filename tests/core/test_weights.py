"""Named weights: import of published files, what is refused and how it is said, what is kept."""

import json
import pickle

import numpy as np
import pytest

from mrn_core import weights
from mrn_core.errors import WeightsError

torch = pytest.importorskip("torch")

PUBLISHED_SHA256 = "26c0e3ba528152d9219698ca4dac8a1924e3c4528f81277c3296fb7c034d4fae"


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("MRN_STUDIO_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def made_up(name, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return {
        tensor: torch.randn(shape, generator=generator)
        for tensor, shape in weights.KNOWN[name].shapes.items()
    }


def saved(tensors, path):
    torch.save(tensors, path)
    return path


def assert_equal(found, expected):
    assert set(found) == set(expected)
    for name, value in expected.items():
        assert torch.equal(found[name], value), name


@pytest.mark.parametrize("name", list(weights.KNOWN))
def test_an_imported_file_gives_its_tensors_back(name, tmp_path, data_folder):
    tensors = made_up(name)
    file = saved(tensors, tmp_path / "own.pth")
    path = weights.import_published(name, file)
    assert path == weights.find(name) == data_folder / "weights" / f"{name}.safetensors"
    loaded, metadata = weights.load(name)
    assert_equal(loaded, tensors)
    assert metadata["name"] == name
    assert metadata["source_sha256"] == weights.sha256_of(file)
    assert metadata["published"] is False  # the right tensors, but not the published file
    assert metadata["licence"] == weights.KNOWN[name].licence
    assert metadata["convention"] == weights.KNOWN[name].convention
    assert [item.name for item in weights.installed()] == [name]
    assert weights.installed()[0].sha256 == weights.sha256_of(path)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]  # nothing half-written beside it


def test_the_published_file_is_recognised(shared):
    file = shared / "data" / "weights" / "magnet_epoch12_loss7.28e-02.pth"
    path = weights.import_published("magnet", file)
    loaded, metadata = weights.load("magnet")
    assert metadata["published"] is True
    assert metadata["source_sha256"] == PUBLISHED_SHA256
    assert file.stat().st_size == weights.KNOWN["magnet"].published_bytes
    assert_equal(loaded, torch.load(file, map_location="cpu", weights_only=True))
    before = path.read_bytes()
    assert weights.import_published("magnet", file).read_bytes() == before


def test_the_prefix_of_parallel_training_is_taken_off(tmp_path):
    tensors = made_up("magnet")
    prefixed = {f"module.{name}": value for name, value in tensors.items()}
    weights.import_published("magnet", saved(prefixed, tmp_path / "parallel.pth"))
    assert_equal(weights.load("magnet")[0], tensors)


def test_a_whole_resnet18_loses_what_the_trunk_does_not_use(tmp_path):
    torchvision = pytest.importorskip("torchvision")
    model = torchvision.models.resnet18(weights=None)
    weights.import_published("resnet18-imagenet", saved(model.state_dict(), tmp_path / "resnet18.pth"))
    loaded, metadata = weights.load("resnet18-imagenet")
    expected = {
        name: value
        for name, value in model.state_dict().items()
        if not name.startswith(("layer4", "fc")) and "num_batches" not in name
    }
    assert_equal(loaded, expected)
    assert metadata["input"] == {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}


def broken(kind, folder):
    file = folder / f"{kind}.pth"
    tensors = made_up("magnet")
    if kind == "pointer":
        file.write_text(
            f"version https://git-lfs.github.com/spec/v1\noid sha256:{PUBLISHED_SHA256}\nsize 3528201\n"
        )
    elif kind == "half":
        data = saved(tensors, file).read_bytes()
        file.write_bytes(data[: len(data) // 2])
    elif kind == "empty":
        file.write_bytes(b"")
    elif kind == "text":
        file.write_text("not weights")
    elif kind == "code":
        file.write_bytes(pickle.dumps(np.random.default_rng))
    elif kind == "list":
        saved([1, 2], file)
    elif kind == "lacking":
        tensors.popitem()
        saved(tensors, file)
    elif kind == "other":
        saved(tensors | {"encoder.cba_1.conv2d.bias": torch.zeros(16)}, file)
    elif kind == "shape":
        saved(tensors | {"manipulator.g.conv2d.weight": torch.zeros(32, 32, 7, 7)}, file)
    elif kind == "nan":
        saved(tensors | {"manipulator.g.conv2d.weight": torch.full((32, 32, 3, 3), torch.nan)}, file)
    elif kind == "integers":
        saved({name: value.to(torch.int64) for name, value in tensors.items()}, file)
    return file


@pytest.mark.parametrize(
    "kind",
    ["pointer", "half", "empty", "text", "code", "list", "lacking", "other", "shape", "nan", "integers"],
)
def test_a_wrong_file_is_refused_in_one_line(kind, tmp_path):
    file = broken(kind, tmp_path)
    with pytest.raises(WeightsError) as caught:
        weights.import_published("magnet", file)
    told = str(caught.value)
    assert "\n" not in told
    assert str(file) in told
    assert "3,528,201 bytes" in told
    assert PUBLISHED_SHA256 in told
    assert weights.sha256_of(file) in told
    assert weights.installed() == []


def test_a_refused_file_leaves_the_installed_one(tmp_path):
    tensors = made_up("magnet")
    weights.import_published("magnet", saved(tensors, tmp_path / "good.pth"))
    with pytest.raises(WeightsError):
        weights.import_published("magnet", broken("half", tmp_path))
    assert_equal(weights.load("magnet")[0], tensors)


def test_missing_files_unknown_names_and_folders(tmp_path):
    for attempt, told in (
        (lambda: weights.find("magnet"), "mrn weights import magnet FILE"),
        (lambda: weights.load("magnet"), "mrn weights import magnet FILE"),
        (lambda: weights.find("magent"), "magnet, resnet18-imagenet"),
        (lambda: weights.import_published("magent", tmp_path), "magnet, resnet18-imagenet"),
        (lambda: weights.import_published("magnet", tmp_path / "none.pth"), "none.pth"),
        (lambda: weights.import_published("magnet", tmp_path), str(tmp_path)),
        (lambda: weights.read_file(tmp_path / "none.safetensors"), "none.safetensors"),
        (lambda: weights.sha256_of(tmp_path / "none"), "none"),
    ):
        with pytest.raises(WeightsError, match=told.replace(".", r"\.")):
            attempt()


@pytest.mark.parametrize("damage", ["half", "pickle", "empty"])
def test_a_users_file_is_read_as_safetensors_only(damage, tmp_path):
    path = weights.import_published("magnet", saved(made_up("magnet"), tmp_path / "good.pth"))
    if damage == "half":
        path.write_bytes(path.read_bytes()[:1_000_000])
    elif damage == "pickle":
        saved(made_up("magnet"), path)
    else:
        path.write_bytes(b"")
    with pytest.raises(WeightsError, match="safetensors") as caught:
        weights.load("magnet")
    assert str(path) in str(caught.value)
    assert weights.installed() == []


def test_a_safetensors_file_with_other_tensors_is_refused(tmp_path):
    from safetensors.torch import save_file

    path = tmp_path / "other.safetensors"
    save_file({"a": torch.zeros(2)}, path)
    tensors, metadata = weights.read_file(path)
    assert list(tensors) == ["a"]
    assert metadata == {}
    with pytest.raises(WeightsError, match="other tensors than magnet"):
        weights.read_file(path, expected="magnet")


def test_a_folder_that_cannot_be_written(tmp_path, monkeypatch):
    blocker = tmp_path / "file"
    blocker.write_text("")
    monkeypatch.setenv("MRN_STUDIO_DATA", str(blocker))
    with pytest.raises(WeightsError, match="cannot be written"):
        weights.import_published("magnet", saved(made_up("magnet"), tmp_path / "good.pth"))


def test_every_known_name_has_its_card():
    from mrn_core.resources import resource

    for known in weights.KNOWN.values():
        card = resource("weights", f"{known.name}.md").read_text(encoding="utf-8")
        assert known.published_name in card
        assert known.published_sha256 in card
        assert f"mrn weights import {known.name} FILE" in card


def test_the_command_imports_and_lists(tmp_path, capsys):
    from mrn_core.cli import main

    assert main(["weights", "list"]) == 0
    assert "not installed: mrn weights import magnet FILE" in capsys.readouterr().out
    file = saved(made_up("magnet"), tmp_path / "own.pth")
    assert main(["weights", "import", "magnet", str(file)]) == 0
    assert f"not the published file: SHA-256 {weights.sha256_of(file)}" in capsys.readouterr().out
    assert main(["weights", "list", "--json"]) == 0
    listed = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert listed["magnet"]["installed"] is True
    assert listed["magnet"]["sha256"] == weights.sha256_of(weights.find("magnet"))
    assert listed["resnet18-imagenet"]["installed"] is False
    assert main(["weights", "import", "magnet", str(broken("pointer", tmp_path))]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "pointer" in captured.err
    weights.find("magnet").write_bytes(b"damaged")
    assert main(["weights", "list"]) == 0
    assert "damaged" in capsys.readouterr().out
