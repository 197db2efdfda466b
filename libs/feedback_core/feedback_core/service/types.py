"""Vocabulary of the service that customers judge: its features."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from feedback_core.kit.errors import Conflict

FEATURE_KEY: Final = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")


class FeatureInUse(Conflict):
    """Questions of a published survey are about the feature, so it cannot be deleted."""

    code = "feature_in_use"


@dataclass(frozen=True, slots=True)
class FeatureDetails:
    """What is said of a feature, and can be edited.

    Attributes:
        name: what people call it.
        process: name of the process that produces it.
        owner: who answers for it.
    """

    name: str
    description: str | None = None
    process: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Feature:
    """Something about the service that customers judge: the waiting time, the web site, the staff.

    Attributes:
        key: what questions refer to it by; unique in its organisation, and never changed.
        revision: counts edits.
    """

    key: str
    details: FeatureDetails
    created_at: datetime
    revision: int


def name_of_key(key: str) -> str:
    """A name made from a key, for a feature that nobody has described yet: ``waiting_time`` → ``Waiting time``."""
    words = re.sub(r"[_.-]+", " ", key).strip()
    return words[:1].upper() + words[1:]
