"""Recording what customers said, once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, NotFound
from feedback_core.kit.ids import new_id
from feedback_core.responses.checks import ResponseCheck, ResponseRow
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.queries import capture
from feedback_core.responses.queries.capture import Earlier, EarlierResponses
from feedback_core.responses.quotas import queries as quotas
from feedback_core.responses.quotas.places import hold_places
from feedback_core.responses.types import (
    ConfidentialityLooser,
    Duplicate,
    ExternalIdReused,
    IdempotencyKeyReused,
    IdentityNotAllowed,
    NewResponse,
    Outcome,
    Receipt,
    Recorded,
    Rejected,
    ResponseFault,
    ResponseRefused,
    StillSettling,
    SurveyClosed,
)
from feedback_core.responses.versions import versions
from feedback_core.surveys import queries as surveys
from feedback_core.surveys.types import PublishedSurvey, SurveyNotPublished, SurveyState

_ROUNDS: Final = 5

_REFUSALS: Final[Mapping[str, type[ResponseRefused]]] = {
    refusal.code: refusal
    for refusal in (ExternalIdReused, IdempotencyKeyReused, ConfidentialityLooser, IdentityNotAllowed)
}


async def survey_taking_answers(session: Session, organisation_id: UUID, survey_id: UUID) -> PublishedSurvey:
    """The published version of a survey that is open.

    Raises:
        NotFound: no such survey here.
        SurveyNotPublished: it has no version yet.
        SurveyClosed: it takes no more answers.
    """
    survey = await survey_as_published(session, organisation_id, survey_id)
    if survey.state is SurveyState.CLOSED:
        raise SurveyClosed("The survey is closed: it takes no more answers.")
    return survey


async def survey_as_published(session: Session, organisation_id: UUID, survey_id: UUID) -> PublishedSurvey:
    """The version of a survey that takes answers, or took the last ones.

    Raises:
        NotFound: no such survey here.
        SurveyNotPublished: it has no version yet.
    """
    standing = await capture.survey_standing(session, organisation_id, survey_id)
    if standing is None:
        raise NotFound("survey", survey_id)
    if standing.version_id is None or standing.number is None:
        raise SurveyNotPublished
    questionnaire = versions.questionnaire(standing.version_id)
    if questionnaire is None:
        questionnaire = await surveys.version_questionnaire(session, organisation_id, standing.version_id)
        assert questionnaire is not None
    return PublishedSurvey(
        survey_id=survey_id,
        key=standing.key,
        version_id=standing.version_id,
        number=standing.number,
        state=standing.state,
        confidentiality=standing.confidentiality,
        questionnaire=questionnaire,
        quotas_revision=standing.quotas_revision,
    )


def check_responses(
    organisation_id: UUID,
    survey: PublishedSurvey,
    items: Sequence[NewResponse | Rejected],
    *,
    privacy: Privacy,
    received_at: datetime,
) -> list[ResponseRow | Rejected]:
    """What would be written of each item, or why it cannot be; reads and writes nothing.

    An item that could not even be read comes as rejected and stays so, in its place.
    """
    check = ResponseCheck(
        survey,
        versions.validator(survey.version_id, survey.questionnaire),
        privacy.references.of_survey(organisation_id, survey.survey_id),
        received_at=received_at,
    )
    return [item if isinstance(item, Rejected) else check.check(item, new_id()) for item in items]


async def record_responses(
    session: Session,
    organisation_id: UUID,
    survey: PublishedSurvey,
    items: Sequence[NewResponse | Rejected],
    *,
    privacy: Privacy,
    clock: Clock,
    import_id: UUID | None = None,
) -> list[Outcome]:
    """Record responses, each once, in one statement; one outcome per item, in the order of the items.

    An item whose ``external_id`` or ``idempotency_key`` came before, in this call or an earlier one, is a duplicate
    if it says the same, and rejected otherwise. Whether the survey is open is the caller's question
    (``survey_taking_answers``).

    Raises:
        StillSettling: others write and erase the same responses all the time.
    """
    received_at = clock.now()
    checked = check_responses(organisation_id, survey, items, privacy=privacy, received_at=received_at)
    return await record_checked(session, organisation_id, survey, checked, privacy=privacy, import_id=import_id)


async def record_checked(
    session: Session,
    organisation_id: UUID,
    survey: PublishedSurvey,
    checked: Sequence[ResponseRow | Rejected],
    *,
    privacy: Privacy,
    import_id: UUID | None = None,
    reserved_for: UUID | None = None,
) -> list[Outcome]:
    """Record what ``check_responses`` made of responses, as ``record_responses`` does.

    Where the survey has quotas, each takes its places, or gets the status ``over_quota`` or ``screened_out``; places
    that are reserved for the open response ``reserved_for`` are its own.

    Raises:
        StillSettling: others write and erase the same responses all the time.
    """
    writer = _Writer(session, organisation_id, survey, privacy, import_id, reserved_for)
    rows = {index: found for index, found in enumerate(checked) if isinstance(found, ResponseRow)}
    settled = await writer.settle(rows) if rows else {}
    return [found if isinstance(found, Rejected) else settled[index] for index, found in enumerate(checked)]


def refusal_of(rejected: Rejected) -> ResponseRefused:
    """The error to raise for a response that is refused by itself."""
    codes = {fault.code for fault in rejected.faults}
    kind = _REFUSALS.get(codes.pop(), ResponseRefused) if len(codes) == 1 else ResponseRefused
    return kind(rejected.faults)


class _Writer:
    """Writes checked rows to one survey and tells which were there before."""

    def __init__(
        self,
        session: Session,
        organisation_id: UUID,
        survey: PublishedSurvey,
        privacy: Privacy,
        import_id: UUID | None,
        reserved_for: UUID | None,
    ) -> None:
        self._session = session
        self._organisation_id = organisation_id
        self._survey = survey
        self._privacy = privacy
        self._import_id = import_id
        self._reserved_for = reserved_for
        self._quotas_revision = survey.quotas_revision

    async def settle(self, rows: Mapping[int, ResponseRow]) -> dict[int, Outcome]:
        """The outcome of each row.

        One round settles all, but where the response that stood in the way is erased meanwhile: then there is nothing
        to be a duplicate of, and the row is written after all; or where the quotas have changed meanwhile.
        """
        outcomes: dict[int, Outcome] = {}
        waiting = dict(rows)
        for _ in range(_ROUNDS):
            written = await self._write(_first_of_each(waiting.values()))
            outcomes |= {
                index: Recorded(_receipt(written[row.id])) for index, row in waiting.items() if row.id in written
            }
            waiting = {index: row for index, row in waiting.items() if row.id not in written}
            if not waiting:
                return outcomes
            earlier = await self._earlier(waiting.values())
            for index, row in tuple(waiting.items()):
                outcome = _against(row, earlier)
                if outcome is not None:
                    outcomes[index] = outcome
                    del waiting[index]
            if not waiting:
                return outcomes
        raise StillSettling("Others keep writing and erasing this response: try again.")

    async def _write(self, rows: Sequence[ResponseRow]) -> dict[UUID, ResponseRow]:
        """The rows that were written, by id, with the status that they got."""
        of = (self._session, self._organisation_id, self._survey.survey_id)
        places = None
        if self._quotas_revision:
            self._quotas_revision, places = await hold_places(
                *of, now=rows[0].received_at, reserved_for=self._reserved_for
            )
        if places is not None:
            # What came before takes no place again.
            earlier = await self._earlier(rows)
            rows = places.place(row for row in rows if _against(row, earlier) is None)
        if not rows:
            return {}
        added = await capture.add_responses(
            *of,
            self._survey.version_id,
            rows,
            import_id=self._import_id,
            quotas_revision=self._quotas_revision,
        )
        if not added:
            self._quotas_revision = (await quotas.stored(*of, hold="shared")).revision
        written = {row.id: row for row in rows if row.id in added}
        if places is not None:
            await places.take(written)
        vault = self._privacy.identities
        sealed = {row.id: vault.seal(row.respondent) for row in rows if row.respondent and row.id in written}
        if sealed:
            await capture.add_identities(self._session, self._organisation_id, sealed)
        return written

    async def _earlier(self, rows: Iterable[ResponseRow]) -> EarlierResponses:
        return await capture.earlier_responses(self._session, self._organisation_id, self._survey.survey_id, rows)


def _receipt(row: ResponseRow) -> Receipt:
    return Receipt(row.id, row.status, row.confidentiality, row.submitted_at, row.received_at)


def _first_of_each(rows: Iterable[ResponseRow]) -> list[ResponseRow]:
    """Rows without those that share a reference with one before them."""
    external: set[bytes] = set()
    idempotency: set[bytes] = set()
    first = []
    for row in rows:
        if row.external_ref in external or row.idempotency_ref in idempotency:
            continue
        if row.external_ref is not None:
            external.add(row.external_ref)
        if row.idempotency_ref is not None:
            idempotency.add(row.idempotency_ref)
        first.append(row)
    return first


def _against(row: ResponseRow, earlier: EarlierResponses) -> Duplicate | Rejected | None:
    """What a row is beside the responses that were there before; ``None`` if none of them has its references."""
    same_key = earlier.by_idempotency_ref.get(row.idempotency_ref) if row.idempotency_ref else None
    if same_key is not None and same_key.content_hash != row.content_hash:
        return Rejected((_KEY_REUSED,))
    same_name = earlier.by_external_ref.get(row.external_ref) if row.external_ref else None
    if same_name is not None and same_name.content_hash != row.content_hash:
        return Rejected((_NAME_REUSED,))
    found: Earlier | None = same_key or same_name
    return Duplicate(found.receipt) if found else None


_KEY_REUSED: Final = Fault(
    "/header/idempotency-key",
    ResponseFault.IDEMPOTENCY_KEY_REUSED.value,
    "This Idempotency-Key came before with another response: use a new key for a new response.",
)
_NAME_REUSED: Final = Fault(
    "/external_id",
    ResponseFault.EXTERNAL_ID_REUSED.value,
    "This external_id came before with other content: a response is never changed; use a new external_id.",
)
