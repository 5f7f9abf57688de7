"""The examples in docstrings give what they show."""

import doctest
import importlib
import pkgutil

import pytest

import rnn_ref

MODULES = [f"rnn_ref.{module.name}" for module in pkgutil.iter_modules(rnn_ref.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_show(name: str):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples():
    shapes = importlib.import_module("rnn_ref.shapes")

    assert doctest.testmod(shapes).attempted > 0
