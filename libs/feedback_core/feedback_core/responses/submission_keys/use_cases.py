"""What can be done with submission keys, and with what comes with one."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Conflict, Fault, Invalid, NotFound, Unauthenticated
from feedback_core.kit.ids import new_id
from feedback_core.responses.submission_keys import queries
from feedback_core.responses.submission_keys.credentials import PublicCredential, PublicKind
from feedback_core.responses.submission_keys.types import (
    FEWEST_KEY_CHARACTERS,
    MOST_KEYS,
    KeyFault,
    NewSubmissionKey,
    PublicCaller,
    SubmissionKey,
    is_origin,
)
from feedback_core.surveys.use_cases import check_survey


class TooManyKeys(Conflict):
    """The survey has as many live submission keys as it may have."""

    code = KeyFault.TOO_MANY_KEYS.value


async def create_submission_key(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    said: NewSubmissionKey,
    *,
    secret: bytes,
    by: str,
    clock: Clock,
) -> tuple[SubmissionKey, str]:
    """A new key of a survey, and its token.

    Raises:
        NotFound: no such survey here.
        Invalid: an origin is none, or it has expired before it began; the pointer says where.
        TooManyKeys: the survey has enough of them.
    """
    await check_survey(session, organisation_id, survey_id)
    now = clock.now()
    faults = list(_faults(said, now))
    if faults:
        raise Invalid(faults)
    if await queries.count_live(session, organisation_id, survey_id, now=now) >= MOST_KEYS:
        raise TooManyKeys(f"The survey has {MOST_KEYS} live submission keys: revoke one that is not used any more.")
    credential = PublicCredential(PublicKind.SUBMISSION, organisation_id, survey_id, new_id(), secret)
    token = credential.token()
    row = SubmissionKey(
        id=credential.id,
        survey_id=survey_id,
        name=said.name,
        hint=token[-4:],
        origins=said.origins,
        requests_per_minute=said.requests_per_minute,
        created_by=by,
        created_at=now,
        expires_at=said.expires_at,
        revoked_at=None,
    )
    await queries.add_key(session, organisation_id, row, credential.secret_hash())
    return row, token


async def submission_keys_of(session: Session, organisation_id: UUID, survey_id: UUID) -> list[SubmissionKey]:
    """Every key of a survey, oldest first, without secrets.

    Raises:
        NotFound: no such survey here.
    """
    await check_survey(session, organisation_id, survey_id)
    return await queries.keys_of(session, organisation_id, survey_id)


async def revoke_submission_key(
    session: Session, organisation_id: UUID, survey_id: UUID, key_id: UUID, *, clock: Clock
) -> None:
    """Revoke a key; every process refuses it within seconds, and pages whose origin no other live key names.

    Raises:
        NotFound: no such key of this survey here.
    """
    if not await queries.revoke_key(session, organisation_id, survey_id, key_id, at=clock.now()):
        raise NotFound("submission key", key_id)


async def submission_key_caller(session: Session, credential: PublicCredential, *, clock: Clock) -> PublicCaller:
    """Who holds a submission key, in a session bound to the organisation that it names.

    Raises:
        Unauthenticated: unknown, revoked or expired; the answer does not say which.
    """
    found = await queries.key_with_hash(session, credential.organisation_id, credential.survey_id, credential.id)
    if found is None or not credential.matches([found[1]]) or not found[0].is_live(clock.now()):
        raise Unauthenticated("This submission key is not valid.")
    key = found[0]
    return PublicCaller(
        organisation_id=credential.organisation_id,
        api_key_id=key.id,
        name=key.name,
        scopes=frozenset(),
        expires_at=key.expires_at,
        survey_id=key.survey_id,
        open_response_id=None,
        origins=frozenset(key.origins),
        requests_per_minute=key.requests_per_minute,
    )


def own_idempotency_key(sender: UUID, key: str | None, *, is_public: bool) -> str | None:
    """A caller's Idempotency-Key as it is known among those of one survey, apart from those of other callers.

    Raises:
        Invalid: everybody may send with this key, and somebody could guess it.
    """
    if key is None:
        return None
    if is_public and len(key) < FEWEST_KEY_CHARACTERS:
        detail = f"Use a random key of {FEWEST_KEY_CHARACTERS} characters or more, as crypto.randomUUID() makes."
        raise Invalid([Fault("/header/idempotency-key", KeyFault.GUESSABLE_KEY.value, detail)])
    return f"{sender}:{key}"


def _faults(said: NewSubmissionKey, now: datetime) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, origin in enumerate(said.origins):
        if not is_origin(origin):
            detail = "Write it as browsers do: https://www.example.org, with a port only if it is not the usual one."
            yield Fault(f"/origins/{place}", KeyFault.NOT_AN_ORIGIN.value, detail)
        elif origin in seen:
            yield Fault(f"/origins/{place}", KeyFault.NAMED_TWICE.value, "Name each origin once.")
        seen.add(origin)
    if said.expires_at is not None and said.expires_at <= now:
        yield Fault("/expires_at", KeyFault.EXPIRED_ALREADY.value, "Give a time that has not come yet.")
