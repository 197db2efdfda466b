"""Contacts in the form in which two are the same."""

import re
import unicodedata
from collections.abc import Sequence

from feedback_core.kit.contacts import phone_key

_PARTS = re.compile(r"\w+")


def plain_email(email: str | None) -> str | None:
    """An e-mail address without regard to case, spaces around it and a +tag; ``None``: it is none."""
    if email is None:
        return None
    local, at, domain = email.strip().casefold().rpartition("@")
    local = local.partition("+")[0] or local
    if not at or not local or not domain:
        return None
    return f"{local}@{domain.rstrip('.')}"


def plain_phone(phone: str | None, regions: Sequence[str]) -> str | None:
    """A telephone number in E.164, or its digits; ``None``: it is none."""
    return phone_key(phone, regions)


def plain_name_and_postcode(name: str | None, postcode: str | None) -> str | None:
    """A name and a postcode without regard to case, accents, order of the names and punctuation; ``None``: one lacks.

    Both together: people share names, and households postcodes.
    """
    names, area = _words(name), "".join(_words(postcode))
    return f"{' '.join(sorted(names))}\n{area}" if names and area else None


def _words(text: str | None) -> list[str]:
    folded = unicodedata.normalize("NFKD", text or "").casefold()
    return _PARTS.findall("".join(c for c in folded if not unicodedata.combining(c)))
