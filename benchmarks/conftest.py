"""The tables at the end: ratios instead of times."""

import os
from importlib.metadata import version
from typing import Any

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Let torch's threads wait as they do by default: the tests set it, and measure nothing."""
    if config.pluginmanager.hasplugin("pytest_benchmark.plugin"):
        os.environ.pop("OMP_WAIT_POLICY", None)


@pytest.hookimpl(optionalhook=True)
def pytest_benchmark_update_machine_info(machine_info: dict[str, Any]) -> None:
    """Keep what the times depend on beside the processor: measured.py takes it from there."""
    machine_info["versions"] = {
        name: version(name).partition("+")[0] for name in ("torch", "numpy")
    }


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    session = getattr(config, "_benchmarksession", None)
    if not session:
        return
    reports = [(one.name, one.extra_info) for one in session.benchmarks]
    write = terminalreporter.write_line
    write(f"\n{'time, of torch':46}{'ours':>8}{'products':>10}{'torch':>14}")
    for name, info in reports:
        if "ours" in info:
            times = f"{info['ours']:8.2f}{info['products']:10.2f}{info['torch_ms']:11.3f} ms"
            write(f"{name:46}{times}")
    write(f"\n{'peak memory, of what must exist':46}{'forward':>8}{'both':>10}")
    for name, info in reports:
        if "forward" in info:
            write(f"{name:46}{info['forward']:8.2f}{info['both']:10.2f}")
