"""The network: shapes, seeds, the settings of the paper, and files."""

import hashlib

import numpy as np
import pytest
import torch

from mrn_core.errors import FileError, SettingsError, WeightsError
from mrn_core.network import MRN, MRNConfig
from mrn_core.network.encoder import BATCH
from mrn_core.network.files import load_mrn, save_mrn
from mrn_core.network.fusion import ScoreFusion
from mrn_core.network.position import sinusoidal

SMALL = {"blocks": 2, "heads": 8, "feedforward": 64}


@pytest.fixture(scope="module")
def network():
    return MRN(MRNConfig(**SMALL)).eval()


@pytest.fixture(scope="module")
def features():
    return torch.randn(2, 12, 1024, generator=torch.Generator().manual_seed(1))


def test_frames_to_logits_and_trace_agree(network):
    frames = torch.rand(1, 3, 3, 224, 224, generator=torch.Generator().manual_seed(2))
    encoded = network.encode(frames)
    assert encoded.shape == (1, 3, 1024)
    assert encoded.dtype == torch.float32
    logits, beta, traces = network.trace(frames=frames)
    torch.testing.assert_close(network(frames), logits)
    torch.testing.assert_close(network.from_features(encoded), logits)
    assert logits.shape == (1, 5)
    assert beta.shape == (1, 3)
    assert len(traces) == 1
    assert len(traces[0]) == 2


def test_the_fast_encoder_is_the_plain_one_and_a_frame_stands_alone(network):
    frames = torch.rand(BATCH + 3, 3, 224, 224, generator=torch.Generator().manual_seed(3))
    fast = network.encoder.encode(frames)
    with torch.no_grad():
        plain = network.encoder(frames)
    assert float((fast - plain).abs().max() / plain.abs().max()) < 1e-5
    order = torch.randperm(len(frames), generator=torch.Generator().manual_seed(4))
    assert torch.equal(network.encoder.encode(frames[order]), fast[order])
    assert torch.equal(network.encoder.encode(frames[5:6]), fast[5:6])
    assert network.encoder.encode(frames[:0]).shape == (0, 1024)


def test_the_fast_encoder_follows_changed_weights():
    encoder = MRN(MRNConfig(blocks=1)).encoder
    frame = torch.rand(1, 3, 224, 224)
    before = encoder.encode(frame)
    with torch.no_grad():
        encoder.conv1.weight.mul_(2)
        plain = encoder(frame)
    assert not torch.equal(encoder.encode(frame), before)
    torch.testing.assert_close(encoder.encode(frame), plain, rtol=1e-4, atol=1e-4)


def test_bfloat16_is_close_and_comes_back_as_float32(network):
    frames = torch.rand(2, 3, 224, 224, generator=torch.Generator().manual_seed(5))
    exact = network.encoder.encode(frames)
    rough = network.encoder.encode(frames, torch.bfloat16)
    assert rough.dtype == torch.float32
    assert 0 < float((rough - exact).norm() / exact.norm()) < 0.02


def test_a_trainable_trunk_gets_gradients():
    network = MRN(MRNConfig(blocks=1, feedforward=16))
    network.encoder.requires_grad_(True)
    network(torch.rand(1, 2, 3, 224, 224)).sum().backward()
    assert network.encoder.conv1.weight.grad.abs().sum() > 0
    assert network.blocks[0].attention.query.weight.grad is not None


def test_seeds_decide_the_weights_and_leave_the_global_generator_alone():
    torch.manual_seed(11)
    expected = torch.rand(3)
    torch.manual_seed(11)
    first, again, other = (MRN(MRNConfig(seed=s, **SMALL)) for s in (7, 7, 8))
    assert torch.equal(torch.rand(3), expected)
    for name, value in first.state_dict().items():
        assert torch.equal(value, again.state_dict()[name]), name
    assert not torch.equal(first.fusion.classify.weight, other.fusion.classify.weight)
    assert not torch.equal(first.encoder.conv1.weight, other.encoder.conv1.weight)


def test_the_hash_seed_redraws_the_planes_alone(network, features):
    saved = network.trace(features=features)[2][0][0]
    network.configure(MRNConfig(hash_seed=5, **SMALL))
    redrawn = network.trace(features=features)[2][0][0]
    np.testing.assert_array_equal(redrawn.queries, saved.queries)
    assert not np.array_equal(redrawn.hyperplanes, saved.hyperplanes)
    network.configure(MRNConfig(**SMALL))
    np.testing.assert_array_equal(network.trace(features=features)[2][0][0].hyperplanes, saved.hyperplanes)


def test_more_tables_only_add_pairs_and_more_planes_only_remove(network, features):
    def mask(planes, tables):
        network.configure(MRNConfig(planes=planes, tables=tables, **SMALL))
        return network.trace(features=features)[2][0][0].mask

    assert (mask(3, 4) <= mask(3, 6)).all()
    assert (mask(4, 4) <= mask(3, 4)).all()
    assert mask(0, 1).all()
    network.configure(MRNConfig(**SMALL))


def test_tied_projections_start_equal_and_separate_ones_do_not(features):
    tied, separate = (MRN(MRNConfig(qk=qk, **SMALL)).blocks[0].attention for qk in ("tied", "separate"))
    assert torch.equal(tied.query.weight, tied.key.weight)
    assert tied.query.weight.data_ptr() != tied.key.weight.data_ptr()
    assert not torch.equal(separate.query.weight, separate.key.weight)
    shared = MRN(MRNConfig(qk="shared", **SMALL)).eval()
    trace = shared.trace(features=features)[2][0][0]
    assert shared.blocks[0].attention.key is None
    np.testing.assert_array_equal(trace.queries, trace.keys)


def test_the_centre_is_what_was_subtracted(network, features):
    network.configure(MRNConfig(hash_centre="mean", **SMALL))
    trace = network.trace(features=features)[2][1][0]
    np.testing.assert_allclose(trace.query_centre, trace.queries.mean(1), atol=1e-6)
    network.configure(MRNConfig(**SMALL))
    assert not network.trace(features=features)[2][1][0].query_centre.any()


def test_clip_normalisation_takes_each_dimension_over_the_levels(network, features):
    normal = network.normalise(features)
    x = features.double().numpy()
    expected = (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-6)
    np.testing.assert_allclose(normal.numpy(), expected, atol=1e-5)
    assert not network.normalise(features[:, :1]).any()


def test_live_settings_change_and_others_are_refused_by_name(network):
    with pytest.raises(SettingsError, match="seed") as refused:
        network.configure(MRNConfig(seed=4, **SMALL))
    assert refused.value.field == "seed"


def test_a_trace_wants_frames_or_features(network):
    with pytest.raises(SettingsError):
        network.trace()


def test_redraw_follows_its_generator(network):
    network.redraw(torch.Generator().manual_seed(1))
    first = network.blocks[1].attention.hyperplanes.clone()
    network.redraw(torch.Generator().manual_seed(1))
    assert torch.equal(network.blocks[1].attention.hyperplanes, first)
    network.configure(MRNConfig(**SMALL))


def test_position_is_the_papers():
    table = sinusoidal(40, 64).numpy()
    for pos, d in [(0, 0), (3, 5), (39, 31)]:
        angle = pos / 10000 ** (2 * d / 64)
        assert table[pos, 2 * d] == pytest.approx(np.sin(angle), abs=1e-6)
        assert table[pos, 2 * d + 1] == pytest.approx(np.cos(angle), abs=1e-6)


def test_fusion_is_eq_7_and_8_normalised():
    torch.manual_seed(0)
    fusion = ScoreFusion(6, 3)
    F, S = torch.randn(2, 4, 6), torch.randn(2, 4, 6)
    logits, beta = fusion(F, S)
    w, b = fusion.score.weight.detach().numpy()[0], fusion.score.bias.item()
    for i in range(2):
        f = F[i].numpy()
        expected = 1 / (1 + np.exp(-(f @ w + b)))
        np.testing.assert_allclose(beta[i].detach().numpy(), expected, atol=1e-6)
        joined = np.concatenate([(expected[:, None] * f).sum(0) / expected.sum(), S[i].numpy().mean(0)])
        answer = fusion.classify.weight.detach().numpy() @ joined + fusion.classify.bias.detach().numpy()
        np.testing.assert_allclose(logits[i].detach().numpy(), answer, atol=1e-5)


class TestFiles:
    def test_a_saved_network_comes_back_to_the_bit(self, tmp_path, features):
        network = MRN(MRNConfig(seed=3, planes=5, labels=("a", "b"), **SMALL)).eval()
        save_mrn(network, tmp_path / "n.safetensors", trained=True, told={"data": "made up"})
        loaded, about = load_mrn(tmp_path / "n.safetensors")
        assert about["trained"] is True
        assert about["told"] == {"data": "made up"}
        assert loaded.config == network.config
        assert torch.equal(loaded.from_features(features), network.from_features(features))

    def test_equal_networks_give_equal_files(self, tmp_path):
        for name in ("a", "b"):
            save_mrn(MRN(MRNConfig(blocks=1, feedforward=8)), tmp_path / name)
        sums = {hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in ("a", "b")}
        assert len(sums) == 1

    @pytest.mark.parametrize("damage", ["cut", "text", "missing", "foreign"])
    def test_what_does_not_fit_is_refused_by_name(self, tmp_path, damage):
        path = tmp_path / "net.safetensors"
        save_mrn(MRN(MRNConfig(blocks=1, feedforward=8)), path)
        if damage == "cut":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        elif damage == "text":
            path.write_text("version https://git-lfs.github.com/spec/v1\n")
        elif damage == "missing":
            path.unlink()
        else:
            from safetensors.torch import save_file

            save_file({"x": torch.zeros(1)}, path)
        with pytest.raises(WeightsError, match=r"net\.safetensors"):
            load_mrn(path)

    def test_tensors_that_do_not_fit_the_config_are_named(self, tmp_path):
        from safetensors import safe_open
        from safetensors.torch import save_file

        path = tmp_path / "n.safetensors"
        save_mrn(MRN(MRNConfig(blocks=1, feedforward=8)), path)
        with safe_open(path, framework="pt") as file:
            about, tensors = file.metadata(), {k: file.get_tensor(k) for k in file.keys()}  # noqa: SIM118
        for change, words in (
            ({"fusion.score.bias": torch.full((1,), float("nan"))}, "fusion.score.bias"),
            ({"fusion.score.bias": torch.zeros(2)}, "fusion.score.bias"),
            ({"extra": torch.zeros(2)}, "extra"),
        ):
            save_file({**tensors, **change}, path, about)
            with pytest.raises(WeightsError, match=words):
                load_mrn(path)

    def test_an_unwritable_place_is_said(self, tmp_path):
        with pytest.raises(FileError):
            save_mrn(MRN(MRNConfig(blocks=1, feedforward=8)), tmp_path)


@pytest.mark.parametrize("variant", ["features", "blocks"])
def test_one_branch_alone_does_not_hear_the_other(variant, features):
    network = MRN(MRNConfig(fusion=variant, **SMALL)).eval()
    normal = network.normalise(features)
    other = torch.randn(normal.shape, generator=torch.Generator().manual_seed(9))
    heard = 0 if variant == "features" else 1
    pair = [normal, other]
    before = network.fusion(*pair)[0]
    assert before.shape == (2, 5)
    pair[1 - heard] = torch.zeros_like(normal) + 1
    assert torch.equal(network.fusion(*pair)[0], before)
    pair[heard] = pair[heard] * 2
    assert not torch.equal(network.fusion(*pair)[0], before)
