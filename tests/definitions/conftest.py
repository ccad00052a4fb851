"""What the tests of the definitions share: moto's tables, and one interpreter per definition."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.definitions.rehearsal.services import Tables


@pytest.fixture(scope="session")
def tables() -> Iterator[Tables]:
    with mock_aws():
        yield Tables()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests counted."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])]
    figures = sorted(str(text) for report in reports for name, text in report.user_properties if name == "figures")
    if figures:
        terminalreporter.section("definitions")
        terminalreporter.write("\n".join([*figures, ""]))
