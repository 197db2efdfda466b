"""Frames that the subject stands in, and files of them that wait."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from feedback_core.db.sealed_queries import every_sealed
from feedback_core.sampling.queries import contacts as frame_contacts
from feedback_core.sampling.queries import units as frame_units
from feedback_core.sampling.tables import frame_import_chunk
from feedback_core.sampling.types.frames import StoredUnit
from feedback_core.sampling.vault import Contacts
from feedback_core.subjects.requests.matching import Known
from feedback_core.subjects.requests.stores.place import Place


class FrameUnits:
    """Where they stand in frames: with their contacts, that they were drawn, and that they were asked."""

    name = "frame_unit"

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """Their units; since when they do not want to be asked, and when they were."""
        contacts, theirs = self._contacts(place), await self._theirs(place, known)
        rows: list[dict[str, object]] = [
            {
                "unit_id": str(unit.id),
                "ref": unit.ref,
                "attributes": dict(unit.attributes),
                "measures": dict(unit.measures),
                "contact": asdict(contacts.vault.opened(unit.contact)),
                "added_at": unit.added_at.isoformat(),
            }
            for unit in theirs
        ]
        refs = self._refs(contacts, known, theirs)
        for kind, at in await frame_contacts.opt_outs_of(place.session, place.organisation_id, refs):
            rows.append({"opted_out_by": kind, "opted_out_at": at.isoformat()})
        asked = await frame_contacts.contacts_of(place.session, place.organisation_id, refs)
        return rows + [{"asked_at": at.isoformat()} for at in asked]

    async def erase(self, place: Place, known: Known) -> int:
        """Delete their units, and when they were asked; that they do not want to be asked is kept, as keyed hashes."""
        contacts, theirs = self._contacts(place), await self._theirs(place, known)
        refs = self._refs(contacts, known, theirs)
        forgotten = await frame_contacts.forget_contacts(place.session, place.organisation_id, refs)
        ids = [unit.id for unit in theirs]
        return forgotten + await frame_units.delete_units(place.session, place.organisation_id, None, ids)

    async def _theirs(self, place: Place, known: Known) -> list[StoredUnit]:
        contacts = self._contacts(place)
        return await frame_units.units_of_people(
            place.session,
            place.organisation_id,
            email_refs=_made(contacts.email(email) for email in known.emails),
            phone_refs=_made(contacts.phone(phone) for phone in known.phones),
            refs=sorted(known.ids),
        )

    def _contacts(self, place: Place) -> Contacts:
        return place.vault.of(place.organisation_id, place.regions)

    def _refs(self, contacts: Contacts, known: Known, theirs: Sequence[StoredUnit]) -> list[bytes]:
        """Keyed hashes of everything that they are called and reached by, in frames too."""
        made = [contacts.email(email) for email in known.emails]
        made += [contacts.phone(phone) for phone in known.phones]
        made += [contacts.ref(ref) for ref in known.ids]
        for unit in theirs:
            said = contacts.vault.opened(unit.contact)
            made += [contacts.email(said.email), contacts.phone(said.phone)]
            made += [contacts.name_and_postcode(said.name, said.postcode)]
            made += [] if unit.ref is None else [contacts.ref(unit.ref)]
        return _made(made)


def _made(refs: Iterable[bytes | None]) -> list[bytes]:
    return list(dict.fromkeys(ref for ref in refs if ref is not None))


async def frame_files_naming(place: Place, known: Known) -> int:
    """Parts of files that wait to be put into frames in which the subject is named."""
    found = 0
    async for _, sealed in every_sealed(place.session, place.organisation_id, frame_import_chunk.c.content):
        found += known.stands_in(place.seal.open(sealed).decode(errors="replace"))
    return found
