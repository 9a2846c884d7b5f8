"""MagNet's network: the published tensors, reconstruction, the shared encoder against the plain forward."""

import cv2
import numpy as np
import pytest

from mrn_core import weights
from mrn_core.magnification.magnet import MagNet

torch = pytest.importorskip("torch")


@pytest.fixture(autouse=True)
def one_thread():
    """Two threads of torch wait for each other where other work is running."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def published(shared, tmp_path_factory):
    """The published weights as safetensors."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MRN_STUDIO_DATA", str(tmp_path_factory.mktemp("data")))
        return weights.import_published(
            "magnet", shared / "data" / "weights" / "magnet_epoch12_loss7.28e-02.pth"
        )


@pytest.fixture(scope="module")
def face(shared):
    """A face, 224 x 224, from the reference photograph."""
    picture = cv2.cvtColor(cv2.imread(str(shared / "data" / "faces" / "astronaut.png")), cv2.COLOR_BGR2RGB)
    return cv2.resize(picture[20:270, 105:355], (224, 224), interpolation=cv2.INTER_AREA)


def moved(picture, shift):
    rows, columns = np.indices(picture.shape[:2], np.float32)
    bump = np.exp(-((columns - 112) ** 2 + (rows - 150) ** 2) / (2 * 20**2))
    return cv2.remap(picture, columns, rows + shift * bump.astype(np.float32), cv2.INTER_CUBIC)


def in_range(picture):
    return torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 127.5 - 1


def test_the_network_has_the_published_tensors():
    from mrn_core.magnification.magnet_network import MagNetNetwork

    network = MagNetNetwork()
    assert {name: tuple(value.shape) for name, value in network.state_dict().items()} == weights.KNOWN[
        "magnet"
    ].shapes
    assert sum(parameter.numel() for parameter in network.parameters()) == 877_968


def test_the_shared_path_equals_the_plain_one_for_random_weights():
    from mrn_core.magnification.magnet_network import MagNetNetwork

    torch.manual_seed(0)
    network = MagNetNetwork().eval()
    onset, apex = torch.rand(2, 1, 3, 20, 24) * 2 - 1
    with torch.inference_mode():
        encoded = network.encode(onset, apex)
        for alpha in (-1.0, -0.5, 0.0, 1.0, 6.5, 13.0):
            torch.testing.assert_close(
                network.decode(encoded, alpha), network(onset, apex, alpha), atol=1e-4, rtol=0
            )


def test_each_level_equals_the_plain_forward(published, face):
    from mrn_core.magnification.magnet_network import MagNetNetwork

    network = MagNetNetwork()
    network.load_state_dict(weights.read_file(published)[0])
    first, second = (np.ascontiguousarray(frame[100:200, 64:164]) for frame in (face, moved(face, 1.0)))
    onset, apex = in_range(first), in_range(second)
    shared_path = MagNet(path=published)
    state = shared_path.prepare(first, second)
    with torch.inference_mode():
        for alpha in (0.0, 2.0, 13.0):
            plain = network(onset, apex, alpha)
            difference = (state.network.decode(state.encoded, alpha) - plain).abs().max()
            assert float(difference) < 1e-4
            expected = ((plain[0].permute(1, 2, 0).numpy() + 1) * 127.5).round().clip(0, 255)
            rendered = shared_path.render(state, 1 + alpha)
            assert np.abs(rendered - expected).max() <= 1  # a value on the edge between two bytes
            assert np.mean(rendered != expected) < 1e-3


def test_equal_frames_come_back_at_30_db(published, face):
    magnifier = MagNet(path=published)
    state = magnifier.prepare(face, face)
    frames = [magnifier.render(state, gain) for gain in (1.0, 14.0)]
    error = np.mean((frames[0].astype(float) - face) ** 2)
    assert 10 * np.log10(255**2 / error) >= 30
    np.testing.assert_array_equal(frames[0], frames[1])  # nothing moves, so nothing is magnified


def test_the_padding_of_odd_sizes_changes_nothing_inside(published, face):
    """A width of 206 needs two columns more; far from them the picture is that of the even size."""
    magnifier = MagNet(path=published)
    strip = face[100:132]
    whole, cut = (np.ascontiguousarray(strip[:, :width]) for width in (208, 206))
    full, part = (magnifier.render(magnifier.prepare(frame, frame), 1.0) for frame in (whole, cut))
    assert part.shape == (32, 206, 3)
    np.testing.assert_allclose(part[:, :80].astype(int), full[:, :80], atol=1)
