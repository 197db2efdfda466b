"""Whose data something is: pure."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Final, Self
from urllib.parse import unquote_plus

from phonenumbers import NumberParseException, parse

from feedback_core.kit.contacts import phone_key
from feedback_core.responses.types import Respondent
from feedback_core.subjects.types import Mentions, Subject

# What is shorter would be found in everything.
_SHORTEST: Final = 6
_BETWEEN: Final = r"[\s().\u00a0–/-]*"


@dataclass(frozen=True, slots=True)
class Known:
    """What a subject is called: as asked, and what was found beside it; each in the form in which it is compared.

    Attributes:
        ids: as the organisation names them.
        emails: in lower case.
        phones: in E.164 where they can be, else their digits.
        names: in lower case.
        external_ids: of responses.
        response_ids: of responses, as text.
        mentions: what becomes of comments of others.
    """

    ids: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    external_ids: frozenset[str] = frozenset()
    response_ids: frozenset[str] = frozenset()
    mentions: Mentions = Mentions.ERASE

    @classmethod
    def of(cls, subject: Subject, regions: Sequence[str], mentions: Mentions) -> Self:
        """What the caller says."""
        return cls(
            ids=_one(subject.id),
            emails=_one(_plain(subject.email)),
            phones=_one(phone_key(subject.phone, regions)),
            names=_one(_plain(subject.name)),
            external_ids=_one(subject.external_id),
            response_ids=_one(str(subject.response_id) if subject.response_id else None),
            mentions=mentions,
        )

    def is_of(self, who: Respondent, regions: Sequence[str]) -> bool:
        """Whether a respondent is the subject.

        By id, e-mail address or telephone number. A name, which many share, decides only where nothing else is known.
        """
        if who.id in self.ids or _plain(who.email) in self.emails:
            return True
        if who.phone is not None and phone_key(who.phone, regions) in self.phones:
            return True
        return (who.id, who.email, who.phone) == (None, None, None) and _plain(who.name) in self.names

    def is_surely_of(self, who: Respondent, regions: Sequence[str]) -> bool:
        """Whether everything by which a respondent is named is the subject's.

        For what was found beside the subject and not asked for: an address or number may be shared by a family.
        """
        said = [
            (who.id, self.ids, who.id),
            (who.email, self.emails, _plain(who.email)),
            (who.phone, self.phones, None if who.phone is None else phone_key(who.phone, regions)),
        ]
        named = [plain in known for value, known, plain in said if value is not None]
        return bool(named) and all(named)

    def beside(self, who: Respondent, regions: Sequence[str]) -> Self:
        """What is known once a respondent is found to be the subject."""
        return replace(
            self,
            ids=self.ids | _one(who.id),
            emails=self.emails | _one(_plain(who.email)),
            phones=self.phones | _one(phone_key(who.phone, regions)),
            names=self.names | _one(_plain(who.name)),
        )

    def named(self, external_ids: Iterable[str]) -> Self:
        """The same with names of responses that are theirs."""
        return replace(self, external_ids=self.external_ids | frozenset(external_ids))

    @property
    def needles(self) -> list[str]:
        """What to look for in any text: long enough to mean the subject; a name only with more than one word."""
        digits = {re.sub(r"\D", "", phone) for phone in self.phones}
        words = {name for name in self.names if " " in name}
        found = self.emails | self.ids | self.external_ids | self.phones | digits | words
        return sorted(needle for needle in found if len(needle) >= _SHORTEST)

    @property
    def contacts(self) -> "Contacts":
        """What to look for in comments of others."""
        return Contacts(tuple(sorted(self.emails)), tuple(sorted(_national(phone) for phone in self.phones)))

    def stands_in(self, text: str) -> bool:
        """Whether something that means the subject stands in a text of any kind."""
        plain = text.casefold()
        return any(needle.casefold() in plain for needle in self.needles) or self.contacts.stand_in(text)

    def references(self, reference: Callable[[Respondent], bytes | None]) -> list[bytes]:
        """Keyed hashes of everything by which a respondent of a survey may have been recognised."""
        made = [reference(Respondent(id=name)) for name in sorted(self.ids)]
        made += [reference(Respondent(email=email)) for email in sorted(self.emails)]
        return [each for each in made if each is not None]

    def to_json(self) -> str:
        """As it is sealed."""
        return json.dumps({key: sorted(said) if isinstance(said, frozenset) else said for key, said in _fields(self)})

    @classmethod
    def from_json(cls, document: str) -> Self:
        """As it was sealed."""
        said = json.loads(document)
        mentions = Mentions(said.pop("mentions"))
        return cls(**{key: frozenset(values) for key, values in said.items()}, mentions=mentions)


@dataclass(frozen=True, slots=True)
class Contacts:
    """E-mail addresses, and digits of telephone numbers, by which somebody can be reached."""

    emails: tuple[str, ...]
    numbers: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.emails or self.numbers)

    def stand_in(self, text: str) -> bool:
        """Whether one of them stands in a text, numbers however they are grouped."""
        plain = text.casefold()
        if any(email in plain for email in self.emails):
            return True
        return any(re.search(_BETWEEN.join(number), text) for number in self.numbers)


def readings_of(body: str) -> Iterator[str]:
    """A body as it came, and as it reads once what JSON or a form has escaped in it is written out."""
    yield body
    with suppress(ValueError):
        yield json.dumps(json.loads(body), ensure_ascii=False)
    if "%" in body or "+" in body:
        yield unquote_plus(body)


def escaped(needle: str) -> str:
    """A text as LIKE finds it, and nothing else."""
    return needle.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def without(text: str, subject: Subject) -> str:
    """A reason that somebody gave, without whom it is about."""
    for value in sorted((str(value) for value in asdict(subject).values() if value), key=len, reverse=True):
        text = re.sub(re.escape(value), "[subject]", text, flags=re.IGNORECASE)
    return text


def _national(phone: str) -> str:
    try:
        return str(parse(phone, None).national_number)
    except NumberParseException:
        return phone.lstrip("0")


def _plain(text: str | None) -> str | None:
    return None if text is None else text.strip().casefold()


def _one(value: str | None) -> frozenset[str]:
    return frozenset() if value is None else frozenset({value})


def _fields(known: Known) -> Iterable[tuple[str, object]]:
    return ((key, getattr(known, key)) for key in known.__dataclass_fields__)
