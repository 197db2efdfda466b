"""Ids and places of events follow from what they are about."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from feedback_core.events.calc import Last, Subject, event_id, numbered, subject_of
from feedback_core.events.types import Event, EventKind

ORGANISATION = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
KINDS = st.sampled_from([EventKind.ACTION_CHANGED, EventKind.ACTION_CLOSED, EventKind.CASE_OPENED])
EVENTS = st.lists(st.builds(Event, KINDS, st.sampled_from(["a", "b"])), max_size=12)
ENDS = st.dictionaries(
    st.tuples(st.sampled_from(["action", "case"]), st.sampled_from(["a", "b"])),
    st.builds(Last, st.integers(1, 50), st.integers(1, 2**40)),
)


@given(EVENTS, ENDS, st.integers(1, 2**40))
def test_no_event_comes_before_one_of_its_subject(events: list[Event], ends: dict[Subject, Last], xid: int) -> None:
    found = numbered(ORGANISATION, events, ends, xid)

    assert [one.event for one in found] == events
    assert all(one.xid >= xid for one in found)
    for subject in {subject_of(event) for event in events}:
        own = [(one.xid, one.sequence) for one in found if subject_of(one.event) == subject]
        before = ends.get(subject, Last(0, 0))
        assert own == sorted(own)
        assert [sequence for _, sequence in own] == list(range(before.sequence + 1, before.sequence + 1 + len(own)))
        assert own[0][0] >= before.xid


@given(EVENTS, ENDS, st.integers(1, 2**40))
def test_every_event_has_an_id_of_its_own(events: list[Event], ends: dict[Subject, Last], xid: int) -> None:
    ids = [one.id for one in numbered(ORGANISATION, events, ends, xid)]

    assert len(set(ids)) == len(ids)
    assert all(identifier.version == 8 for identifier in ids)


def test_the_same_version_of_a_subject_is_the_same_event_whenever_it_is_told() -> None:
    event = Event(EventKind.RESPONSE_COMPLETED, "r", version=1)

    (first,) = numbered(ORGANISATION, [event], {}, 5)
    (again,) = numbered(ORGANISATION, [event], {("response", "r"): Last(7, 9)}, 11)

    assert first.id == again.id


def test_an_id_tells_organisations_kinds_subjects_and_versions_apart() -> None:
    other = UUID(int=1)
    ids = {
        event_id(organisation, kind, subject, mark)
        for organisation in (ORGANISATION, other)
        for kind in (EventKind.ACTION_CHANGED, EventKind.ACTION_CLOSED)
        for subject in ("a", "b")
        for mark in ("version 1", "version 2", "sequence 1")
    }

    assert len(ids) == 2 * 2 * 2 * 3
