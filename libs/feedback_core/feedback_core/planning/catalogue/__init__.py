"""The catalogue of collection methods: what is known of each before anybody has used it here."""

from collections.abc import Mapping
from typing import Final

from feedback_core.planning.catalogue.conversations import CONVERSATIONS
from feedback_core.planning.catalogue.parts import AS_OF, PRICES
from feedback_core.planning.catalogue.questionnaires import QUESTIONNAIRES
from feedback_core.planning.catalogue.records import RECORDS
from feedback_core.planning.types.collection import CollectionMethod
from feedback_core.planning.types.methods import MethodProfile

_BY_METHOD: Final = {profile.method: profile for profile in (*QUESTIONNAIRES, *CONVERSATIONS, *RECORDS)}

CATALOGUE: Final[Mapping[CollectionMethod, MethodProfile]] = {method: _BY_METHOD[method] for method in CollectionMethod}
"""Every method, in the order of their names in the service."""

__all__ = ["AS_OF", "CATALOGUE", "PRICES"]
