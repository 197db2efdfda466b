"""Plans and signals as JSON documents, and back."""

from collections.abc import Mapping

from pydantic import TypeAdapter

from feedback_core.planning.types.plans import PlanDetails, Signal

_DETAILS = TypeAdapter(PlanDetails)
_SIGNAL = TypeAdapter(Signal | None)


def document_of(details: PlanDetails) -> Mapping[str, object]:
    """What a plan says, as it is stored and shown."""
    document: Mapping[str, object] = _DETAILS.dump_python(details, mode="json")
    return document


def details_of(document: object) -> PlanDetails:
    """What a stored plan says."""
    return _DETAILS.validate_python(document)


def document_of_signal(signal: Signal | None) -> object:
    """A signal, as it is stored."""
    return _SIGNAL.dump_python(signal, mode="json")


def signal_of(document: object) -> Signal | None:
    """A stored signal."""
    return _SIGNAL.validate_python(document)
