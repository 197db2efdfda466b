"""The check of a unit: pure; what is said of it becomes a row that can be written, or faults."""

import math
from collections.abc import Iterator

from feedback_core.kit.errors import Fault
from feedback_core.kit.ids import new_id
from feedback_core.kit.pointers import step
from feedback_core.sampling.calc.numbers import number_of
from feedback_core.sampling.types.frames import MOST_VALUE, Frame, NewUnit, RejectedUnit, UnitFault, UnitRow
from feedback_core.sampling.vault import Contacts


class UnitCheck:
    """Checks units of one frame."""

    def __init__(self, frame: Frame, contacts: Contacts) -> None:
        self._frame = frame
        self._contacts = contacts
        self._attributes = frozenset(frame.settings.attributes)
        self._measures = frozenset(frame.settings.measures)

    def check(self, said: NewUnit) -> UnitRow | RejectedUnit:
        """The row to be written, or everything that is wrong."""
        faults = [*self._name_faults(said), *_text_faults(said)]
        if faults:
            return RejectedUnit(tuple(faults))
        email, phone = self._contacts.email(said.contact.email), self._contacts.phone(said.contact.phone)
        if said.contact.email is not None and email is None:
            faults.append(_fault("/email", UnitFault.UNUSABLE_CONTACT, "Give an e-mail address, or leave it out."))
        if said.contact.phone is not None and phone is None:
            detail = "Give a telephone number with seven digits or more, or leave it out."
            faults.append(_fault("/phone", UnitFault.UNUSABLE_CONTACT, detail))
        if faults:
            return RejectedUnit(tuple(faults))
        return UnitRow(
            id=new_id(),
            ref=said.ref,
            number=number_of(self._frame.seed, said.ref),
            attributes=said.attributes,
            measures=said.measures,
            contact=self._contacts.vault.sealed(said.contact),
            email_ref=email,
            phone_ref=phone,
            name_ref=self._contacts.name_and_postcode(said.contact.name, said.contact.postcode),
            ref_ref=self._contacts.ref(said.ref),
        )

    def _name_faults(self, said: NewUnit) -> Iterator[Fault]:
        if not said.ref:
            yield _fault("/ref", UnitFault.REF_MISSING, "Give the name that you have for the unit.")
        for key in said.attributes.keys() - self._attributes:
            known = ", ".join(self._frame.settings.attributes) or "none"
            detail = f"The frame has the attributes: {known}."
            yield _fault(f"/attributes{step(key)}", UnitFault.UNKNOWN_ATTRIBUTE, detail)
        for key in said.measures.keys() - self._measures:
            known = ", ".join(self._frame.settings.measures) or "none"
            yield _fault(f"/measures{step(key)}", UnitFault.UNKNOWN_MEASURE, f"The frame has the measures: {known}.")
        for key, value in said.measures.items():
            if not math.isfinite(value):
                yield _fault(f"/measures{step(key)}", UnitFault.UNREADABLE_NUMBER, "Give a finite number.")


def _text_faults(said: NewUnit) -> Iterator[Fault]:
    contact = said.contact
    texts = {
        "/ref": said.ref,
        "/name": contact.name,
        "/email": contact.email,
        "/phone": contact.phone,
        "/postcode": contact.postcode,
        **{f"/attributes{step(key)}": value for key, value in said.attributes.items()},
    }
    for pointer, text in texts.items():
        if text is None:
            continue
        if len(text) > MOST_VALUE:
            yield _fault(pointer, UnitFault.TOO_LONG, f"Give at most {MOST_VALUE} characters.")
        if "\0" in text:
            yield _fault(pointer, UnitFault.NUL_CHARACTER, "It holds the character U+0000: leave it out.")
        if any("\ud800" <= character <= "\udfff" for character in text):
            yield _fault(pointer, UnitFault.LONE_SURROGATE, "It holds half a surrogate pair: send Unicode text.")


def _fault(pointer: str, code: UnitFault, detail: str) -> Fault:
    return Fault(pointer, code.value, detail)
