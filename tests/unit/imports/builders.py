"""Files, mappings and a survey, for tests of reading and mapping."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import openpyxl

from feedback_core.kit.tabular.types import Cell
from feedback_core.responses.imports.batches import Batches
from feedback_core.responses.imports.reading import BrokenRow, open_table
from feedback_core.responses.imports.rows import Finding, RowMapper
from feedback_core.responses.imports.types import ImportMapping
from feedback_core.responses.types import NewResponse
from feedback_core.surveys.types import (
    Confidentiality,
    PublishedSurvey,
    Questionnaire,
    SurveyState,
    questionnaire_from_json,
)
from tests.support.responses import EVERY_TYPE

QUESTIONNAIRE: Questionnaire = questionnaire_from_json(
    {
        "title": "Everything",
        "language": "en",
        "attributes": [
            {"key": "region", "values": ["north", "south"]},
            {"key": "language", "values": ["en", "es"]},
        ],
        "questions": EVERY_TYPE,
    }
)
"""A question of every type, none required."""


def survey(confidentiality: Confidentiality = Confidentiality.IDENTIFIED) -> PublishedSurvey:
    """The survey that asks it."""
    return PublishedSurvey(
        survey_id=UUID(int=1),
        key="everything",
        version_id=UUID(int=2),
        number=1,
        state=SurveyState.PUBLISHED,
        confidentiality=confidentiality,
        questionnaire=QUESTIONNAIRE,
    )


def mapping(*columns: dict[str, Any], **options: Any) -> ImportMapping:
    """A mapping, of CSV if nothing else is said."""
    return ImportMapping.from_json({"format": "csv", "columns": list(columns), **options})


def to(target: str, **fields: Any) -> dict[str, Any]:
    """A column to ``question:nps``, ``attribute:region``, ``external_id``; named by its key, if not said otherwise."""
    kind, _, key = target.partition(":")
    named = {} if "template" in fields else {"column": key or kind}
    return {"to": kind, "key": key or None, **named, **fields}


def rows(content: bytes | str, wanted: ImportMapping) -> list[tuple[int, Sequence[Cell] | BrokenRow]]:
    """What is read of a file."""
    return list(open_table(io.BytesIO(content.encode() if isinstance(content, str) else content), wanted).rows)


def mapped(content: bytes | str, wanted: ImportMapping) -> tuple[list[NewResponse], dict[int, list[Finding]]]:
    """The responses in a file, and what is said of rows by line."""
    table = open_table(io.BytesIO(content.encode() if isinstance(content, str) else content), wanted)
    mapper = RowMapper(wanted, QUESTIONNAIRE, table.places, width=table.width, time_zone="Europe/London", line_key="f")
    batches = Batches(table, mapper, skip=0)
    responses: list[NewResponse] = []
    findings: dict[int, list[Finding]] = {}
    while batch := batches.next():
        responses += batch.responses
        findings |= batch.findings
    return responses, findings


def answer(cell: str, target: str, **fields: Any) -> object:
    """What one cell of CSV becomes: the answer, ``None`` where nothing was said, or the code of what is wrong."""
    quoted = '"' + cell.replace('"', '""') + '"'
    responses, findings = mapped(f"c,rest\n{quoted},x\n", mapping(to(target, column="c", **fields)))
    if findings:
        return findings[2][0].code
    return responses[0].answers.get(target.partition(":")[2])


def workbook(*sheets: tuple[str, Sequence[Sequence[object]]]) -> bytes:
    """An XLSX file."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for title, lines in sheets:
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(list(line))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content: bytes, changes: dict[str, bytes]) -> bytes:
    """The workbook with other parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name])
    return out.getvalue()


MOMENT = datetime(2026, 3, 1, 10, tzinfo=UTC)
