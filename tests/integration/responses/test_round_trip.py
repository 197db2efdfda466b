"""What was said is stored as said."""

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.api import Api
from tests.support.responses import batch, read, recorded
from tests.support.surveys import PublishedSurvey

# Everything that can be stored: no NUL, no lone surrogates. Blank text is no answer.
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=200).filter(
    lambda words: bool(words.strip())
)
POINTS = st.integers(1, 5)
RESPONSES = st.fixed_dictionaries(
    {
        "answers": st.fixed_dictionaries(
            {},
            optional={
                "nps": st.integers(0, 10),
                "ease": st.integers(1, 7),
                "happy": POINTS,
                "wait": st.integers(-2, 2),
                "place": st.sampled_from(["A", "B"]),
                "used": st.lists(st.sampled_from(["web", "app"]), min_size=1, unique=True),
                "order": st.permutations(["x", "y"]),
                "staff": st.fixed_dictionaries({"phone": POINTS}, optional={"desk": POINTS}),
                "minutes": st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15),
                "day": st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(date.isoformat),
                "again": st.booleans(),
                "why": WORDS,
            },
        ),
        "attributes": st.fixed_dictionaries({}, optional={"region": st.sampled_from(["north", "south"])}),
    }
)
patient = settings(
    max_examples=40,
    deadline=None,
    # One survey serves all examples: each looks only at the responses that it gave.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@patient
@given(said=RESPONSES)
async def test_a_response_is_read_back_as_it_was_said(api: Api, survey: PublishedSurvey, said: dict[str, Any]) -> None:
    found = await read(api, survey, await recorded(api, survey, **said))

    assert found["answers"] == said["answers"]
    assert [type(value) for _, value in sorted(found["answers"].items())] == [
        type(value) for _, value in sorted(said["answers"].items())
    ]
    assert found["attributes"] == said["attributes"]
    assert set(found["unanswered"]).isdisjoint(said["answers"])


@patient
@given(several=st.lists(RESPONSES, min_size=1, max_size=8), name=WORDS)
async def test_a_batch_is_read_back_as_it_was_said(
    api: Api, survey: PublishedSurvey, several: list[dict[str, Any]], name: str
) -> None:
    answer = await batch(api, survey, [*several, {"external_id": name, "answers": {"why": name}}])

    found = [await read(api, survey, item["id"]) for item in answer["items"]]

    assert [row["answers"] for row in found[:-1]] == [said["answers"] for said in several]
    assert (found[-1]["external_id"], found[-1]["answers"]) == (name, {"why": name})
