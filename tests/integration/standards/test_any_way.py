"""Whoever edits a standard however: versions only ever get more, none is changed, and each says who defined it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from hypothesis import strategies as st

from feedback_core.organisations.types import Scope
from tests.support.api import Api
from tests.support.organisations import TestOrganisation
from tests.support.standards import standard, surveyed
from tests.support.walks import each_of

Json = dict[str, Any]

KEYS: Final = {
    "quality": [Scope.STANDARDS_READ, Scope.STANDARDS_WRITE],
    "board": [Scope.STANDARDS_READ, Scope.STANDARDS_WRITE],
    "reader": [Scope.STANDARDS_READ],
}
"""By name of the key: what it may do."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody puts in place: with which key, made from what was read when, on which of a few targets."""

    key: str
    read: str
    target: float
    direction: str
    ends: str | None

    def body(self, survey_id: str) -> Json:
        return standard(
            survey_id, target=self.target, direction=self.direction, **({"valid_to": self.ends} if self.ends else {})
        )

    @property
    def is_wrong(self) -> bool:
        """A share of satisfied that is to be low, a target off the scale, an end before the beginning."""
        return self.direction == "at_most" or not 0 <= self.target <= 1 or self.ends == "2023-01-01"


WALKS = st.lists(
    st.builds(
        Edit,
        key=st.sampled_from([*KEYS, "quality", "board"]),
        read=st.sampled_from(["now", "now", "now", "before", "never"]),
        target=st.sampled_from([0.6, 0.7, 0.8, 0.8, 7.0]),
        direction=st.sampled_from(["at_least", "at_least", "at_least", "at_most"]),
        ends=st.sampled_from([None, None, "2026-01-01", "2023-01-01"]),
    ),
    min_size=2,
    max_size=9,
)


async def test_random_edits_by_random_keys_only_ever_add_the_next_version(api: Api) -> None:
    survey = await surveyed(api)
    keys = {name: await _key(api, name, scopes) for name, scopes in KEYS.items()}

    await each_of(WALKS, lambda edits: _follow(keys, survey.id, edits))


async def _key(api: Api, name: str, scopes: Sequence[Scope]) -> Api:
    made = (await api.post("/v1/api-keys", {"name": name, "scopes": [str(each) for each in scopes]}, status=201)).json()
    return Api(api.client, TestOrganisation(api.organisation.organisation_id, made["api_key"]))


async def _follow(keys: Mapping[str, Api], survey_id: str, edits: Sequence[Edit]) -> None:
    path = f"/v1/standards/walked_{uuid4().hex[:8]}"
    tag, older, versions = None, '"99"', list[tuple[Edit, Json]]()
    for edit in edits:
        read = {"now": tag, "before": older, "never": None}[edit.read]
        expected = _expected(edit, read, tag, versions)
        answer = await keys[edit.key].put(path, edit.body(survey_id), headers={"If-Match": read} if read else {})
        assert answer.status_code == expected, (edit, answer.text)
        if expected == 201 or (expected == 200 and not _same(edit, versions[-1][0])):
            older, tag = tag or older, answer.headers["ETag"]
            versions.append((edit, answer.json()))
        listed = await keys["reader"].get(f"{path}/versions", status=None)
        kept = listed.json()["items"] if listed.status_code == 200 else []
        assert kept == [said for _, said in reversed(versions)]
    for number, (edit, said) in enumerate(versions, 1):
        assert (said["version"], said["defined_by"], said["target"]) == (number, edit.key, edit.target)
        assert said["valid_to"] == edit.ends


def _same(edit: Edit, latest: Edit) -> bool:
    return (edit.target, edit.ends) == (latest.target, latest.ends)


def _expected(edit: Edit, read: str | None, tag: str | None, versions: Sequence[Any]) -> int:
    """What is to be answered, told apart from the code that decides it."""
    if edit.key == "reader":
        return 403
    if edit.is_wrong:
        return 422
    if not versions:
        return 201 if read is None else 412
    return 428 if read is None else 200 if read == tag else 412


async def test_of_many_who_agree_the_next_version_at_once_one_does(api: Api) -> None:
    survey = await surveyed(api)
    made = await api.put("/v1/standards/raced", standard(survey.id), status=201)
    bodies = [standard(survey.id, target=0.71 + number / 100) for number in range(6)]

    answers = await asyncio.gather(
        *(api.put("/v1/standards/raced", body, headers={"If-Match": made.headers["ETag"]}) for body in bodies)
    )
    created = await asyncio.gather(*(api.put("/v1/standards/raced_anew", body) for body in bodies))

    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 5
    (won,) = (answer.json() for answer in answers if answer.status_code == 200)
    kept = (await api.get("/v1/standards/raced/versions")).json()["items"]
    assert kept == [won, made.json()]
    assert sorted(answer.status_code // 100 for answer in created) == [2, 4, 4, 4, 4, 4]
    assert {answer.status_code for answer in created} <= {201, 412, 428}
    assert [each["version"] for each in (await api.get("/v1/standards/raced_anew/versions")).json()["items"]] == [1]
