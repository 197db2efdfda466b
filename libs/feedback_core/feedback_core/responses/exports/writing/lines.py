"""NDJSON: a response a line, with its answers as said."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from feedback_core.responses.exports.columns import RESPONDENT_KEYS
from feedback_core.responses.exports.records import Entry, Record, Tombstone
from feedback_core.responses.exports.types import Change
from feedback_core.responses.exports.writing.delimited import instant_text


class LineWriter:
    """Writes one JSON object a line; answers and attributes are taken over as they are kept."""

    def __init__(self) -> None:
        self.values_shortened = 0

    def add(self, entries: Sequence[Entry]) -> bytes:
        """Lines of entries."""
        return "".join([_line(entry) for entry in entries]).encode()

    def end(self) -> Iterator[bytes]:
        """Nothing is left."""
        return iter(())

    def close(self) -> None:
        """Nothing is held."""


def _line(entry: Entry) -> str:
    if isinstance(entry, Tombstone):
        return _json({"change": entry.change.value, "response_id": str(entry.id)}) + "\n"
    return _record(entry)


def _record(record: Record) -> str:
    found, who = record.found, record.respondent
    head: dict[str, Any] = {
        "change": Change.UPSERT.value,
        "response_id": str(found.id),
        "survey_version": found.version,
        "external_id": record.external_id,
        "respondent_ref": record.respondent_ref,
        "status": found.status,
        "method": found.method,
        "confidentiality": record.confidentiality.value,
        "submitted_at": _instant(found.submitted_at),
        "started_at": _instant(found.started_at),
        "received_at": _instant(found.received_at),
        "excluded": found.excluded,
        "suspect": found.suspect,
        "import_id": found.import_id and str(found.import_id),
        "import_line": found.import_line,
        "unanswered": found.unanswered,
    }
    if who is not None:
        head["respondent"] = {key: getattr(who, key) for key in RESPONDENT_KEYS}
    return f'{_json(head)[:-1]},"attributes":{found.attributes},"answers":{record.answers}}}\n'


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else instant_text(instant.astimezone(UTC))


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
