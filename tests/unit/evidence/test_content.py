"""How much there is for a criterion follows from the records alone, and page and document show them as written."""

from datetime import UTC, datetime
from typing import Final

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.reports.portfolios.content import (
    Entry,
    FileEntry,
    KindFound,
    Portfolio,
    State,
    answer,
    portfolio_of,
)
from feedback_core.reports.portfolios.kinds import RecordKind
from feedback_core.reports.portfolios.records import Mark
from feedback_core.reports.portfolios.rendering.as_html import html_of
from feedback_core.reports.portfolios.rendering.as_pdf import pdf_of
from feedback_core.reports.portfolios.types import UnitKey
from feedback_core.reports.portfolios.units.types import Criterion, Need, Unit

AT: Final = datetime(2026, 3, 1, tzinfo=UTC)
INJECTIONS: Final = ["{{7*7}}", "{% include 'x' %}", "#panic()", "$ x $ *b* _i_", "<script>alert(1)</script>"]

kinds = st.sampled_from(list(RecordKind))
needs = st.builds(
    Need,
    st.just("Something"),
    st.lists(kinds, max_size=3, unique=True).map(tuple),
    st.integers(1, 3),
    st.integers(1, 2),
    st.none() | st.sampled_from(list(Mark)),
)


def entry(
    kind: RecordKind, *, title: str = "A record", day: int = 1, facet: str | None = None, mark: Mark | None = None
) -> Entry:
    """A record of a kind."""
    file = FileEntry(f"files/{kind.folder}/1.json", 2, "ab" * 32)
    return Entry(
        kind, title, AT.replace(day=day), "CRM", "/v1/things/1", file, None, facet, frozenset({mark} if mark else ())
    )


entries = st.builds(
    lambda kind, day, facet, mark: entry(kind, day=day, facet=facet, mark=mark),
    kinds,
    st.integers(1, 3),
    st.none() | st.sampled_from(["telephone", "kiosk", "web"]),
    st.none() | st.sampled_from(list(Mark)),
)


def portfolio(criteria: tuple[Criterion, ...], records: list[Entry], *, organisation: str = "Test") -> Portfolio:
    """Of a unit with these criteria."""
    unit = Unit(UnitKey.GATHER, "Gather", criteria)
    found = [
        KindFound(kind, is_kept=True, total=len(own), entries=tuple(own))
        for kind in RecordKind
        if (own := [each for each in records if each.kind is kind])
    ]
    return portfolio_of(unit, organisation, found, starts_at=None, ends_at=None, surveys=())


def rank(state: State) -> int:
    """More is higher."""
    return [State.NOTHING, State.IN_PART, State.RECORDS].index(state)


@given(st.lists(needs, min_size=1, max_size=3).map(tuple), st.lists(entries, max_size=5), entries)
def test_another_record_never_makes_it_less(wanted: tuple[Need, ...], records: list[Entry], more: Entry) -> None:
    criteria = (Criterion("G1.1", "Know", wanted),)
    before = portfolio(criteria, records).criteria[0]
    after = portfolio(criteria, [*records, more]).criteria[0]

    assert rank(before.state) <= rank(after.state)
    if not any(need.kinds for need in wanted):
        assert after.state is State.NOTHING


@given(needs, st.lists(entries, max_size=6))
def test_evidence_is_of_the_kinds_that_count_and_has_what_is_asked(need: Need, records: list[Entry]) -> None:
    found = {kind: [each for each in records if each.kind is kind] for kind in RecordKind}
    answered = answer(need, found)

    shown = [each for evidence in answered.evidence for each in evidence.entries]
    assert {each.kind for each in shown} | set(answered.missing) == set(need.kinds)
    assert all(need.mark is None or need.mark in each.marks for each in shown)
    is_varied = need.different == 1 or len({each.facet for each in shown if each.facet}) >= need.different
    assert answered.is_met == (bool(shown) and is_varied and len({each.at.date() for each in shown}) >= need.days)
    assert (answered.short_of is None) == (answered.is_met or not shown)


def test_a_criterion_with_some_of_what_it_asks_is_there_in_part() -> None:
    wanted = (Need("Standards", (RecordKind.STANDARDS,)), Need("Verdicts", (RecordKind.VERDICTS,)))
    shown = portfolio((Criterion("R2.3", "Compare", wanted),), [entry(RecordKind.STANDARDS)])

    assert shown.criteria[0].state is State.IN_PART
    assert shown.summary().in_part == ("R2.3",)
    assert "What would count: Verdicts on standards (not kept by this service)." in html_of(shown).decode()


@pytest.mark.parametrize("said", INJECTIONS)
def test_page_and_document_show_what_was_written_and_run_nothing(said: str) -> None:
    criteria = (Criterion("G2.1", "Collect", (Need("Responses", (RecordKind.IMPORTS,)),)),)
    shown = portfolio(criteria, [entry(RecordKind.IMPORTS, title=said)], organisation=said)

    page = html_of(shown).decode()
    pdf = pypdfium2.PdfDocument(pdf_of(shown))
    text = "".join(page.get_textpage().get_text_range() for page in pdf)

    escaped = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;")
    assert "<script" not in page
    assert page.count(escaped) >= 3
    assert "".join(text.split()).count("".join(said.split())) >= 3


def test_the_same_content_is_the_same_document() -> None:
    criteria = (Criterion("G2.1", "Collect", (Need("Responses", (RecordKind.IMPORTS,)),)),)
    shown = portfolio(criteria, [entry(RecordKind.IMPORTS)])

    assert pdf_of(shown) == pdf_of(shown)
    assert html_of(shown) == html_of(shown)
