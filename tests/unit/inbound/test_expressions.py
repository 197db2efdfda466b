"""Expressions: what is refused says where; whatever is taken ends soon, and never with an error of ours."""

import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.inbound.mapping.expressions import (
    MAX_GROWTH,
    ExpressionFailed,
    ExpressionInvalid,
    compile_expression,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)
PARTS = st.sampled_from(
    ["a", "b", "@", "[*]", "[]", "[0]", "[::2]", ".", "|", "||", "&&", "[?", "]", "(", ")", "{a: @}", "[@, @]", "`1`",
     "'x'", "length(", "sort_by(@, &a)", "join('', @)", "to_string(@)", "&", "==", "<", "!", " ", "*", ","]
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a.[", "ends too early"),
        ("", "Write an expression"),
        ("a b", "At character 3"),
        ("answers[?ref=='x'", "ends too early"),
        ("a ^ b", "At character 3"),
        ("nope(@)", "no function nope()"),
        ("length(a, b)", "takes 1 arguments, not 2"),
        ("x" * 1_001, "at most 1000 characters"),
        ("a[?" * 300 + "b" + "]" * 300, "at most 1000 characters"),
        ("a[?" * 200 + "b" + "]" * 200, "Nest at most"),
        ("!" * 100 + "a", "Nest at most"),
        ("[@, @][] | " * 12 + "@", f"more than {MAX_GROWTH} times"),
        ("map(&" + "[@,@,@,@,@,@,@,@,@,@] | " * 3 + "@, @)", f"more than {MAX_GROWTH} times"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_with_its_place(text: str, words: str) -> None:
    with pytest.raises(ExpressionInvalid, match=words.replace("(", r"\(").replace(")", r"\)")):
        compile_expression(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("event_data.score", "/event_data/score"),
        ("a.b[0].c", "/a/b/0/c"),
        ('"odd/key".x', "/odd~1key/x"),
        ("@", ""),
        ("a[?b=='c'].d", "a[?b=='c'].d"),
        ("a || b", "a || b"),
    ],
)
def test_a_plain_path_is_named_by_its_pointer(text: str, place: str) -> None:
    assert compile_expression(text).place == place


@pytest.mark.parametrize(
    "text", ["length(@)", "sort(@)", "max_by(@, &a)", "@[?a < b]", "sum([a, b])", "a > 'x'", "join('-', @)"]
)
@pytest.mark.parametrize("document", [{"a": 1, "b": "x"}, [1, "x", None], "text", None, 5, [{"a": 1, "b": "2"}]])
def test_a_payload_that_does_not_fit_is_no_error_of_ours(text: str, document: Any) -> None:
    with suppress(ExpressionFailed):
        compile_expression(text)(document)


def test_a_text_cannot_be_made_to_grow_by_joining() -> None:
    with pytest.raises(ExpressionFailed):
        compile_expression("join(a, b)")({"a": "x" * 100_000, "b": ["y"] * 100_000})


def test_the_costliest_expression_that_is_taken_ends_soon_on_a_large_payload() -> None:
    document = [{"a": index, "b": "x" * 20} for index in range(5_000)]
    begun = time.process_time()
    found = compile_expression("[@, @][] | [@, @][] | [@, @][] | [@, @][] | to_string(@)")(document)
    assert time.process_time() - begun < 5
    assert len(found) < MAX_GROWTH * len(json.dumps(document))


@given(st.lists(PARTS, max_size=14).map("".join), JSON)
def test_whatever_is_written_is_refused_or_evaluated_within_its_bound(text: str, document: Any) -> None:
    try:
        found = compile_expression(text)(document)
    except (ExpressionInvalid, ExpressionFailed):
        return
    if "&" not in text:
        assert len(json.dumps(found)) <= MAX_GROWTH * (len(json.dumps(document)) + 20)
