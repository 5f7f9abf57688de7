"""What a writer wants of a run: what is wrong, as soon as it is found, and nothing else."""

import pytest


class AtOnce:
    """Writes each failure when it comes, without a letter for what passes."""

    def __init__(self, config: pytest.Config):
        self.plugins = config.pluginmanager

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._tell(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._tell(report)

    def _tell(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.failed:
            self.plugins.get_plugin("terminalreporter").write_line(report.longreprtext)

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str]:
        """Let pytest count, and write nothing."""
        return report.outcome, "", ""
