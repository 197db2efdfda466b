"""What becomes of the rows of a batch: recorded, or held against what is recorded; and what is said of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault
from feedback_core.kit.pointers import printable
from feedback_core.kit.tabular.types import Cell
from feedback_core.responses.checks import ResponseRow
from feedback_core.responses.imports.batches import Batch
from feedback_core.responses.imports.queries import FaultPlace, PlacedFault
from feedback_core.responses.imports.rows import Finding
from feedback_core.responses.imports.types import (
    MAX_LISTED_FAULTS,
    ImportFault,
    OnUnreadable,
    RowCounts,
    RowFault,
    StoredImport,
)
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.queries import capture
from feedback_core.responses.types import (
    Duplicate,
    NewResponse,
    Receipt,
    Recorded,
    Rejected,
    ResponseFault,
    StillSettling,
)
from feedback_core.responses.use_cases import check_responses, record_checked
from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.types import PublishedSurvey

REPEATS_REMEMBERED: Final = 200_000
"""External ids and rows by which a dry run knows what the file itself repeats."""

_LONGEST_VALUE: Final = 200
_REUSED: Final = "This external_id came before with other content: a response is never changed; use a new external_id."
_NAMES_SOMEBODY: Final = ("/external_id", "/respondent")


@dataclass(frozen=True, slots=True)
class RowFindings:
    """What is to be said of one row."""

    line: int
    findings: Sequence[Finding]
    row_kept: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a batch."""

    counts: RowCounts
    findings: Sequence[RowFindings]


class NotSettled(Exception):
    """Others kept writing and erasing the same responses; another attempt will find them done."""


@dataclass(slots=True)
class _Ledger:
    """Outcomes of one batch so far, by line."""

    batch: Batch
    recorded: int = 0
    duplicate: int = 0
    rejected: dict[int, list[Finding]] = field(default_factory=dict)
    left_out: dict[int, list[Finding]] = field(default_factory=dict)

    def done(self) -> Done:
        findings = []
        for line in sorted({*self.batch.findings, *self.rejected, *self.left_out}):
            said = [*self.batch.findings.get(line, ()), *self.left_out.get(line, ()), *self.rejected.get(line, ())]
            findings.append(RowFindings(line, said, line not in self.rejected))
        return Done(
            RowCounts(
                read=self.batch.read,
                recorded=self.recorded,
                duplicate=self.duplicate,
                rejected=len(self.rejected),
                left_out=sum(len(row.findings) for row in findings if row.row_kept),
            ),
            findings,
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """Responses, and what would be written of each, by the survey as it stood at one instant."""

    said: Sequence[NewResponse]
    found: Sequence[ResponseRow | Rejected]
    survey: PublishedSurvey


class BatchWriter:
    """Records batches of one import; of a dry run, says what recording them would come to."""

    def __init__(
        self, organisation_id: UUID, stored: StoredImport, columns: Mapping[str, str], privacy: Privacy, clock: Clock
    ) -> None:
        self._organisation_id = organisation_id
        self._import_id = stored.id
        self._dry_run = stored.mapping.dry_run
        self._leaves_out = stored.mapping.on_unreadable is OnUnreadable.LEAVE_OUT
        self._columns = columns
        self._privacy = privacy
        self._clock = clock
        self._seen: dict[bytes, bytes] = {}

    def check(self, said: Sequence[NewResponse], survey: PublishedSurvey) -> Checked:
        """Check responses; touches nothing, so that it can be done beside the writing of others."""
        now = self._clock.now()
        found = check_responses(self._organisation_id, survey, said, privacy=self._privacy, received_at=now)
        return Checked(said, found, survey)

    async def write(self, session: Session, survey: PublishedSurvey, batch: Batch, checked: Checked) -> Done:
        """Record a batch, in the caller's transaction.

        An answer that the other answers hide is left out like one that cannot be read; leaving it out can hide another.

        Raises:
            NotSettled: others kept writing and erasing the same responses.
        """
        ledger = _Ledger(batch)
        kept = {said.import_line for said in batch.responses}
        ledger.rejected = {line: [] for line in batch.findings if line not in kept}
        if checked.survey.confidentiality is not survey.confidentiality:
            # The survey promises more since it was looked at.
            checked = self.check(batch.responses, survey)
        while checked.said:
            outcomes = await self._settle(session, survey, checked)
            again: list[NewResponse] = []
            for said, outcome in zip(checked.said, outcomes, strict=True):
                if isinstance(outcome, Recorded):
                    ledger.recorded += 1
                elif isinstance(outcome, Duplicate):
                    ledger.duplicate += 1
                else:
                    again += self._refused(said, outcome, ledger)
            checked = self.check(again, survey)
        return ledger.done()

    async def _settle(
        self, session: Session, survey: PublishedSurvey, checked: Checked
    ) -> Sequence[Recorded | Duplicate | Rejected]:
        if self._dry_run:
            return await self._foretell(session, survey, checked)
        try:
            return await record_checked(
                session,
                self._organisation_id,
                survey,
                checked.found,
                privacy=self._privacy,
                import_id=self._import_id,
            )
        except StillSettling as error:
            raise NotSettled from error

    def _refused(self, said: NewResponse, outcome: Rejected, ledger: _Ledger) -> list[NewResponse]:
        """The response without what can be left out of it, to be recorded after all; or nothing."""
        line = said.import_line or 0
        findings = [self._finding(said, fault.pointer, fault.code, fault.detail) for fault in outcome.faults]
        hidden = {
            fault.pointer.removeprefix("/answers/")
            for fault in outcome.faults
            if fault.code == FaultCode.NOT_SHOWN.value
        }
        if self._leaves_out and len(hidden) == len(outcome.faults):
            ledger.left_out.setdefault(line, []).extend(findings)
            return [replace(said, answers={key: value for key, value in said.answers.items() if key not in hidden})]
        ledger.rejected[line] = findings
        return []

    def _finding(self, said: NewResponse, pointer: str, code: str, detail: str) -> Finding:
        place = "/".join(pointer.split("/")[:3])
        if code == ResponseFault.IDEMPOTENCY_KEY_REUSED.value:
            detail = "This row of the same file was imported before with another mapping; what was recorded then stays."
            return Finding(None, ImportFault.ROW_CHANGED.value, detail)
        return Finding(self._columns.get(place), code, detail, _said(said, place))

    async def _foretell(
        self, session: Session, survey: PublishedSurvey, checked: Checked
    ) -> Sequence[Recorded | Duplicate | Rejected]:
        rows = [found for found in checked.found if isinstance(found, ResponseRow)]
        earlier = await capture.earlier_responses(session, self._organisation_id, survey.survey_id, rows)
        before = {ref: found.content_hash for ref, found in earlier.by_external_ref.items()}
        before |= {ref: found.content_hash for ref, found in earlier.by_idempotency_ref.items()}
        return [found if isinstance(found, Rejected) else self._against(found, before) for found in checked.found]

    def _against(self, row: ResponseRow, before: Mapping[bytes, bytes]) -> Recorded | Duplicate | Rejected:
        """What a row would be beside what is recorded, and beside the rows of the file before it."""
        reference = row.external_ref or row.idempotency_ref
        assert reference is not None
        content = before.get(reference) or self._seen.get(reference)
        receipt = Receipt(row.id, row.status, row.confidentiality, row.submitted_at, row.received_at)
        if content is None:
            if row.external_ref is not None:
                self._seen[reference] = row.content_hash
                if len(self._seen) > REPEATS_REMEMBERED:
                    del self._seen[next(iter(self._seen))]
            return Recorded(receipt)
        if content == row.content_hash:
            return Duplicate(receipt)
        code = ResponseFault.EXTERNAL_ID_REUSED if row.external_ref else ResponseFault.IDEMPOTENCY_KEY_REUSED
        return Rejected((Fault("/external_id", code.value, _REUSED),))


class Faults:
    """Faults as they are listed, up to as many as are."""

    def __init__(self, *, listed: int) -> None:
        """Go on after those that are listed already."""
        self._listed = listed

    def of_rows(self, rows: Sequence[RowFindings]) -> list[PlacedFault]:
        """Faults of rows, in their order."""
        faults = [
            PlacedFault(
                FaultPlace(row.line, number),
                RowFault(row.line, finding.column, finding.code, finding.detail, _shown(finding.value), row.row_kept),
            )
            for row in rows
            for number, finding in enumerate(row.findings)
        ]
        return self._take(faults)

    def of_file(self, never_seen: Sequence[str]) -> list[PlacedFault]:
        """Columns that no row had: on line 0, for they are of the file as a whole."""
        detail = "No line has this column."
        return self._take(
            [
                PlacedFault(
                    FaultPlace(0, number),
                    RowFault(0, column, ImportFault.COLUMN_NEVER_SEEN.value, detail, None, row_kept=True),
                )
                for number, column in enumerate(never_seen)
            ]
        )

    def _take(self, faults: list[PlacedFault]) -> list[PlacedFault]:
        taken = faults[: max(0, MAX_LISTED_FAULTS - self._listed)]
        self._listed += len(taken)
        return taken


def _said(said: NewResponse, place: str) -> Cell | None:
    """What a row says at a place; nothing that may name somebody."""
    if place.startswith(_NAMES_SOMEBODY):
        return None
    _, kind, *key = place.split("/")
    if kind in {"answers", "attributes"} and key:
        value = getattr(said, kind).get(key[0])
        return None if value is None else str(value)
    value = getattr(said, kind, None)
    return None if value is None else str(value)


def _shown(value: Cell | None) -> str | None:
    if value is None:
        return None
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    return printable(text[:_LONGEST_VALUE]).replace("\0", "\N{SYMBOL FOR NULL}")
