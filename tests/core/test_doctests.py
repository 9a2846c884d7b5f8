"""The examples in the network's docstrings run, and every public function there has one."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import mrn_core.network
from mrn_core.network.encoder import FrameEncoder
from mrn_core.network.fusion import ScoreFusion

MODULES = [m.name for m in pkgutil.walk_packages(mrn_core.network.__path__, "mrn_core.network.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


def public_functions():
    """Every public function of the network's modules, and the two classes that a person makes."""
    for name in MODULES:
        module = importlib.import_module(name)
        for word, value in vars(module).items():
            if inspect.isfunction(value) and value.__module__ == name and not word.startswith("_"):
                yield value
    yield mrn_core.network.MRN
    yield FrameEncoder
    yield ScoreFusion


# Their examples stand beside what they belong to: load_mrn in save_mrn's; the rest need files, or are one.
WITHOUT = {"load_mrn", "import_trunk", "load_trunk", "check_draws", "of_traces", "summarised", "example"}


@pytest.mark.parametrize("function", list(public_functions()), ids=lambda f: f.__name__)
def test_every_public_function_has_an_example(function):
    assert function.__doc__
    assert ">>> " in function.__doc__ or function.__name__ in WITHOUT
