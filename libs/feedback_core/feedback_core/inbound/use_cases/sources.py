"""Sources: creating, changing, retiring them, and the secrets that they are believed by."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.inbound.queries import sources as queries
from feedback_core.inbound.secret_forms import check_secret, hint_of, make_secret
from feedback_core.inbound.types import (
    MOST_SECRETS,
    SIGNS_URL,
    Preset,
    RefusalCount,
    Scheme,
    Source,
    SourceOptions,
    SourceRetired,
    SourceSecret,
    SourceState,
    TooManySecrets,
)
from feedback_core.inbound.use_cases.inbox import KEPT_HEADERS
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound, require_current
from feedback_core.kit.ids import new_id
from feedback_core.kit.sealing import Seal
from feedback_core.surveys import queries as surveys

DEFAULT_HEADER: Final = "X-Webhook-Secret"
REFUSALS_SHOWN: Final = timedelta(days=30)

_SHARED: Final = frozenset({Preset.SHARED_SECRET, Preset.FRESHDESK})
_HEADER: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_NO_SECRET_IN: Final = frozenset({"host", "connection", "transfer-encoding", "x-request-id", *KEPT_HEADERS})
_ORGANISATION: Final = re.compile(r"[A-Za-z0-9]{15}([A-Za-z0-9]{3})?")


@dataclass(frozen=True, slots=True)
class SourceDetail:
    """A source with its secrets, as they may be shown, and what it refused lately."""

    source: Source
    secrets: tuple[SourceSecret, ...]
    refusals: tuple[RefusalCount, ...]


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Sources, newest first, and where the next page begins."""

    items: tuple[Source, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret just added.

    Attributes:
        made: the secret, if this service made it; shown now and never again.
    """

    secret: SourceSecret
    made: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """What may be changed of a source."""

    name: str
    state: SourceState
    options: SourceOptions
    signed_url: str | None
    retention_days: int


async def create_source(
    session: Session,
    organisation_id: UUID,
    settings: SourceSettings,
    *,
    preset: Preset,
    survey_id: UUID,
    public_url: str | None,
    clock: Clock,
) -> Source:
    """A new source; it believes nobody until it has a secret.

    Raises:
        NotFound: no such survey here.
        Invalid: the preset has not these options, or needs others.
    """
    if not await surveys.survey_exists(session, organisation_id, survey_id):
        raise NotFound("survey", survey_id)
    options = _checked(preset, settings, public_url)
    row = Source(
        id=new_id(),
        survey_id=survey_id,
        name=settings.name,
        preset=preset,
        state=settings.state,
        options=options,
        signed_url=settings.signed_url,
        retention_days=settings.retention_days,
        mapping_version=None,
        created_at=clock.now(),
        retired_at=None,
        revision=1,
    )
    await queries.add_source(session, organisation_id, row)
    return row


async def get_source(session: Session, organisation_id: UUID, source_id: UUID) -> Source:
    """A source, retired or not.

    Raises:
        NotFound: no such source here.
    """
    found = await queries.source_by_id(session, organisation_id, source_id)
    if found is None:
        raise NotFound("source", source_id)
    return found


async def get_source_detail(session: Session, organisation_id: UUID, source_id: UUID, *, clock: Clock) -> SourceDetail:
    """A source with its secrets and what it refused in the last 30 days.

    Raises:
        NotFound: no such source here.
    """
    found = await get_source(session, organisation_id, source_id)
    secrets = (await queries.secrets_of(session, organisation_id, [source_id]))[source_id]
    since = (clock.now() - REFUSALS_SHOWN).date()
    return SourceDetail(found, secrets, await queries.refusals_since(session, organisation_id, source_id, since))


async def list_sources(
    session: Session,
    organisation_id: UUID,
    *,
    survey_id: UUID | None,
    state: SourceState | None,
    cursor: str | None,
    limit: int,
) -> SourcePage:
    """A page of sources, newest first; retired ones only if they are asked for.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor belongs to another query.
    """
    if survey_id is not None and not await surveys.survey_exists(session, organisation_id, survey_id):
        raise NotFound("survey", survey_id)
    query = {"list": "sources", "organisation": organisation_id, "survey": survey_id, "state": state}
    before = id_in_cursor(cursor, query)
    found = await queries.sources_before(
        session, organisation_id, survey_id=survey_id, state=state, before=before, limit=limit + 1
    )
    shown, following = page_of(found, limit, query)
    return SourcePage(tuple(shown), following)


async def change_source(
    session: Session,
    organisation_id: UUID,
    source_id: UUID,
    settings: SourceSettings,
    *,
    if_revision: int,
    public_url: str | None,
) -> Source:
    """Change the settings of a source. Its preset and survey stay: for others, create another source.

    Raises:
        NotFound: no such source here.
        SourceRetired: it was retired.
        PreconditionFailed: somebody else changed it since.
        Invalid: the preset has not these options, or needs others.
    """
    current = await _held(session, organisation_id, source_id)
    require_current("source", current.revision, if_revision)
    changed = replace(
        current,
        name=settings.name,
        state=settings.state,
        options=_checked(current.preset, settings, public_url),
        signed_url=settings.signed_url,
        retention_days=settings.retention_days,
    )
    await queries.update_source(session, organisation_id, changed)
    return await get_source(session, organisation_id, source_id)


async def retire_source(session: Session, organisation_id: UUID, source_id: UUID, *, clock: Clock) -> Source:
    """Take no more deliveries, for good, and forget the secrets. What was delivered stays; again changes nothing.

    Raises:
        NotFound: no such source here.
    """
    current = await queries.source_by_id(session, organisation_id, source_id, for_update=True)
    if current is None:
        raise NotFound("source", source_id)
    if current.state is not SourceState.RETIRED:
        retired = replace(current, state=SourceState.RETIRED, retired_at=clock.now())
        await queries.update_source(session, organisation_id, retired)
        await queries.delete_secrets(session, organisation_id, source_id)
    return await get_source(session, organisation_id, source_id)


async def add_secret(
    session: Session,
    organisation_id: UUID,
    source_id: UUID,
    *,
    secret: str | None,
    random: bytes,
    previous_expire_at: datetime | None,
    seal: Seal,
    clock: Clock,
) -> NewSecret:
    """Another secret that the source is believed by, beside those that it has.

    Args:
        session: bound to the organisation.
        organisation_id: whose source it is.
        source_id: which one.
        secret: as the sender shows it; ``None``: one is made, where the sender takes any.
        random: what it is made of: 32 random bytes, passed in.
        previous_expire_at: from when the other secrets are not believed any more; ``None``: they stay as they are.
        seal: encrypts it at rest.
        clock: for the time of creation.

    Raises:
        NotFound: no such source here.
        SourceRetired: it was retired.
        SecretMalformed: it has not the form of the preset's secrets, or none was given where one must be.
        TooManySecrets: the source has as many as it may have.
    """
    current = await _held(session, organisation_id, source_id)
    value = make_secret(current.preset, current.options, random) if secret is None else secret
    check_secret(current.preset, current.options, value)
    now = clock.now()
    known = (await queries.secrets_of(session, organisation_id, [source_id]))[source_id]
    if sum(_is_valid(row, now) for row in known) >= MOST_SECRETS:
        raise TooManySecrets(f"A source has at most {MOST_SECRETS} secrets at a time: delete one.")
    if previous_expire_at is not None:
        await queries.expire_secrets(session, organisation_id, source_id, at=max(previous_expire_at, now))
    row = SourceSecret(new_id(), hint_of(value), now, None)
    await queries.add_secret(session, organisation_id, source_id, row, seal.seal(value.encode()))
    return NewSecret(row, value if secret is None else None)


async def delete_secret(session: Session, organisation_id: UUID, source_id: UUID, secret_id: UUID) -> None:
    """Believe a secret no longer; every process refuses it within 5 seconds.

    Raises:
        NotFound: no such source, or no such secret of it.
    """
    await get_source(session, organisation_id, source_id)
    if not await queries.delete_secrets(session, organisation_id, source_id, secret_id):
        raise NotFound("secret", secret_id)


async def _held(session: Session, organisation_id: UUID, source_id: UUID) -> Source:
    found = await queries.source_by_id(session, organisation_id, source_id, for_update=True)
    if found is None:
        raise NotFound("source", source_id)
    if found.state is SourceState.RETIRED:
        raise SourceRetired("This source was retired: create another one.")
    return found


def _is_valid(secret: SourceSecret, now: datetime) -> bool:
    return secret.expires_at is None or now < secret.expires_at


def _checked(preset: Preset, settings: SourceSettings, public_url: str | None) -> SourceOptions:
    """The options with what goes without saying.

    Raises:
        Invalid: they do not fit the preset; every fault is named.
    """
    options = settings.options
    if preset in _SHARED:
        scheme = options.scheme or Scheme.HEADER
        named = options.header or (DEFAULT_HEADER if scheme is Scheme.HEADER else None)
        options = replace(options, scheme=scheme, header=named)
    faults = [*_address_faults(preset, settings.signed_url, public_url), *_option_faults(preset, options)]
    if faults:
        raise Invalid(faults)
    return options


def _address_faults(preset: Preset, signed_url: str | None, public_url: str | None) -> Sequence[Fault]:
    if preset not in SIGNS_URL:
        return () if signed_url is None else [_not_applicable("/signed_url")]
    if signed_url is None:
        detail = "This sender signs the address that it calls, and the service knows none of its own: give it."
        return () if public_url else [Fault("/signed_url", "required", detail)]
    try:
        parts = urlsplit(signed_url)
        usable = parts.scheme in {"https", "http"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if usable and not parts.fragment and re.fullmatch(r"[\x21-\x7e]+", signed_url):
        return ()
    return [Fault("/signed_url", "malformed_url", "Give the whole address that the sender calls: https://…")]


def _option_faults(preset: Preset, options: SourceOptions) -> list[Fault]:
    faults = []
    if preset not in _SHARED:
        faults += [_not_applicable(f"/options/{name}") for name in ("scheme", "header") if getattr(options, name)]
    elif options.scheme is Scheme.BASIC and options.header:
        faults.append(_not_applicable("/options/header"))
    elif options.header and (
        not _HEADER.fullmatch(options.header)
        or options.header.lower() in _NO_SECRET_IN
        or options.header.lower().startswith("content-")
    ):
        faults.append(Fault("/options/header", "unfit_header", "Name a header that carries nothing else."))
    if preset is not Preset.SALESFORCE_OUTBOUND_MESSAGE:
        return faults + ([_not_applicable("/options/organisation_ids")] if options.organisation_ids else [])
    if not options.organisation_ids:
        detail = "Name the Salesforce organisations that may send: 00D and 12 or 15 more characters."
        faults.append(Fault("/options/organisation_ids", "required", detail))
    return faults + [
        Fault(f"/options/organisation_ids/{number}", "malformed_organisation_id", "Give 15 or 18 letters and digits.")
        for number, known in enumerate(options.organisation_ids)
        if not _ORGANISATION.fullmatch(known)
    ]


def _not_applicable(pointer: str) -> Fault:
    return Fault(pointer, "not_applicable", "This preset has no such setting: leave it out.")
