"""What messages say, when they go out, and where short ones are posted."""

import json
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from feedback_core.invitations.calc.sending_times import is_quiet, next_allowed, next_reminder, wait_after
from feedback_core.invitations.calc.texts import filled, html_of, in_language
from feedback_core.invitations.gateway import body_of
from feedback_core.invitations.letters import address_of, message_id, named_by
from feedback_core.invitations.types.batches import MessageTexts, QuietHours, Reminder
from feedback_core.kit.ids import new_id
from feedback_core.kit.settings import SmsSettings
from feedback_core.planning.types import CollectionMethod
from feedback_core.sampling.types.frames import Contact

AT = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
INSTANTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: AT + timedelta(minutes=minutes))
CLOCKS = st.times().map(lambda at: at.replace(second=0, microsecond=0))
ZONES = st.sampled_from(["UTC", "Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"])


@given(INSTANTS, CLOCKS, CLOCKS, ZONES)
def test_the_next_time_is_not_quiet_and_comes_within_a_day(at: datetime, begin: time, end: time, zone: str) -> None:
    quiet, where = QuietHours(begin, end), ZoneInfo(zone)
    found = next_allowed(at, quiet, where)
    assert not is_quiet(found, quiet, where)
    assert at <= found <= at + timedelta(hours=26)
    assert (found == at) is not is_quiet(at, quiet, where)


def test_quiet_hours_are_by_the_organisations_clock() -> None:
    night = QuietHours(time(21), time(8))
    at = datetime(2026, 7, 1, 19, 30, tzinfo=UTC)
    assert not is_quiet(at, night, ZoneInfo("UTC"))
    assert next_allowed(at, night, ZoneInfo("Europe/Berlin")) == datetime(2026, 7, 2, 6, tzinfo=UTC)


@given(st.integers(0, 6), st.integers(0, 40))
def test_reminders_come_in_time_or_not_at_all(sent: int, days: int) -> None:
    reminders, expires = (Reminder(3), Reminder(7)), AT + timedelta(days=30)
    now = AT + timedelta(days=days)
    due = next_reminder(AT, reminders, sent, expires_at=expires, now=now)
    assert (due is None) is (sent >= 2 or days >= 30)
    assert due is None or now <= due < expires


def test_a_message_that_is_not_taken_waits_longer_each_time_for_more_than_a_day_in_all() -> None:
    waits = [wait_after(attempts) for attempts in range(1, 13)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert sum(waits, timedelta()) > timedelta(days=1)


@given(st.text(), st.text())
def test_values_are_not_looked_at_for_places(name: str, link: str) -> None:
    said = filled("{name} {link}", {"name": name + "{link}", "link": link})
    assert said == f"{name}{{link}} {link}"


@given(st.text())
def test_nothing_of_a_text_becomes_markup(text: str) -> None:
    page = html_of(f"<script>{text}", "en")
    assert "<script" not in page


def test_addresses_in_a_text_can_be_followed_and_end_where_they_do() -> None:
    page = html_of('See https://example.org/a?b=1&c="2", or not.', "ar-EG")
    assert '<a href="https://example.org/a?b=1&amp;c=">' in page
    assert '<html lang="ar-EG" dir="rtl">' in page


def test_somebody_gets_their_language_or_that_of_the_batch() -> None:
    messages = {language: MessageTexts("x") for language in ("en", "pt", "pt-BR")}
    wanted = {tag: in_language(messages, tag, "en") for tag in ("pt-BR", "pt-PT", "de", None)}
    assert wanted == {"pt-BR": "pt-BR", "pt-PT": "pt", "de": "en", None: "en"}


@given(st.text(), st.text())
def test_what_is_posted_is_json_whatever_a_message_says(to: str, text: str) -> None:
    template = SmsSettings.model_fields["body_template"].default
    posted = json.loads(body_of(template, to=to.replace("{", ""), text=text, message_id="1"))
    assert posted == {"to": to.replace("{", ""), "text": text, "id": "1"}


def test_a_messages_name_says_whose_it_is_and_others_say_nothing() -> None:
    organisation, invitation = new_id(), new_id()
    name = message_id(organisation, invitation, 2)
    assert named_by(f"<{name}@example.org>") == named_by(name) == (organisation, invitation)
    assert named_by("<x@example.org>") is named_by("a.b.c") is named_by("") is None


def test_only_what_can_stand_in_a_header_is_an_address() -> None:
    good = [" ada.kim+1@example.org", "ü@bücher.example"]
    bad = ["", "ada", "a@b\nBcc: c@d", "a b@c", "a@b,c@d", "<a@b>", f"{'a' * 65}@b"]
    for address, fits in (*((each, True) for each in good), *((each, False) for each in bad)):
        found = address_of(Contact(email=address), CollectionMethod.EMAIL, ())
        assert (found is not None) is fits, address
    assert address_of(Contact(phone="020 7946 0018"), CollectionMethod.SMS, ("GB",)) == "+442079460018"
    assert address_of(Contact(phone="1234567"), CollectionMethod.SMS, ()) is None
