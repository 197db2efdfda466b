"""What an edition says, whatever it is rendered as: sections of words, points, tables and charts."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias
from uuid import UUID

from feedback_core.charts.types import Chart
from feedback_core.reports.types import Audience


class Nature(StrEnum):
    """What kind of statement something is, so that nobody takes one for the other.

    ``opinion``: what customers said. ``fact``: what was counted or measured. ``judgement``: what is concluded.
    """

    OPINION = "opinion"
    FACT = "fact"
    JUDGEMENT = "judgement"

    @property
    def words(self) -> str:
        """As a reader is told."""
        return {"opinion": "What customers said", "fact": "Observed fact", "judgement": "Our judgement"}[self.value]


class SectionKey(StrEnum):
    """The questions that every edition answers, in this order, and how it was made."""

    ASKED = "asked"
    HEARD = "heard"
    NOT_HEARD = "not_heard"
    FOUND = "found"
    CERTAINTY = "certainty"
    RECOMMENDED = "recommended"
    NEXT = "next"
    METHOD = "method"

    @property
    def heading(self) -> str:
        """Of its section."""
        return _TITLES[self]


_TITLES = {
    SectionKey.ASKED: "What we asked",
    SectionKey.HEARD: "Whom we heard",
    SectionKey.NOT_HEARD: "Whom we did not hear",
    SectionKey.FOUND: "What we found",
    SectionKey.CERTAINTY: "How sure we are",
    SectionKey.RECOMMENDED: "What we recommend",
    SectionKey.NEXT: "What happens next",
    SectionKey.METHOD: "How this was made",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its interval, or why there is none.

    Attributes:
        value: unrounded, as the run has it; ``None``: withheld.
        level: of the interval.
        text: for a reader: ``62.0%``, or ``withheld``.
        interval_text: ``58.1% to 65.8%``; empty without an interval.
        pointer: JSON pointer to it in the result of the run.
    """

    value: float | None
    low: float | None
    high: float | None
    level: float | None
    n: int | None
    text: str
    interval_text: str
    pointer: str

    @property
    def words(self) -> str:
        """All of it in a line."""
        parts = [self.text]
        if self.interval_text:
            parts.append(f"({self.interval_text})")
        return " ".join(parts) + (f", n {self.n:,}" if self.n is not None else "")


Cell: TypeAlias = str | int | float | Figure | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        key: stable, in snake_case; of a workbook its header.
        label: for a reader.
        meaning: for the codebook.
        is_share: numbers in it lie between 0 and 1 and are read in percent.
        is_quoted: its texts are not ours, and may be in any language.
    """

    key: str
    label: str
    meaning: str
    is_share: bool = False
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first column names the row."""

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    nature: Nature
    kind: str = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str
    nature: Nature | None = None
    kind: str = field(default="words", init=False)


@dataclass(frozen=True, slots=True)
class Points:
    """A list."""

    items: tuple[str, ...]
    nature: Nature | None = None
    kind: str = field(default="points", init=False)


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart; its description stands for it where it cannot be seen."""

    chart: Chart
    nature: Nature
    kind: str = field(default="picture", init=False)


Block: TypeAlias = Words | Points | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """One question answered."""

    key: SectionKey
    blocks: tuple[Block, ...]

    @property
    def title(self) -> str:
        """Its heading."""
        return self.key.heading


@dataclass(frozen=True, slots=True)
class DataCut:
    """What the edition stands on: enough to find it again and to see that it is the same.

    Attributes:
        run_id: the review.
        result_sha256: of its result, as canonical JSON.
        data_version: names the data that it read.
        as_of: the moment that they are of: when it read them, or the end of a period that was over by then.
        read_at: when it read them.
        themes_run_id: the analysis of themes beside it; ``None``: none.
        themes_sha256: of its result.
        decided_through: the latest decision on a recommendation that the edition knows; ``None``: there is none.
        acted_through: the latest change of an action, or of what was published of it, that it knows; ``None``: none.
        effect_run_ids: the analyses of effects that it tells of.
    """

    run_id: UUID
    result_sha256: str
    data_version: str
    as_of: datetime
    read_at: datetime
    themes_run_id: UUID | None
    themes_sha256: str | None
    decided_through: datetime | None
    acted_through: datetime | None = None
    effect_run_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """What one audience is told.

    Attributes:
        lead: the finding in a few sentences, before anything else.
        language: of our own words; what is quoted may be in another.
        survey_language: of the survey's words.
    """

    title: str
    audience: Audience
    audience_name: str
    organisation: str
    survey_title: str
    survey_language: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    cut: DataCut
    language: str = "en"

    def charts(self) -> Iterator[Chart]:
        """Every chart, in its order."""
        return (block.chart for section in self.sections for block in section.blocks if isinstance(block, Picture))

    def tables(self) -> Iterator[tuple[Section, Table]]:
        """Every table, with the section that it stands in."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    yield section, block

    def document(self) -> dict[str, Any]:
        """All of it as a JSON document, the specifications of charts included."""
        said = asdict(self)
        said["sections"] = [
            {"key": section.key.value, "title": section.title, "blocks": [_block(block) for block in section.blocks]}
            for section in self.sections
        ]
        said["cut"] |= {"as_of": self.cut.as_of.isoformat(), "read_at": self.cut.read_at.isoformat()}
        for name in ("decided_through", "acted_through"):
            said["cut"][name] = None if said["cut"][name] is None else said["cut"][name].isoformat()
        said["cut"]["effect_run_ids"] = [str(run_id) for run_id in self.cut.effect_run_ids]
        for name in ("run_id", "themes_run_id"):
            said["cut"][name] = None if said["cut"][name] is None else str(said["cut"][name])
        return said

    def sha256(self) -> str:
        """Of what is said: the same in every format."""
        return sha256_of(self.document())


def sha256_of(document: object) -> str:
    """Of a JSON document, whatever the order of its names; in hexadecimal."""
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _block(block: Block) -> dict[str, Any]:
    said = asdict(block)
    if isinstance(block, Table):
        said["rows"] = [
            {
                column.key: asdict(cell) if isinstance(cell, Figure) else cell
                for column, cell in zip(block.columns, row, strict=True)
            }
            for row in block.rows
        ]
    return said
