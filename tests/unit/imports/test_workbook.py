"""XLSX: typed cells, one sheet, and files that are made to hurt."""

import hashlib
import io
import struct
import zipfile
from datetime import UTC, date, datetime, time

import pytest

from feedback_core.kit.tabular.types import ColumnsMissing, FileUnreadable
from feedback_core.responses.imports.reading import BrokenRow
from tests.unit.imports.builders import mapped, mapping, repacked, rows, to, workbook

SHEET = "xl/worksheets/sheet1.xml"
BEGINNING = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
NPS = mapping(to("question:nps"), format="xlsx")
SMALL = workbook(("Answers", [["nps"], [9]]))


def test_numbers_booleans_and_dates_are_read_as_what_they_are() -> None:
    content = workbook(
        (
            "Answers",
            [
                ["nps", "again", "at", "day", "why", "minutes"],
                [9, True, datetime(2026, 3, 1, 10, 0), date(2026, 2, 28), "fine", 1.5],  # noqa: DTZ001 -- local
                [9.0, False, "2026-03-01T10:00:00Z", None, time(10, 30), 12.0],
            ],
        )
    )
    columns = [to(f"question:{key}") for key in ("nps", "again", "day", "why", "minutes")]

    responses, findings = mapped(
        content, mapping(*columns, to("submitted_at", column="at"), format="xlsx", time_zone="America/New_York")
    )

    assert not findings
    assert responses[0].answers == {"nps": 9, "again": True, "day": "2026-02-28", "why": "fine", "minutes": 1.5}
    assert responses[0].submitted_at == datetime(2026, 3, 1, 15, tzinfo=UTC)
    assert responses[1].answers == {"nps": 9, "again": False, "why": "10:30:00", "minutes": 12}
    assert responses[1].submitted_at == datetime(2026, 3, 1, 10, tzinfo=UTC)


def test_rows_keep_their_numbers_though_empty_ones_are_passed_over() -> None:
    content = workbook(("Answers", [[], ["nps", "why"], [], [9], [None, None], [8, "x", None]]))

    assert rows(content, NPS) == [(4, ["9", ""]), (6, ["8", "x"])]


def test_a_row_with_values_beyond_the_header_is_wrong() -> None:
    found = rows(workbook(("Answers", [["nps"], [9, "x"], [8]])), NPS)

    assert isinstance(found[0][1], BrokenRow)
    assert (found[0][1].code, found[1]) == ("ragged_row", (3, ["8"]))


def test_the_sheet_is_the_one_that_the_mapping_names_or_the_first() -> None:
    content = workbook(("First", [["nps"], [1]]), ("Second", [["nps"], [2]]))

    assert rows(content, NPS) == [(2, ["1"])]
    assert rows(content, mapping(to("question:nps"), format="xlsx", sheet="Second")) == [(2, ["2"])]
    with pytest.raises(FileUnreadable, match='no sheet "Third"; it has: First, Second'):
        rows(content, mapping(to("question:nps"), format="xlsx", sheet="Third"))


def test_of_a_formula_the_value_is_read_that_was_kept_with_it() -> None:
    sheet = zipfile.ZipFile(io.BytesIO(SMALL)).read(SHEET).decode()
    with_formula = sheet.replace("<v>9</v>", "<f>4+4</f><v>8</v>")

    assert rows(repacked(SMALL, {SHEET: with_formula.encode()}), NPS) == [(2, ["8"])]


def test_a_size_that_the_sheet_declares_wrongly_is_not_believed() -> None:
    sheet = zipfile.ZipFile(io.BytesIO(workbook(("A", [["nps"], [9], [8]])))).read(SHEET).decode()
    assert '<dimension ref="A1:A3"' in sheet

    content = repacked(SMALL, {SHEET: sheet.replace("A1:A3", "A1:A1").encode()})

    assert [cells for _, cells in rows(content, NPS)] == [["9"], ["8"]]


def test_missing_columns_are_named() -> None:
    with pytest.raises(ColumnsMissing, match='no column "wait"'):
        rows(SMALL, mapping(to("question:wait"), format="xlsx"))


@pytest.mark.parametrize("content", [b"nps\n9\n", b"", b"PK\x03\x04 not a zip", SMALL[:-30]])
def test_what_is_not_a_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(FileUnreadable, match="not an XLSX workbook"):
        rows(content, NPS)


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml"])
def test_a_damaged_workbook_is_refused(part: str) -> None:
    with pytest.raises(FileUnreadable, match="damaged"):
        rows(repacked(SMALL, {part: b"<broken"}), NPS)


def test_xml_entities_are_never_expanded() -> None:
    entities = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]>'
    sheet = zipfile.ZipFile(io.BytesIO(SMALL)).read(SHEET)
    assert sheet.startswith(b"<worksheet")

    with pytest.raises(FileUnreadable, match="entities"):
        rows(repacked(SMALL, {SHEET: entities + sheet}), NPS)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = repacked(SMALL, {SHEET: b"<worksheet>" + b" " * 2**26})
    assert len(bomb) < 2**17

    with pytest.raises(FileUnreadable, match="too large unpacked"):
        rows(bomb, NPS)


def test_a_part_that_is_held_in_memory_is_limited_by_itself() -> None:
    swollen = repacked(SMALL, {"xl/styles.xml": b" " * (2**24 + 1), "xl/media/noise.png": noise(2**21)})

    with pytest.raises(FileUnreadable, match="A part of the workbook is too large"):
        rows(swollen, NPS)


def test_a_size_that_the_zip_declares_wrongly_is_found_while_it_is_read() -> None:
    bomb = bytearray(repacked(SMALL, {SHEET: b"<worksheet><sheetData>" + b" " * 2**26}))
    size = len(b"<worksheet><sheetData>") + 2**26
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = bomb.find(mark)
        while place >= 0:
            if struct.unpack_from("<I", bomb, place + offset) == (size,):
                struct.pack_into("<I", bomb, place + offset, 4_000)
            place = bomb.find(mark, place + 1)

    with pytest.raises(FileUnreadable):
        rows(bytes(bomb), NPS)


def test_a_row_without_end_is_refused_while_it_is_read() -> None:
    text = noise(2**24).hex().encode()
    sheet = BEGINNING + b'<row r="1"><c t="str"><v>'

    with pytest.raises(FileUnreadable, match="row of the workbook is too large"):
        rows(repacked(SMALL, {SHEET: sheet + text + b"</v></c></row></sheetData></worksheet>"}), NPS)


def test_a_row_far_down_is_reached_without_harm() -> None:
    sheet = (
        BEGINNING + b'<row r="1"><c r="A1" t="str"><v>nps</v></c></row>'
        b'<row r="1048576"><c r="A1048576"><v>9</v></c></row><row r="4000000000"><c r="A4000000000"><v>8</v></c></row>'
        b"</sheetData></worksheet>"
    )

    assert rows(repacked(SMALL, {SHEET: sheet}), NPS) == [(1_048_576, ["9"])]


def noise(size: int) -> bytes:
    """Bytes that do not shrink."""
    return b"".join(hashlib.blake2b(number.to_bytes(8, "big")).digest() for number in range(size // 64))
