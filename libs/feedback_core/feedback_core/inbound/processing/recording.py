"""Recording what items say: each is one response, and of what its sender has changed since, the last one counts.

What was said is never altered. A change is another response beside the one before, which is excluded from every figure;
of two, the one that came about later counts, in whichever order they arrive.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.inbound.mapping.types import ItemFault, Said
from feedback_core.inbound.processing import object_queries
from feedback_core.inbound.processing.object_queries import KnownObject
from feedback_core.inbound.processing.reading import ReadItem
from feedback_core.inbound.processing.types import SUPERSEDED, ProcessingReason
from feedback_core.inbound.types import DeliveryReason, ItemOutcome
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, NotFound
from feedback_core.responses.checks import ResponseRow
from feedback_core.responses.imports.types import OnUnreadable
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.types import (
    AlreadyExcluded,
    Duplicate,
    NewResponse,
    Outcome,
    Recorded,
    Recount,
    Rejected,
)
from feedback_core.responses.use_cases import check_responses, exclude_response, record_checked
from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.references import SurveyReferences
from feedback_core.surveys.types import PublishedSurvey

_MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Became:
    """What an item became, without its place."""

    outcome: ItemOutcome
    reason: DeliveryReason | None = None
    response_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What settling works with.

    Attributes:
        source_name: who decides on exclusions and erasures, for those who ask later.
        leaves_out: whether an answer that the other answers hide is left out, as the mapping says.
    """

    organisation_id: UUID
    source_id: UUID
    source_name: str
    survey: PublishedSurvey
    privacy: Privacy
    recount: Recount
    clock: Clock
    on_unreadable: OnUnreadable

    @property
    def by(self) -> str:
        """Who decides, for those who ask later."""
        return f"source: {self.source_name}"

    @property
    def references(self) -> SurveyReferences:
        """The keyed hashes of the survey."""
        return self.privacy.references.of_survey(self.organisation_id, self.survey.survey_id)


@dataclass(slots=True)
class _Candidate:
    """An item that says a response, on its way."""

    item: ReadItem
    said: Said
    response: NewResponse
    ref: bytes | None
    reasons: list[DeliveryReason] = field(default_factory=list)


class Recorder:
    """Records the responses of one batch."""

    def __init__(self, session: Session, context: Context) -> None:
        self._session = session
        self._of = context
        self._received_at = context.clock.now()
        self._objects: dict[bytes, KnownObject] = {}

    async def record(self, items: Sequence[ReadItem]) -> list[Became]:
        """What each item became; they are in the order in which they came about."""
        candidates = [self._candidate(item) for item in items]
        refs = {candidate.ref for candidate in candidates if candidate.ref is not None}
        of = self._of
        self._objects = await object_queries.objects(self._session, of.organisation_id, of.source_id, refs)
        before = dict(self._objects)
        forgotten = await self._forgotten(candidates)
        became: dict[int, Became] = {}
        became |= {number: Became(ItemOutcome.IGNORED, reason) for number, reason in forgotten.items()}
        waiting = [number for number in range(len(candidates)) if number not in forgotten]
        while waiting:
            first, later = _first_of_each(waiting, candidates)
            became |= dict(zip(first, await self._round([candidates[number] for number in first]), strict=True))
            waiting = later
        changed = {ref: known for ref, known in self._objects.items() if before.get(ref) != known}
        await object_queries.save_objects(self._session, of.organisation_id, of.source_id, changed)
        return [became[number] for number in range(len(candidates))]

    def _candidate(self, item: ReadItem) -> _Candidate:
        said = item.outcome
        assert isinstance(said, Said)
        response = replace(
            said.response,
            submitted_at=said.response.submitted_at or item.occurred_at,
            idempotency_key=f"inbound:{self._of.source_id}:{item.item_id}",
        )
        name = response.external_id
        reasons = []
        if said.left_out:
            reasons.append(DeliveryReason(ProcessingReason.LEFT_OUT.value, told(said.left_out)))
        if said.repeated:
            detail = f"{said.repeated} values were there more than once, and count once."
            reasons.append(DeliveryReason(ProcessingReason.REPEATED_ANSWERS.value, detail))
        return _Candidate(
            item, said, response, None if name is None else self._of.references.external_id(name), reasons
        )

    async def _forgotten(self, candidates: Sequence[_Candidate]) -> dict[int, DeliveryReason]:
        """Which of them speak of somebody, or of something, that the source has had forgotten since."""
        named: dict[int, list[bytes]] = {}
        for number, candidate in enumerate(candidates):
            refs = [candidate.ref]
            if candidate.response.respondent is not None:
                refs.append(self._of.references.respondent(candidate.response.respondent))
            if found := [ref for ref in refs if ref is not None]:
                named[number] = found
        of = self._of
        asked = {ref for refs in named.values() for ref in refs}
        known = await object_queries.forgotten(self._session, of.organisation_id, of.source_id, asked) if asked else {}
        reason = DeliveryReason(
            ProcessingReason.FORGOTTEN_BEFORE.value, "The source asked later that whoever said this be forgotten."
        )
        return {
            number: reason
            for number, refs in named.items()
            if any(ref in known and candidates[number].item.occurred_at <= known[ref] for ref in refs)
        }

    async def _round(self, candidates: Sequence[_Candidate]) -> list[Became]:
        """Record items no two of which speak of the same thing."""
        became: dict[int, Became] = {}
        waiting = list(range(len(candidates)))
        while waiting:
            checked = self._check([candidates[number] for number in waiting])
            again: list[int] = []
            to_write: dict[int, ResponseRow] = {}
            for number, row in zip(waiting, checked, strict=True):
                candidate = candidates[number]
                known = self._known(candidate)
                if isinstance(row, Rejected):
                    if not self._leave_out(candidate, row):
                        became[number] = _refused(row)
                    else:
                        again.append(number)
                elif known is not None and not known.is_there:
                    became[number] = Became(ItemOutcome.IGNORED, _ERASED_BEFORE)
                elif known is not None and known.said_hash == self._said_hash(row):
                    became[number] = self._same(candidate, known)
                else:
                    to_write[number] = row
            became |= await self._write({number: (candidates[number], row) for number, row in to_write.items()})
            waiting = again
        return [became[number] for number in range(len(candidates))]

    def _check(self, candidates: Sequence[_Candidate]) -> list[ResponseRow | Rejected]:
        of = self._of
        named = [replace(candidate.response, external_id=self._name(candidate)) for candidate in candidates]
        return check_responses(of.organisation_id, of.survey, named, privacy=of.privacy, received_at=self._received_at)

    def _known(self, candidate: _Candidate) -> KnownObject | None:
        return None if candidate.ref is None else self._objects.get(candidate.ref)

    def _name(self, candidate: _Candidate) -> str | None:
        """The external id of the response: that of the thing itself, and for what changes it, with a number."""
        known = self._known(candidate)
        name = candidate.response.external_id
        return name if known is None or name is None else take_name(name, known.takes + 1)

    def _leave_out(self, candidate: _Candidate, refused: Rejected) -> bool:
        """Take answers out that the other answers hide, if the mapping says so and nothing else is wrong."""
        hidden = {fault.pointer.removeprefix("/answers/") for fault in refused.faults if _is_hidden(fault)}
        if self._of.on_unreadable is OnUnreadable.REJECT_ROW or len(hidden) < len(refused.faults):
            return False
        response = candidate.response
        kept = {key: value for key, value in response.answers.items() if key not in hidden}
        if not kept:
            return False
        candidate.response = replace(response, answers=kept)
        detail = "Answers to questions that the other answers hide were left out."
        candidate.reasons.append(DeliveryReason(ProcessingReason.LEFT_OUT.value, detail))
        return True

    async def _write(self, rows: dict[int, tuple[_Candidate, ResponseRow]]) -> dict[int, Became]:
        if not rows:
            return {}
        of = self._of
        outcomes = await record_checked(
            self._session,
            of.organisation_id,
            of.survey,
            [row for _, row in rows.values()],
            privacy=of.privacy,
        )
        became = {}
        for (number, (candidate, row)), outcome in zip(rows.items(), outcomes, strict=True):
            became[number] = await self._settled(candidate, row, outcome)
        return became

    async def _settled(self, candidate: _Candidate, row: ResponseRow, outcome: Outcome) -> Became:
        match outcome:
            case Recorded(receipt):
                await self._take(candidate, row, receipt.id)
                return Became(ItemOutcome.RECORDED, _joined(candidate.reasons), receipt.id)
            case Duplicate(receipt):
                if candidate.ref is not None and candidate.ref not in self._objects:
                    self._objects[candidate.ref] = self._object(candidate, row, receipt.id, 1)
                return Became(ItemOutcome.REPEATED, _SAME, receipt.id)
            case Rejected():
                return _refused(outcome)

    async def _take(self, candidate: _Candidate, row: ResponseRow, response_id: UUID) -> None:
        """Let the later one of two takes of the same thing count."""
        known = self._known(candidate)
        if candidate.ref is None:
            return
        if known is None:
            self._objects[candidate.ref] = self._object(candidate, row, response_id, 1)
        elif candidate.item.occurred_at >= known.occurred_at:
            await self._exclude(known.response_id)
            self._objects[candidate.ref] = self._object(candidate, row, response_id, known.takes + 1)
        else:
            await self._exclude(response_id)
            self._objects[candidate.ref] = replace(known, takes=known.takes + 1)

    async def _exclude(self, response_id: UUID) -> None:
        of = self._of
        try:
            await exclude_response(
                self._session,
                of.organisation_id,
                of.survey.survey_id,
                response_id,
                reason=SUPERSEDED,
                by=of.by,
                recount=of.recount,
                clock=of.clock,
            )
        except (AlreadyExcluded, NotFound):
            return  # somebody has decided on it already

    def _same(self, candidate: _Candidate, known: KnownObject) -> Became:
        assert candidate.ref is not None
        self._objects[candidate.ref] = replace(known, occurred_at=max(known.occurred_at, candidate.item.occurred_at))
        return Became(ItemOutcome.REPEATED, _SAME, known.response_id)

    def _object(self, candidate: _Candidate, row: ResponseRow, response_id: UUID, takes: int) -> KnownObject:
        return KnownObject(response_id, takes, self._said_hash(row), candidate.item.occurred_at)

    def _said_hash(self, row: ResponseRow) -> bytes:
        """Of what a customer said, without when it was sent and under which name."""
        said = (row.status, row.method, row.confidentiality, row.attributes, row.answers)
        who = (row.respondent_ref or b"").hex()
        return self._of.references.content(json.dumps([*map(str, said), who]))


def take_name(name: str, number: int) -> str:
    """The external id of the response that was the thing's first, second, ... take."""
    return name if number == 1 else f"{name}~{number}"


def told(faults: Sequence[Fault | ItemFault]) -> str:
    """Faults in one sentence each, with their places; never a value."""
    said = []
    for fault in faults[:_MOST_NAMED]:
        place = f" ({fault.place})" if isinstance(fault, ItemFault) and fault.place is not None else ""
        where = f"{fault.pointer}{place}: " if fault.pointer or place else ""
        said.append(f"{where}{fault.detail}")
    more = len(faults) - len(said)
    return " ".join([*said, f"And {more} more."] if more > 0 else said)


_SAME = DeliveryReason(ProcessingReason.SAME_AS_BEFORE.value, "It says the same as what was recorded before.")
_ERASED_BEFORE = DeliveryReason(ProcessingReason.ERASED_BEFORE.value, "The response that this changes was erased.")


def _is_hidden(fault: Fault) -> bool:
    return fault.code == FaultCode.NOT_SHOWN.value


def _refused(rejected: Rejected) -> Became:
    return Became(ItemOutcome.UNMAPPED, DeliveryReason(rejected.faults[0].code, told(rejected.faults)))


def _joined(reasons: Sequence[DeliveryReason]) -> DeliveryReason | None:
    if not reasons:
        return None
    return DeliveryReason(reasons[0].code, " ".join(reason.detail for reason in reasons))


def _first_of_each(waiting: Sequence[int], candidates: Sequence[_Candidate]) -> tuple[list[int], list[int]]:
    seen: set[bytes] = set()
    first, later = [], []
    for number in waiting:
        ref = candidates[number].ref
        if ref is not None and ref in seen:
            later.append(number)
        else:
            first.append(number)
            if ref is not None:
                seen.add(ref)
    return first, later
