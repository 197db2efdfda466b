"""How people invited by name are kept: what reaches them, and what the organisation calls them, sealed together."""

import json
from dataclasses import asdict

from feedback_core.invitations.queries.sending import Due
from feedback_core.sampling.types.frames import Contact
from feedback_core.sampling.vault import ContactVault


def sealed(contact: Contact, ref: str | None, vault: ContactVault) -> bytes:
    """As it is kept."""
    said = {name: value for name, value in {**asdict(contact), "ref": ref}.items() if value is not None}
    return vault.seal.seal(json.dumps(said, ensure_ascii=False).encode())


def opened(content: bytes, vault: ContactVault) -> tuple[Contact, str | None]:
    """What was sealed: how they are reached, and what they are called.

    Raises:
        InvalidToken: none of the keys sealed it.
    """
    said = json.loads(vault.seal.open(content))
    ref = said.pop("ref", None)
    return Contact(**said), ref


def reached(due: Due, vault: ContactVault) -> tuple[Contact, str | None]:
    """How somebody is reached and called, invited by name or as a unit of a frame."""
    if due.invitation.contact is not None:
        return opened(due.invitation.contact, vault)
    return vault.opened(due.contact), due.ref
