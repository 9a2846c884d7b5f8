"""What every test needs: no window on the screen, nothing of the user's read or written."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Before Qt, matplotlib or the core are imported by a test module.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_HOME = tempfile.mkdtemp(prefix="mrn-tests-")
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
for _name in ("MRN_STUDIO_DATA", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "TORCH_HOME"):
    os.environ[_name] = str(Path(_HOME, _name.lower()))

import numpy as np  # noqa: E402
import pytest  # noqa: E402
from hypothesis import settings as hypothesis_settings  # noqa: E402

from mrn_core import system  # noqa: E402
from mrn_core.result import Analysis, FaceReading  # noqa: E402
from mrn_core.settings import AnalysisSettings, MRNConfig  # noqa: E402
from mrn_core.trace import AttentionTrace  # noqa: E402

# Nothing here runs without it, and what the loader says names only the first library.
if _opencv_lacks := system.missing_opencv_libraries():
    raise pytest.UsageError(system.libraries_sentence("OpenCV", _opencv_lacks))

# Why the tests of the window cannot run here, or "".
_qt_lacks = system.missing_qt_libraries("offscreen")
WITHOUT_QT = system.libraries_sentence("Qt", _qt_lacks) if _qt_lacks else ""

CHECKOUT = Path(__file__).resolve().parents[1]

# A slow machine is no fault, and nothing is left in the checkout.
hypothesis_settings.register_profile("mrn", deadline=None, database=None)
hypothesis_settings.load_profile("mrn")


def pytest_xdist_auto_num_workers(config):
    """The whole suite runs in up to four processes; what a person names, and what measures, in one."""
    named = config.args_source is not pytest.Config.ArgsSource.TESTPATHS
    measured = not config.option.markexpr.startswith("not acceptance")
    return 0 if named or measured else min(4, os.cpu_count() or 1)


def pytest_addoption(pluginmanager):
    """pytest-qt imports Qt when it is configured, and ends the run where Qt cannot be loaded.

    Its options have been added by now, so that those in pyproject.toml stay known.
    """
    if WITHOUT_QT:
        pluginmanager.unregister(name="pytest-qt")


def pytest_pycollect_makemodule(module_path, parent):
    """Where Qt cannot be loaded, the tests of the window are skipped unread."""
    if WITHOUT_QT and CHECKOUT / "tests" / "gui" in module_path.parents:
        return Unread.from_parent(parent, path=module_path)
    return None


class Unread(pytest.Module):
    """A file of tests that is not imported."""

    def collect(self):
        pytest.skip(WITHOUT_QT, allow_module_level=True)


@pytest.fixture(scope="session")
def shared():
    """The folder of real clips, faces and weights beside the checkout; skips where it is not."""
    folder = CHECKOUT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("the folder shared/ with real data is not beside the checkout")
    return folder


def made_up_analysis(levels=8, blocks=3, heads=8, tables=2, planes=3, seed=0, name="made up.mp4"):
    """An Analysis of random numbers with a true hash behind them; no network is run."""
    rng = np.random.default_rng(seed)
    d = 16
    traces = []
    for _ in range(blocks):
        queries = rng.normal(size=(heads, levels, d)).astype(np.float32)
        keys = (queries + 0.7 * rng.normal(size=queries.shape)).astype(np.float32)
        hyperplanes = rng.normal(size=(heads, tables, planes, d)).astype(np.float32)
        powers = 2 ** np.arange(planes)[::-1]
        query_buckets, key_buckets = (
            ((np.einsum("hld,htpd->htlp", x, hyperplanes) <= 0) * powers).sum(-1) for x in (queries, keys)
        )
        mask = (query_buckets[..., :, None] == key_buckets[..., None, :]).any(axis=1)
        scores = np.where(mask, np.exp(queries @ keys.transpose(0, 2, 1) / np.sqrt(d)), 0)
        total = scores.sum(axis=-1, keepdims=True)
        weights = np.divide(scores, total, out=np.zeros_like(scores), where=total > 0).astype(np.float32)
        centre = np.zeros((heads, d), np.float32)
        traces.append(
            AttentionTrace(
                weights, mask, query_buckets, key_buckets, queries, keys, hyperplanes, centre, centre
            )
        )
    af = np.linspace(2, 13, levels)
    frames = rng.integers(0, 256, size=(levels, 224, 224, 3), dtype=np.uint8)
    network = MRNConfig(heads=heads, blocks=blocks, tables=tables, planes=planes)
    labels = network.labels
    return Analysis(
        onset=frames[0],
        apex=frames[-1],
        flow=np.zeros((224, 224, 2), np.float32),
        face=FaceReading(),
        motion_px=1.0,
        rigid_px=None,
        levels=af,
        gains=1 + af,
        frames=frames,
        features=rng.normal(size=(levels, 1024)).astype(np.float32),
        scores=rng.uniform(size=levels).astype(np.float32),
        probabilities={label: 1 / len(labels) for label in labels},
        traces=tuple(traces),
        trained=False,
        settings=AnalysisSettings(levels=levels, network=network),
        provenance={"clip": {"name": name}, "onset": {"frame": 1}, "apex": {"frame": 5}},
    )


@pytest.fixture(scope="session")
def make_analysis():
    """The function that makes an Analysis of random numbers: levels, blocks, heads, tables, planes, seed."""
    return made_up_analysis
