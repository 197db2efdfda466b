"""Shape of a questionnaire: one schema per type of question, so that a front end can see every field.

Only the form is checked here. What a questionnaire may not say, such as a scale whose min is not below its max, may
stand in a draft and is named there as a fault.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from feedback_api.schemas.common import AS_WHOLE, Input
from feedback_core.surveys.types import (
    LANGUAGE,
    MAX_CONDITION_DEPTH,
    MAX_NUMBER,
    MAX_TEXT_LENGTH,
    NPS_SCALE,
    Op,
)


class Part(Input):
    """A part of a questionnaire: nothing unknown, and nothing converted (`"5"` is not `5`)."""

    # The same schema on the way in and out, so that a client has one type for each part.
    model_config = ConfigDict(extra="forbid", strict=True, json_schema_mode_override="validation")


def _kind_of_json(value: object) -> str | None:
    match value:
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "list"
        case Mapping() | Part():
            return "object"
    return None


def _one_of(error: str, message: str) -> Discriminator:
    return Discriminator(_kind_of_json, custom_error_type=error, custom_error_message=message)


def _as_written(number: float) -> float:
    return int(number) if number.is_integer() else number


# PostgreSQL refuses NUL in JSON documents as in text. A draft may hold blanks and unfinished keys.
Words = Annotated[str, Field(max_length=MAX_TEXT_LENGTH, pattern=r"^[^\x00]*$")]
DraftKey = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f]*$")]
LanguageTag = Annotated[str, Field(max_length=80, pattern=LANGUAGE.pattern, examples=["en", "de-AT"])]
Number = Annotated[
    float, Field(ge=-MAX_NUMBER, le=MAX_NUMBER, allow_inf_nan=False, strict=True), AfterValidator(_as_written)
]
Whole = Annotated[int, Field(strict=True, ge=-(2**31), le=2**31 - 1), AS_WHOLE]
Translations = Annotated[
    dict[LanguageTag, Words], Field(max_length=200, json_schema_extra={"additionalProperties": False})
]
Text: TypeAlias = Annotated[
    Annotated[Words, Tag("string")] | Annotated[Translations, Tag("object")],
    _one_of("text_type", "Give a string, or an object of strings by language"),
]
Scalar: TypeAlias = Annotated[
    Annotated[bool, Field(strict=True), Tag("boolean")]
    | Annotated[Number, Tag("number")]
    | Annotated[Words, Tag("string")],
    _one_of("scalar_type", "Give a string, a number or a boolean"),
]
Compared: TypeAlias = Annotated[
    Annotated[bool, Field(strict=True), Tag("boolean")]
    | Annotated[Number, Tag("number")]
    | Annotated[Words, Tag("string")]
    | Annotated[list[Scalar], Tag("list")],
    _one_of("value_type", "Give a string, a number, a boolean, or a list of them"),
]


class Comparison(Part):
    """The answer to an earlier question stands in a relation to a value; false while it has no answer."""

    question: DraftKey = Field(description="Key of an earlier question", examples=["nps"])
    op: Annotated[Op, Field(strict=False)] = Field(description="`answered` takes no value, `in` takes a list")
    value: Compared | None = Field(default=None, examples=[6])


class AllOf(Part):
    """Every one of the conditions is true."""

    conditions: list["Condition"] = Field(alias="all")


class AnyOf(Part):
    """At least one of the conditions is true."""

    conditions: list["Condition"] = Field(alias="any")


class Not(Part):
    """The condition is not true."""

    condition: "Condition" = Field(alias="not")


def _kind_of_condition(value: object) -> str | None:
    match value:
        case AllOf() | {"all": _}:
            return "all"
        case AnyOf() | {"any": _}:
            return "any"
        case Not() | {"not": _}:
            return "not"
        case Comparison() | {"question": _} | {"op": _}:
            return "comparison"
    return None


Condition: TypeAlias = Annotated[
    Annotated[Comparison, Tag("comparison")]
    | Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")],
    Discriminator(
        _kind_of_condition,
        custom_error_type="unreadable_condition",
        custom_error_message="Give an object with question, op and value, or with all, any or not",
    ),
]


def _not_too_deep(value: object) -> object:
    """Refuse what is nested too deep before anything recurses into it."""
    level: list[object] = [value]
    for _ in range(MAX_CONDITION_DEPTH):
        level = [part for condition in level for part in _parts(condition)]
        if not level:
            return value
    raise PydanticCustomError(
        "condition_too_large", "Nest at most {levels} levels of conditions", {"levels": MAX_CONDITION_DEPTH}
    )


def _parts(condition: object) -> list[object]:
    if not isinstance(condition, Mapping):
        return []
    lists = [part for name in ("all", "any") if isinstance(condition.get(name), list) for part in condition[name]]
    return [*lists, condition["not"]] if "not" in condition else lists


class Scale(Part):
    """Whole numbers from `min` to `max`, both included."""

    min: Whole = Field(examples=[1])
    max: Whole = Field(examples=[5])


class Choice(Part):
    """One of the answers offered."""

    key: DraftKey = Field(description="What is stored; stable over versions and languages", examples=["web"])
    label: Text = Field(description="What the respondent reads", examples=["Web"])
    exclusive: bool = Field(default=False, description="Chosen alone or not at all; for multiple choice only")


class MatrixRow(Part):
    """One line of a matrix, answered on the matrix's scale."""

    key: DraftKey = Field(examples=["politeness"])
    label: Text = Field(examples=["Politeness"])


class AttributeValue(Part):
    """A value of an attribute, with its label."""

    key: DraftKey = Field(examples=["north"])
    label: Text | None = Field(default=None, examples=["North of the river"])


class Attribute(Part):
    """Something known of a respondent beforehand, by which answers are counted."""

    key: DraftKey = Field(examples=["region"])
    label: Text | None = Field(default=None, examples=["Region"])
    values: list[
        Annotated[
            Annotated[DraftKey, Tag("string")] | Annotated[AttributeValue, Tag("object")],
            _one_of("attribute_value_type", "Give a string, or an object with key and label"),
        ]
    ] = Field(description="Every value that it can have", examples=[["north", "south"]])


class _Question(Part):
    key: DraftKey = Field(
        description="Unique in the questionnaire and stable over versions: a-z, 0-9 and _", examples=["wait"]
    )
    text: Text = Field(description="What the respondent reads", examples=["How was the wait?"])
    feature: DraftKey | None = Field(
        default=None,
        description="Key of the feature of the service that it is about; created on publication if it is not there",
        examples=["waiting_time"],
    )
    required: bool = Field(default=False, description="A response is complete only with an answer, where it is shown")
    show_if: Annotated[Condition | None, BeforeValidator(_not_too_deep)] = Field(
        default=None, description="Put the question only where this is true of earlier answers"
    )


class NpsQuestion(_Question):
    """Likelihood to recommend, from 0 to 10."""

    type: Literal["nps"]
    scale: Scale | None = Field(default=None, description=f"{NPS_SCALE.min} to {NPS_SCALE.max}, or left out")


class CesQuestion(_Question):
    """Ease or effort."""

    type: Literal["ces"]
    scale: Scale | None = Field(default=None, description="1 to 7 if left out")


class CsatQuestion(_Question):
    """Satisfaction."""

    type: Literal["csat"]
    scale: Scale | None = Field(default=None, description="1 to 5 if left out")


class RatingQuestion(_Question):
    """A rating on any scale."""

    type: Literal["rating"]
    scale: Scale


class SingleChoiceQuestion(_Question):
    """One of several answers."""

    type: Literal["single_choice"]
    choices: list[Choice] = Field(default_factory=list)


class MultipleChoiceQuestion(_Question):
    """Any of several answers."""

    type: Literal["multiple_choice"]
    choices: list[Choice] = Field(default_factory=list)


class RankingQuestion(_Question):
    """Answers put in an order, best first."""

    type: Literal["ranking"]
    choices: list[Choice] = Field(default_factory=list)


class MatrixQuestion(_Question):
    """Several things rated on one scale."""

    type: Literal["matrix"]
    scale: Scale
    rows: list[MatrixRow] = Field(default_factory=list)


class NumberQuestion(_Question):
    """A number."""

    type: Literal["number"]
    min: Number | None = Field(default=None, examples=[0])
    max: Number | None = Field(default=None, examples=[600])
    unit: Annotated[Words, Field(max_length=100)] | None = Field(default=None, examples=["minutes"])


class DateQuestion(_Question):
    """A calendar date."""

    type: Literal["date"]


class BooleanQuestion(_Question):
    """Yes or no."""

    type: Literal["boolean"]


class TextQuestion(_Question):
    """Words of the respondent."""

    type: Literal["text"]
    max_length: Whole | None = Field(default=None, description=f"At most, and if left out, {MAX_TEXT_LENGTH}")


Question: TypeAlias = Annotated[
    NpsQuestion
    | CesQuestion
    | CsatQuestion
    | RatingQuestion
    | SingleChoiceQuestion
    | MultipleChoiceQuestion
    | RankingQuestion
    | MatrixQuestion
    | NumberQuestion
    | DateQuestion
    | BooleanQuestion
    | TextQuestion,
    Field(discriminator="type"),
]
