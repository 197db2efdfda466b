"""What another attempt may mend, and what it cannot."""

from cryptography.fernet import InvalidToken
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from feedback_core.inbound.processing.types import ProcessingReason
from feedback_core.inbound.types import DeliveryReason
from feedback_core.jobs.types import JobCancelled, LeaseLost
from feedback_core.responses.types import StillSettling

NOT_OURS = (LeaseLost, JobCancelled)
"""They end the attempt, whatever it is doing."""

_TRANSIENT = (OperationalError, InterfaceError, NoConnection, OSError, StillSettling)


def is_transient(error: Exception) -> bool:
    """Whether the trouble is of the moment, and none of a delivery's own."""
    return isinstance(error, _TRANSIENT) or (isinstance(error, DBAPIError) and error.connection_invalidated)


def reason_of(error: Exception) -> DeliveryReason:
    """Why a delivery failed, without anything that it said."""
    if isinstance(error, InvalidToken):
        detail = "The body was sealed with a key that the worker does not have."
    else:
        detail = f"It could not be read, by a fault of the service ({type(error).__name__})."
    return DeliveryReason(ProcessingReason.INTERNAL_ERROR.value, detail)
