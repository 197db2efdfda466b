"""Pointers lead to a place in the body, whatever Pydantic calls the branches of a union."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from feedback_api.pointers import pointer_to


class Text(BaseModel):
    """Its tag is the name of a field, on purpose."""

    type: Literal["text"]
    text: int
    more: "list[Item]" = []


class Number(BaseModel):
    type: Literal["number"]
    value: int | list[int]


Item = Annotated[Text | Number, Field(discriminator="type")]
ITEMS = TypeAdapter(list[Item])


@pytest.mark.parametrize(
    ("item", "pointers"),
    [
        ({"type": "text", "text": "x"}, ["/0/text"]),
        ({"type": "text"}, ["/0/text"]),
        ({"type": "text", "text": 1, "more": [{"type": "number"}]}, ["/0/more/0/value"]),
        ({"type": "text", "text": 1, "more": [{"type": "text"}]}, ["/0/more/0/text"]),
        ({"type": "number", "value": [1, "x"]}, ["/0/value", "/0/value/1"]),
        ({"type": "other"}, ["/0/type"]),
        ({}, ["/0/type"]),
        (7, ["/0"]),
    ],
)
def test_a_pointer_leads_to_the_fault(item: Any, pointers: list[str]) -> None:
    with pytest.raises(ValidationError) as refused:
        ITEMS.validate_python([item])

    found = [{**error, "loc": ("body", *error["loc"])} for error in refused.value.errors()]
    assert [pointer_to(error, [item]) for error in found] == pointers  # type: ignore[arg-type]


def test_a_pointer_outside_the_body_names_its_place() -> None:
    error: Any = {"type": "missing", "loc": ("query", "a/b"), "msg": "", "input": None}

    assert pointer_to(error, None) == "/query/a~1b"
