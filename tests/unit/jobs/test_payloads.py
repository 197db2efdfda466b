"""Payloads: written by one release, read by the next."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.jobs.types import JobPayload


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Paint(JobPayload):
    kind: ClassVar[str] = "tests.paint"

    wall_id: UUID
    at: datetime
    colours: tuple[Colour, ...] = ()
    layers: int | None = None


@given(
    st.builds(
        Paint,
        st.uuids(),
        st.datetimes(timezones=st.just(UTC)),
        st.lists(st.sampled_from(Colour)).map(tuple),
        st.none() | st.integers(),
    )
)
def test_a_payload_survives_being_written_down(payload: Paint) -> None:
    assert Paint.from_json(payload.to_json()) == payload


def test_a_payload_of_another_release_is_read() -> None:
    written = {"wall_id": "0195f5f0-0000-7000-8000-000000000000", "at": "2026-03-01T10:00:00Z", "brush": "wide"}

    assert Paint.from_json(written).colours == ()


def test_a_payload_without_what_it_needs_is_refused() -> None:
    with pytest.raises(ValueError, match="wall_id"):
        Paint.from_json({"at": "2026-03-01T10:00:00Z"})
