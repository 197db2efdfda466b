"""What an edition says is shown as it was written, in every format, and none of it is run."""

import io
import json
from datetime import UTC, datetime
from uuid import UUID

import openpyxl
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_core.charts.drawing import draw
from feedback_core.charts.intervals import interval_chart
from feedback_core.charts.types import Chart, ImageFormat, Quantity, Row
from feedback_core.reports.model import (
    Column,
    DataCut,
    Edition,
    Figure,
    Nature,
    Picture,
    Points,
    Section,
    SectionKey,
    Table,
    Words,
)
from feedback_core.reports.rendering import render
from feedback_core.reports.rendering.fonts import runs_of
from feedback_core.reports.rendering.marks import marked
from feedback_core.reports.types import Audience, ReportFormat

INJECTIONS = ["{{7*7}}", "{% include 'x' %}", "#panic()", "$ x $ *b* _i_", "<script>alert(1)</script>", "=HYPERLINK(1)"]
READ = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
CUT = DataCut(UUID(int=1), "ab" * 32, "1@2026-01-02", READ, READ, None, None, None)
FIGURE = Figure(0.62, 0.58, 0.66, 0.95, 1234, "62.0%", "58.0% to 66.0%", "/features/0/figure")


def chart_of(label: str) -> Chart:
    rows = [Row(label, 0.6, 0.5, 0.7, 100)]
    return interval_chart("features", title=label, sentence=label, quantity=Quantity("CSAT", 0.0, 1.0), rows=rows)


def edition_with(said: str) -> Edition:
    columns = (Column("feature", "Feature", "What it is", is_quoted=True), Column("figure", "Figure", "Its figure"))
    table = Table("features", said, columns, ((said, FIGURE),), Nature.OPINION)
    blocks = (Words(said, Nature.FACT), Points((said,)), table, Picture(chart_of(said), Nature.OPINION))
    section = Section(SectionKey.FOUND, blocks)
    return Edition(said, Audience.SUPERVISORS, "Supervisors", said, said, "en", (said,), (section,), CUT)


def rendered(said: str, form: ReportFormat) -> bytes:
    chart = chart_of(said)
    svg = draw(chart.title, chart.description, chart.as_json(), ImageFormat.SVG).decode()
    return render(edition_with(said), form, {chart.key: svg})


@pytest.mark.parametrize("said", INJECTIONS)
def test_html_shows_an_injection_and_runs_nothing(said: str) -> None:
    page = rendered(said, ReportFormat.HTML).decode()

    assert "<script" not in page
    escaped = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;")
    assert page.count(escaped) >= 6


@pytest.mark.parametrize("said", INJECTIONS)
def test_a_pdf_shows_an_injection_and_runs_nothing(said: str) -> None:
    pdf = pypdfium2.PdfDocument(rendered(said, ReportFormat.PDF))
    text = "".join(page.get_textpage().get_text_range() for page in pdf)

    assert "".join(said.split()) in "".join(text.split())


@pytest.mark.parametrize("said", INJECTIONS)
def test_a_workbook_shows_an_injection_and_calculates_nothing(said: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(rendered(said, ReportFormat.XLSX)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]

    assert [cell.value for cell in cells].count(said) >= 4
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.hyperlink for cell in cells if cell.hyperlink] == []


@pytest.mark.parametrize("said", INJECTIONS)
def test_json_holds_an_injection_as_it_is(said: str) -> None:
    document = json.loads(rendered(said, ReportFormat.JSON))

    assert document["title"] == said
    assert document["sections"][0]["blocks"][2]["rows"] == [
        {"feature": said, "figure": document["sections"][0]["blocks"][2]["rows"][0]["figure"]}
    ]


def test_ids_of_two_pictures_on_a_page_differ() -> None:
    first, second = chart_of("a"), Chart("other", "b", "b", chart_of("b").spec)
    svgs = {
        chart.key: draw(chart.title, chart.description, chart.as_json(), ImageFormat.SVG).decode()
        for chart in (first, second)
    }
    section = Section(SectionKey.FOUND, (Picture(first, Nature.OPINION), Picture(second, Nature.OPINION)))
    edition = Edition("t", Audience.CUSTOMERS, "Customers", "o", "s", "en", (), (section,), CUT)
    page = render(edition, ReportFormat.HTML, svgs).decode()
    ids = [part.partition('"')[0] for part in page.split(' id="')[1:]]

    assert len(ids) == len(set(ids)) > 4


@given(st.text())
@settings(max_examples=200)
def test_runs_of_a_text_make_up_the_text(text: str) -> None:
    assert "".join(part for _, part in runs_of(text)) == text


def test_each_script_has_a_font_of_its_own() -> None:
    assert runs_of("Wait 等待 انتظار") == [
        ("Noto Sans", "Wait "),
        ("Noto Sans CJK TC", "等待 "),
        ("Noto Sans Arabic", "انتظار"),
    ]


def test_what_kind_of_statement_follows_is_told_where_it_changes() -> None:
    words = [
        Words(text, nature) for text, nature in zip("abcd", (Nature.FACT, Nature.FACT, None, Nature.FACT), strict=True)
    ]
    section = Section(SectionKey.FOUND, (*words, Words("e", Nature.JUDGEMENT)))

    assert [nature for _, nature in marked(section)] == [Nature.FACT, None, None, Nature.FACT, Nature.JUDGEMENT]
