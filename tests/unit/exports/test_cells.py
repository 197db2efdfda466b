"""Cells as text: read again they are what was said, and none of them is a formula."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from feedback_core.responses.exports.codebook import codebook_of
from feedback_core.responses.exports.columns import columns_of
from feedback_core.responses.exports.records import Discretion, Found, Record, Tombstone, shown_texts
from feedback_core.responses.exports.types import Change
from feedback_core.responses.exports.writing.delimited import DelimitedWriter
from feedback_core.responses.exports.writing.workbook import LONGEST_TEXT, WorkbookWriter, fitting
from feedback_core.surveys.types import Confidentiality, questionnaire_from_json

FORMULA = ("=", "+", "-", "@", "\t", "\r")
SAID = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
VERSIONS = {
    1: questionnaire_from_json(
        {"title": "T", "language": "en", "questions": [{"key": "why", "type": "text", "text": "?"}]}
    )
}
COLUMNS = columns_of(VERSIONS, identities=False, texts=True)
NOW = datetime(2026, 3, 1, 10, tzinfo=UTC)


def record(text: str) -> Record:
    found = Found(
        id=UUID(int=1),
        version=1,
        external_id=None,
        respondent_ref=None,
        status="complete",
        method="online_questionnaire",
        confidentiality=Confidentiality.ANONYMOUS,
        submitted_at=NOW,
        started_at=None,
        received_at=NOW,
        attributes="{}",
        answers=json.dumps({"why": text}),
        unanswered=(),
        import_id=None,
        import_line=None,
        excluded=False,
        suspect=False,
        sealed=None,
    )
    return Discretion(Confidentiality.ANONYMOUS, shown_texts(frozenset({"why"}), include=True), None).record(found)


@given(SAID)
@example("=1+1")
@example("\r\n")
@example('a"b,c\rd\ne')
def test_a_text_comes_back_from_csv_as_said_behind_at_most_an_apostrophe(text: str) -> None:
    writer = DelimitedWriter(COLUMNS, identities=False)
    content = writer.add([record(text)]) + b"".join(writer.end())

    (row,) = csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True)

    assert row["answer.why"] == ("'" + text if text.startswith(FORMULA) else text)
    assert not row["answer.why"].startswith(FORMULA)
    assert content.endswith(b"\r\n")


def test_numbers_stay_numbers_and_texts_that_look_like_them_do_not() -> None:
    kinds = {"n": "number", "s": "rating", "d": "date", "b": "boolean", "t": "text"}
    questions = [
        {"key": key, "type": kind, "text": "?", **({"scale": {"min": -2, "max": 2}} if kind == "rating" else {})}
        for key, kind in kinds.items()
    ]
    versions = {1: questionnaire_from_json({"title": "T", "language": "en", "questions": questions})}
    said = {"n": -2.5, "s": -2, "d": "2026-02-28", "b": False, "t": "-2.5"}

    assert _row(versions, said) == {"n": "-2.5", "s": "-2", "d": "2026-02-28", "b": "false", "t": "'-2.5"}
    assert _row(versions, {"n": 0, "s": 0, "b": True}) == {"n": "0", "s": "0", "d": "", "b": "true", "t": ""}


def _row(versions: Any, said: dict[str, object]) -> dict[str, str]:
    columns = columns_of(versions, identities=False, texts=True)
    entry = replace(record(""), answers=json.dumps(said))
    content = DelimitedWriter(columns, identities=False).add([entry])
    (row,) = csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True)
    assert (row["submitted_at"], row["started_at"], row["excluded"]) == ("2026-03-01T10:00:00Z", "", "false")
    return {name.removeprefix("answer."): cell for name, cell in row.items() if name.startswith("answer.")}


@given(SAID.filter(lambda text: "_x" not in text))
def test_what_fits_into_a_cell_of_a_workbook_is_not_cut(text: str) -> None:
    assert fitting(text) is text


@given(st.sampled_from(["a", "é", "\U0001f6a4"]), st.integers(0, 3))
def test_a_text_that_is_cut_says_so_and_is_no_longer_than_a_cell(character: str, more: int) -> None:
    units = len(character.encode("utf-16-le")) // 2
    text = character * (LONGEST_TEXT // units + more)
    cut = fitting(text)

    assert len(cut.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert (cut == text) == (more == 0)
    assert more == 0 or cut.endswith(" […]")


def test_rows_beyond_a_sheet_go_on_in_the_next(tmp_path: Path) -> None:
    writer = WorkbookWriter(COLUMNS, codebook_of(COLUMNS, VERSIONS), identities=False, folder=tmp_path, rows_of_sheet=3)
    writer.add([record(f"text {number}") for number in range(4)])
    writer.add([Tombstone(UUID(int=2), Change.ERASED), record("=last")])
    content = b"".join(writer.end())

    book = openpyxl.load_workbook(io.BytesIO(content))

    assert book.sheetnames == ["responses", "responses 2", "responses 3", "codebook", "values", "notes"]
    sheets = [list(book[name].iter_rows(values_only=True)) for name in book.sheetnames[:3]]
    assert [sheet[0] for sheet in sheets] == [tuple(COLUMNS.names)] * 3
    assert [row[-1] for sheet in sheets for row in sheet[1:]] == ["text 0", "text 1", "text 2", "text 3", None, "=last"]
    assert sheets[2][2][-1] == "=last"
    assert book["responses 3"].cell(3, len(COLUMNS.all)).data_type == "s"
    assert writer.values_shortened == 0


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "_x0041_", "a\x07b", "{=1}", "http://example.org", "001", "1e5"]
)
def test_a_workbook_has_texts_as_said(text: str, tmp_path: Path) -> None:
    writer = WorkbookWriter(COLUMNS, codebook_of(COLUMNS, VERSIONS), identities=False, folder=tmp_path)
    writer.add([record(text)])
    book = openpyxl.load_workbook(io.BytesIO(b"".join(writer.end())))

    cell = book["responses"].cell(2, len(COLUMNS.all))

    assert cell.data_type == "s"
    assert unescape(str(cell.value)) == text
    assert cell.hyperlink is None
