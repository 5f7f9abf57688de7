"""What was measured is kept, and written as tables."""

import json
from typing import Any

import pytest

from benchmarks import measured
from benchmarks.measured import Measured, distilled


def benchmark(info: dict[str, Any], **params: str) -> dict[str, Any]:
    """One measurement, as pytest-benchmark writes it."""
    return {"params": params, "extra_info": info | {"torch_ms": 0.1}, "stats": {"median": 1.0}}


def run(*benchmarks: dict[str, Any]) -> dict[str, Any]:
    """A run, as pytest-benchmark writes it; our hook adds the versions."""
    cpu = {"brand_raw": "Z80", "count": 3, "flags": []}
    return {
        "machine_info": {"cpu": cpu, "versions": {"torch": "2.14.1", "numpy": "2.5"}},
        "commit_info": {"id": "0123456789abcdef", "dirty": False},
        "datetime": "2027-01-02T03:04:05+00:00",
        "benchmarks": list(benchmarks),
    }


def timed(ours: float, sizes: list[int], **params: str) -> dict[str, Any]:
    return benchmark({"ours": ours, "products": ours / 2, "sizes": sizes}, **params)


SMALL, LARGE = [5, 3, 4, 2], [500, 64, 256, 512]
ONE = {"clock": "one thread", "mode": "RNN"}
RUN = run(
    timed(0.5, LARGE, size="large", way="forward", **ONE),
    timed(0.25, SMALL, size="tiny", way="forward", **ONE),
    timed(1, SMALL, size="tiny", way="both", **ONE),
    timed(9, SMALL, size="tiny", way="both", **(ONE | {"clock": "default threads"})),
    benchmark({"forward": 1.1, "both": 1.25, "sizes": LARGE}, size="large", mode="GRU"),
)


def test_a_run_becomes_the_tables():
    found = Measured(json.loads(json.dumps(distilled(RUN))))

    assert found.speed().split("\n")[-2:] == [
        "| 5, 3, 4, 2 | RNN | 0.25 | 0.12 | 1.00 | 0.50 |",
        "| 500, 64, 256, 512 | RNN | 0.50 | 0.25 | | |",
    ]
    assert found.memory().split("\n")[-1:] == ["| 500, 64, 256, 512 | GRU | 1.10 | 1.25 |"]
    assert found.times("forward") == [0.25, 0.5]
    assert found.where() == (
        "Here: torch 2.14.1, NumPy 2.5, `float32`, 3 cores of Z80, on 2027-01-02, commit `0123456`."
    )


def test_a_run_is_kept(tmp_path: Any, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "run.json").write_text(json.dumps(RUN), "utf-8")
    monkeypatch.setattr(measured, "FILE", tmp_path / "measured.json")
    monkeypatch.setattr("sys.argv", ["measured", str(tmp_path / "run.json")])

    measured.main()

    assert json.loads(measured.FILE.read_text("utf-8")) == distilled(RUN)


def test_what_is_kept_has_the_form_of_a_run():
    kept = json.loads(measured.FILE.read_text("utf-8"))

    assert kept.keys() == distilled(RUN).keys()
    assert {len(size["sizes"]) for size in [*kept["speed"], *kept["memory"]]} == {4}
