"""A receiver, and a courier whose time the test sets."""

from collections.abc import Iterator

import pytest

from feedback_core.db.session import Database
from tests.support.receivers import TestReceiver, receiving
from tests.support.webhooks import CourierBench, bench_now


@pytest.fixture
def receiver() -> Iterator[TestReceiver]:
    """A receiver that takes everything until told otherwise."""
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def bench(database: Database) -> CourierBench:
    """A courier for which it is now."""
    return bench_now(database, timeout_seconds=1)
