"""A file through the import route, and what became of its rows."""

from dataclasses import dataclass

from feedback_dev.demo.caller import Caller, Document
from feedback_dev.demo.meter import Meter, progress_of


@dataclass(frozen=True, slots=True)
class Unread:
    """A value that could not be read, or a whole row where there is no column."""

    line: int
    column: str | None
    value: str | None
    row_kept: bool


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the rows of a file; `left_out` counts values, in rows that were kept."""

    read: int
    recorded: int
    duplicate: int
    rejected: int
    left_out: int
    unread: tuple[Unread, ...]


def import_file(caller: Caller, meter: Meter, survey_id: str, mapping: Document, name: str, content: bytes) -> Imported:
    """Send the file and wait until the worker has read it.

    Raises:
        StepFailed: it was refused, or could not be read.
    """
    with meter.step(f"Importing {name}") as show:
        place = caller.upload(f"/v1/surveys/{survey_id}/imports", mapping, name, content)
        finished = caller.finished(place, progress=progress_of(show))
    return Imported(
        read=finished["rows_read"],
        recorded=finished["rows_recorded"],
        duplicate=finished["rows_duplicate"],
        rejected=finished["rows_rejected"],
        left_out=finished["values_left_out"],
        unread=tuple(
            Unread(fault["line"], fault["column"], fault["value"], fault["row_kept"])
            for fault in caller.pages(f"{place}/faults")
        ),
    )
