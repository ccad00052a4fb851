"""What the tests of the definitions share: moto's tables, and one interpreter per definition."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws
from rehearsal.services import Tables


@pytest.fixture(scope="session")
def tables() -> Iterator[Tables]:
    with mock_aws():
        yield Tables()
