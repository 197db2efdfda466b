"""Compiled checks are kept by version, and not for ever."""

from feedback_core.kit.ids import new_id
from feedback_core.responses.versions import KeptVersions
from feedback_core.surveys.types import questionnaire_from_json
from tests.support.surveys import POST_VISIT

QUESTIONNAIRE = questionnaire_from_json(POST_VISIT)


def test_a_version_is_compiled_once() -> None:
    kept, version = KeptVersions(), new_id()

    assert kept.questionnaire(version) is None
    assert kept.validator(version, QUESTIONNAIRE) is kept.validator(version, QUESTIONNAIRE)
    assert kept.questionnaire(version) is QUESTIONNAIRE


def test_the_version_not_used_for_longest_makes_room() -> None:
    kept, (first, second, third) = KeptVersions(most=2), (new_id(), new_id(), new_id())
    kept.validator(first, QUESTIONNAIRE)
    kept.validator(second, QUESTIONNAIRE)
    kept.validator(first, QUESTIONNAIRE)

    kept.validator(third, QUESTIONNAIRE)

    assert len(kept) == 2
    assert kept.questionnaire(second) is None
    assert kept.questionnaire(first) is QUESTIONNAIRE
