"""Any ResNet-18 as the trunk: prefixes, grey input, foreign classifiers, and what is no ResNet-18."""

import pytest
import torch
from torch import nn
from torchvision.models import resnet18, resnet34

from mrn_core.cli import main
from mrn_core.errors import WeightsError
from mrn_core.network.encoder import FrameEncoder
from mrn_core.network.trunk import GREY, import_trunk, load_trunk


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("MRN_STUDIO_DATA", str(tmp_path / "data"))


def random_resnet(seed=0, grey=False, classes=8):
    torch.manual_seed(seed)
    network = resnet18(weights=None, num_classes=classes).eval()
    if grey:
        network.conv1 = nn.Conv2d(1, 64, 7, 2, 3, bias=False)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    return network


def trunk_features(network, x):
    """What the checkpoint's own network computes up to layer3, pooled to 2 x 2."""
    with torch.no_grad():
        x = network.maxpool(network.relu(network.bn1(network.conv1(x))))
        x = network.layer3(network.layer2(network.layer1(x)))
        return nn.functional.adaptive_avg_pool2d(x, 2).flatten(1)


@pytest.mark.parametrize("wrapped", ["plain", "module.", "module.backbone.", "state_dict"])
def test_prefixes_and_foreign_classifiers_are_taken_off(tmp_path, wrapped):
    network = random_resnet()
    state = network.state_dict()
    if wrapped == "state_dict":
        state = {"epoch": 3, "state_dict": {f"module.{k}": v for k, v in state.items()}}
    elif wrapped != "plain":
        state = {f"{wrapped}{k}": v for k, v in state.items()}
    torch.save(state, tmp_path / "fer.pth")
    import_trunk(tmp_path / "fer.pth", "ferplus", mean=[0.5, 0.4, 0.3], std=[0.2, 0.3, 0.4])
    encoder = FrameEncoder().eval()
    load_trunk(encoder, "ferplus")
    frames = torch.rand(2, 3, 224, 224)
    normal = (frames - torch.tensor([0.5, 0.4, 0.3]).view(3, 1, 1)) / torch.tensor([0.2, 0.3, 0.4]).view(
        3, 1, 1
    )
    with torch.no_grad():
        torch.testing.assert_close(encoder(frames), trunk_features(network, normal), rtol=1e-4, atol=1e-4)


def test_a_grey_first_layer_reads_the_same_grey_from_colour(tmp_path):
    network = random_resnet(grey=True)
    torch.save(network.state_dict(), tmp_path / "grey.pth")
    import_trunk(tmp_path / "grey.pth", "grey", mean=[0.45], std=[0.25])
    encoder = FrameEncoder().eval()
    load_trunk(encoder, "grey")
    frames = torch.rand(2, 3, 224, 224)
    grey = (frames * torch.tensor(GREY).view(3, 1, 1)).sum(1, keepdim=True)
    with torch.no_grad():
        expected = trunk_features(network, (grey - 0.45) / 0.25)
        torch.testing.assert_close(encoder(frames), expected, rtol=1e-3, atol=1e-3)


def test_what_is_no_resnet18_is_refused_by_name(tmp_path):
    torch.save(resnet34(weights=None).state_dict(), tmp_path / "r34.pth")
    with pytest.raises(WeightsError, match="deeper"):
        import_trunk(tmp_path / "r34.pth", "deeper")
    for state, words in (
        ({"conv1.weight": torch.zeros(64, 3, 7, 7)}, "bn1"),
        ({k: v for k, v in random_resnet().state_dict().items() if "layer2.0" not in k}, "layer2"),
        ({**random_resnet().state_dict(), "conv1.weight": torch.zeros(64, 4, 7, 7)}, "conv1"),
        ({**random_resnet().state_dict(), "bn1.bias": torch.full((64,), float("nan"))}, "bn1"),
        ({"x": torch.zeros(1)}, "conv1"),
    ):
        torch.save(state, tmp_path / "bad.pth")
        with pytest.raises(WeightsError, match=words):
            import_trunk(tmp_path / "bad.pth", "bad")
    for name in ("seeded", "magnet", "../up", "Capital", ""):
        torch.save(random_resnet().state_dict(), tmp_path / "good.pth")
        with pytest.raises(WeightsError):
            import_trunk(tmp_path / "good.pth", name)
    with pytest.raises(WeightsError, match="mean or std"):
        import_trunk(tmp_path / "good.pth", "good", std=[0.0])
    with pytest.raises(WeightsError, match="There are no weights"):
        load_trunk(FrameEncoder(), "never")


def test_the_command_imports_a_trunk_that_the_analysis_takes(tmp_path, capsys):
    from mrn_core import AnalysisSettings, Analyzer, open_clip
    from mrn_core.clip.demo import demo_clip_path, demo_truth
    from mrn_core.settings import with_values

    torch.save(random_resnet(seed=4).state_dict(), tmp_path / "t.pth")
    argv = [
        "weights",
        "import-trunk",
        "mine",
        str(tmp_path / "t.pth"),
        "--mean",
        "0.5",
        "--std",
        "0.5,0.5,0.5",
    ]
    assert main(argv) == 0, capsys.readouterr().err
    assert "trunk=mine" in capsys.readouterr().out
    truth = demo_truth()
    few = {"levels": 2, "magnifier": "linear", "blocks": 1, "feedforward": 16}
    analyzer = Analyzer(device="cpu")
    with open_clip(demo_clip_path()) as clip:
        own = analyzer.run(
            clip, truth.onset, truth.apex, with_values(AnalysisSettings(), {**few, "trunk": "mine"})
        )
        seeded = analyzer.run(clip, truth.onset, truth.apex, with_values(AnalysisSettings(), few))
    assert own.provenance["weights"]["trunk"]["kind"] == "mine"
    assert len(own.provenance["weights"]["trunk"]["sha256"]) == 64
    assert abs(own.features - seeded.features).max() > 0.01
    assert main([*argv[:-1], "nonsense"]) == 2
