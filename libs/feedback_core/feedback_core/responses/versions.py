"""Compiled checks of published versions, kept: a version never changes, so neither does its check."""

from collections import OrderedDict
from threading import Lock
from typing import Final
from uuid import UUID

from feedback_core.surveys.types import Questionnaire
from feedback_core.surveys.validation import AnswerValidator, compile_validator

MOST_KEPT: Final = 512
"""Versions remembered by one process; one of ten questions takes some 20 kB."""


class KeptVersions:
    """The versions used last, with their compiled checks; safe to share between threads."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[UUID, tuple[Questionnaire, AnswerValidator]] = OrderedDict()
        self._lock = Lock()

    def questionnaire(self, version_id: UUID) -> Questionnaire | None:
        """What a version asks, if it was used lately."""
        found = self._kept.get(version_id)
        return found and found[0]

    def validator(self, version_id: UUID, questionnaire: Questionnaire) -> AnswerValidator:
        """The check of a version, compiled if it was not used lately."""
        with self._lock:
            found = self._kept.get(version_id)
            if found is None:
                found = self._kept[version_id] = (questionnaire, compile_validator(questionnaire, version_id))
                if len(self._kept) > self._most:
                    self._kept.popitem(last=False)
            else:
                self._kept.move_to_end(version_id)
            return found[1]

    def __len__(self) -> int:
        return len(self._kept)


versions = KeptVersions()
"""Those of this process."""
