"""Numbers with check digits: payment cards, bank accounts, national ids."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Final, Protocol, cast

from stdnum import iban, luhn

from feedback_core.responses.masking.types import PersonalData, Span

# ISO/IEC 7812: 13 to 19 digits, by the first of which the issuer is known.
_CARD: Final = re.compile(r"(?<![\w-])(?:[2-6])(?:[ -]?\d){12,18}(?![\w-])")
_ISSUER: Final = re.compile(
    r"4|5[0-8]|6[0-9]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[47]|3(?:0[0-5]|[689])|35(?:2[89]|[3-8])"
)
_IBAN: Final = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]){11,30}(?!\w)")


class _Checker(Protocol):
    def is_valid(self, number: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class _NationalId:
    """How people write an id of one country, and the module of stdnum that knows its check digit."""

    pattern: re.Pattern[str]
    module: str | None


def _id(pattern: str, module: str | None) -> _NationalId:
    return _NationalId(re.compile(rf"(?<![\w-]){pattern}(?![\w-])"), module)


# Those that name a person. Where a check digit is weak, the form must be one in which such a number is written.
_NATIONAL_IDS: Final[Mapping[str, Sequence[_NationalId]]] = {
    "AT": (_id(r"\d{4} ?\d{6}", "at.vnr"),),
    "BE": (_id(r"\d\d\.?\d\d\.?\d\d[- ]?\d{3}\.?\d\d", "be.nn"),),
    "BR": (_id(r"\d{3}\.?\d{3}\.?\d{3}-?\d\d", "br.cpf"),),
    "CA": (_id(r"\d{3}[ -]\d{3}[ -]\d{3}", "ca.sin"),),
    "CH": (_id(r"756\.?\d{4}\.?\d{4}\.?\d\d", "ch.ssn"),),
    "DE": (_id(r"\d{2} ?\d{3} ?\d{3} ?\d{3}", "de.idnr"),),
    "DK": (_id(r"\d{6}-?\d{4}", "dk.cpr"),),
    "ES": (_id(r"\d{8}-?[A-Za-z]", "es.dni"), _id(r"[XYZxyz]-?\d{7}-?[A-Za-z]", "es.nie")),
    "FI": (_id(r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]", "fi.hetu"),),
    "FR": (_id(r"[12] ?\d\d ?\d\d ?\d[\dABab] ?\d{3} ?\d{3} ?\d\d", "fr.nir"),),
    "GB": (
        _id(r"\d{3} ?\d{3} ?\d{4}", "gb.nhs"),
        # A National Insurance number has no check digit, but letters that no other number has.
        _id(r"(?![DFIQUVdfiquv])[A-Za-z](?![DFIQUVOdfiquvo])[A-Za-z] ?\d\d ?\d\d ?\d\d ?[A-Da-d]", None),
    ),
    "IE": (_id(r"\d{7}[A-Wa-w][A-IWa-iw]?", "ie.pps"),),
    "IN": (_id(r"[2-9]\d{3} ?\d{4} ?\d{4}", "in_.aadhaar"),),
    "IT": (_id(r"[A-Za-z]{6}\d\d[A-Za-z]\d\d[A-Za-z]\d{3}[A-Za-z]", "it.codicefiscale"),),
    "NL": (_id(r"\d{9}|\d{4}\.\d\d\.\d{3}", "nl.bsn"),),
    "NO": (_id(r"\d{6} ?\d{5}", "no.fodselsnummer"),),
    "PL": (_id(r"\d{11}", "pl.pesel"),),
    "PT": (_id(r"\d{8} ?\d ?[A-Za-z0-9]{2}\d", "pt.cc"),),
    "SE": (_id(r"(?:19|20)?\d{6}[-+]\d{4}", "se.personnummer"),),
    "US": (_id(r"\d{3}-\d\d-\d{4}", "us.ssn"),),
}


def find_cards(text: str) -> Iterator[Span]:
    """Numbers of payment cards: of an issuer's range, with Luhn's check digit."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if _ISSUER.match(digits) and luhn.is_valid(digits):
            yield Span(match.start(), match.end(), PersonalData.CARD)


def find_ibans(text: str) -> Iterator[Span]:
    """Bank accounts (ISO 13616), by country, length and check digits; a word after one is not part of it."""
    for match in _IBAN.finditer(text):
        written = match.group()
        for end in (len(written), *(at for at in range(len(written) - 1, 14, -1) if written[at] == " ")):
            if iban.is_valid(written[:end], check_country=False):
                yield Span(match.start(), match.start() + end, PersonalData.IBAN)
                break


def find_national_ids(text: str, regions: Sequence[str]) -> Iterator[Span]:
    """Ids of persons that these countries give, as they are written there, with their check digits."""
    for region in regions:
        for known in _NATIONAL_IDS.get(region, ()):
            for match in known.pattern.finditer(text):
                if known.module is None or _checker(known.module).is_valid(match.group()):
                    yield Span(match.start(), match.end(), PersonalData.NATIONAL_ID)


def _checker(module: str) -> _Checker:
    return cast("_Checker", import_module(f"stdnum.{module}"))
