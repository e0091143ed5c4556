"""The benchmarks keep up with the code that they measure."""

from importlib import import_module
from pathlib import Path

import pytest

import tools.bench

NAMES = sorted(path.stem for path in Path(tools.bench.__path__[0]).glob("*.py"))


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("_")])
def test_a_benchmark_finds_what_it_uses(name: str) -> None:
    assert callable(import_module(f"tools.bench.{name}").main)
