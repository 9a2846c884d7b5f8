"""The examples in the network's docstrings run, and every public function there has one."""

import doctest
import importlib
import pkgutil

import pytest

import mrn_core.network
from mrn_core.network import explain, lsh
from mrn_core.network.attention import lsh_attention

MODULES = [f"mrn_core.network.{m.name}" for m in pkgutil.iter_modules(mrn_core.network.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


@pytest.mark.parametrize(
    "function",
    [
        lsh.draw_hyperplanes, lsh.bucket_ids, lsh.collision_mask, lsh_attention, mrn_core.network.MRN,
        explain.health, explain.pair, explain.level, explain.redraws, explain.theory, explain.unrelated,
    ],
    ids=lambda f: f.__name__,
)  # fmt: skip
def test_every_public_function_has_an_example(function):
    assert ">>> " in function.__doc__
