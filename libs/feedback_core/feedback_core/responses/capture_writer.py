"""Single responses, recorded in groups: checked by what is remembered of their survey, and never wronged by that."""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import UUID

from feedback_core.db.group_commit import GroupCommit, QueueLimits
from feedback_core.db.session import Database, Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import DomainError
from feedback_core.responses.checks import ResponseRow
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.types import Duplicate, NewResponse, Outcome, Recorded, Rejected, StillSettling
from feedback_core.responses.use_cases import check_responses, record_checked, refusal_of, survey_taking_answers
from feedback_core.surveys.types import PublishedSurvey

_MOST_SURVEYS: Final = 4_096
_ROUNDS: Final = 5
_NOT_TEXT_BYTES: Final = 500

SurveyKey: TypeAlias = tuple[UUID, UUID]
"""Organisation and survey."""

Settled: TypeAlias = Outcome | DomainError | None
"""What became of a row; ``None``: its survey is not any more what it was checked against."""


@dataclass(frozen=True, eq=False, slots=True)
class _Read:
    """A survey as it was read, and the number of the reading: a later one knows what happened before it began."""

    survey: PublishedSurvey
    number: int


@dataclass(frozen=True, eq=False, slots=True)
class _Checked:
    row: ResponseRow
    survey: PublishedSurvey

    @property
    def size(self) -> int:
        return len(self.row.answers) + len(self.row.attributes) + _NOT_TEXT_BYTES


class CaptureWriter:
    """Records responses one by one for its callers, in groups for the database; one per process."""

    def __init__(self, database: Database, privacy: Privacy, clock: Clock, limits: QueueLimits) -> None:
        self._database = database
        self._privacy = privacy
        self._clock = clock
        self._commit: GroupCommit[_Checked, Settled] = GroupCommit(database, self._write, limits)
        self._surveys: OrderedDict[SurveyKey, _Read] = OrderedDict()
        self._readings: dict[SurveyKey, asyncio.Future[_Read]] = {}
        self._readings_begun = 0

    @property
    def waiting(self) -> int:
        """Responses that are not durable yet."""
        return self._commit.waiting

    async def record(self, organisation_id: UUID, survey_id: UUID, said: NewResponse) -> Recorded | Duplicate:
        """Record one response, once; it is durable when this returns.

        Raises:
            NotFound: no such survey here.
            SurveyNotPublished: it has no version yet.
            SurveyClosed: it takes no more answers.
            ResponseRefused: it cannot be recorded; everything wrong with it is named. Its subclasses: it is another
                response under a name that was used, or keeps more of the respondent than it may.
            QueueFull: too much is waiting already.
            ShuttingDown: this process is about to end.
            StillSettling: the survey, or the response of the same name, keeps changing.
        """
        key, begun = (organisation_id, survey_id), self._readings_begun
        for _ in range(_ROUNDS):
            read = self._surveys.get(key) or await self._look_up(key)
            (checked,) = check_responses(
                organisation_id, read.survey, [said], privacy=self._privacy, received_at=self._clock.now()
            )
            if isinstance(checked, ResponseRow):
                item = _Checked(checked, read.survey)
                settled = await self._commit.put(organisation_id, item, size=item.size)
                if isinstance(settled, DomainError):
                    raise settled
                if isinstance(settled, Rejected):
                    raise refusal_of(settled)
                if settled is not None:
                    return settled
            elif read.number > begun:
                raise refusal_of(checked)
            # What is remembered of the survey may be out of date; nobody is refused, or let in, by that.
            if self._surveys.get(key) is read:
                del self._surveys[key]
        raise StillSettling("The survey keeps changing: try again.")

    async def close(self) -> None:
        """Take nothing more, and leave when all that was taken is durable, or has failed and says so."""
        await self._commit.close()

    async def _look_up(self, key: SurveyKey) -> _Read:
        """Read a survey; those who ask for it at the same time share one reading."""
        reading = self._readings.get(key)
        if reading is None:
            self._readings_begun += 1
            reading = self._readings[key] = asyncio.ensure_future(self._read(key, self._readings_begun))
            reading.add_done_callback(lambda _: self._readings.pop(key))
        # Whoever leaves does not take the reading from the others.
        return await asyncio.shield(reading)

    async def _read(self, key: SurveyKey, number: int) -> _Read:
        organisation_id, survey_id = key
        async with self._database.tenant(organisation_id) as session:
            read = _Read(await survey_taking_answers(session, organisation_id, survey_id), number)
        self._surveys[key] = read
        if len(self._surveys) > _MOST_SURVEYS:
            self._surveys.popitem(last=False)
        return read

    async def _write(self, session: Session, organisation_id: UUID, group: Sequence[_Checked]) -> list[Settled]:
        """Write responses to surveys in one order, so that two processes never wait for each other crosswise."""
        settled: list[Settled] = [None] * len(group)
        of_survey: dict[UUID, list[int]] = defaultdict(list)
        for index, item in enumerate(group):
            of_survey[item.survey.survey_id].append(index)
        for survey_id in sorted(of_survey):
            try:
                survey = await survey_taking_answers(session, organisation_id, survey_id)
            except DomainError as refusal:
                outcomes: Sequence[Settled] = [refusal] * len(of_survey[survey_id])
                current = of_survey[survey_id]
            else:
                current = [index for index in of_survey[survey_id] if group[index].survey == survey]
                rows = [group[index].row for index in current]
                outcomes = await record_checked(session, organisation_id, survey, rows, privacy=self._privacy)
            for index, outcome in zip(current, outcomes, strict=True):
                settled[index] = outcome
        return settled
