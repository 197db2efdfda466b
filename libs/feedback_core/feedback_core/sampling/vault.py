"""Contacts as they may be stored: encrypted, and keyed hashes by which two are found to be one."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Self
from uuid import UUID

from feedback_core.kit.keyed_hashes import Pepper
from feedback_core.kit.sealing import Seal
from feedback_core.kit.settings import SecretSettings
from feedback_core.sampling.calc.normalising import plain_email, plain_name_and_postcode, plain_phone
from feedback_core.sampling.types.frames import Contact, ContactKind, OptOutBy
from feedback_core.surveys.references import References


class ContactVault:
    """Made once per process, from its secrets."""

    def __init__(self, seal: Seal, pepper: bytes) -> None:
        self.seal = seal
        self.references = References(pepper)
        self._pepper = Pepper(pepper)

    @classmethod
    def from_settings(cls, settings: SecretSettings) -> Self:
        """The same in every process that has the same secrets.

        Raises:
            ValueError: a secret is not usable.
        """
        return cls(Seal.from_settings(settings), settings.pepper.get_secret_value().encode())

    def of(self, organisation_id: UUID, regions: Sequence[str]) -> "Contacts":
        """For the contacts of one organisation."""
        return Contacts(self, self._pepper, organisation_id, regions)

    def sealed(self, contact: Contact) -> bytes | None:
        """What may be stored; ``None``: nothing is known."""
        said = {name: value for name, value in asdict(contact).items() if value is not None}
        return self.seal.seal(json.dumps(said).encode()) if said else None

    def opened(self, sealed: bytes | None) -> Contact:
        """What was sealed."""
        return Contact() if sealed is None else Contact(**json.loads(self.seal.open(sealed)))


class Contacts:
    """Makes the keyed hashes of one organisation: the same in all of its frames."""

    def __init__(self, vault: ContactVault, pepper: Pepper, organisation_id: UUID, regions: Sequence[str]) -> None:
        self.vault = vault
        self._regions = tuple(regions)
        self._begun = {}
        for kind in (*ContactKind, OptOutBy.REF):
            self._begun[kind.value] = pepper.started(b"frame " + kind.value.encode()[:10])
            self._begun[kind.value].update(organisation_id.bytes)

    def email(self, email: str | None) -> bytes | None:
        """Of an address; ``None``: it is none."""
        return self._hash(ContactKind.EMAIL.value, plain_email(email))

    def phone(self, phone: str | None) -> bytes | None:
        """Of a telephone number; ``None``: it is none."""
        return self._hash(ContactKind.PHONE.value, plain_phone(phone, self._regions))

    def name_and_postcode(self, name: str | None, postcode: str | None) -> bytes | None:
        """Of both together; ``None``: one is missing."""
        return self._hash(ContactKind.NAME_POSTCODE.value, plain_name_and_postcode(name, postcode))

    def ref(self, ref: str) -> bytes:
        """Of the organisation's own name for somebody."""
        made = self._hash(OptOutBy.REF.value, ref)
        assert made is not None
        return made

    def _hash(self, purpose: str, value: str | None) -> bytes | None:
        if value is None:
            return None
        digest = self._begun[purpose].copy()
        digest.update(value.encode())
        return digest.digest()
