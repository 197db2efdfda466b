"""From the body of a delivery to the document that a mapping reads: JSON, a form, or XML by names of elements."""

import json
import re
from typing import Any, Final
from urllib.parse import parse_qsl
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree  # type: ignore[import-untyped]  # no stubs here

MAX_DEPTH: Final = 64
"""Levels of a document."""

MAX_FIELDS: Final = 1_000
"""Fields of a form."""

_FORM: Final = "application/x-www-form-urlencoded"
_XML: Final = re.compile(r"(text|application)/([a-z.-]+\+)?xml")
_NIL: Final = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_NEVER_READ: Final = frozenset({"SessionId"})
"""What Salesforce sends along and nobody should keep: it opens the sender's organisation."""


class BodyUnreadable(ValueError):
    """The body is not a document of its kind."""


def document_of(body: bytes, content_type: str | None) -> Any:  # noqa: ANN401 -- JSON
    """The document in a body.

    Of XML, elements become objects by their local names, those that are repeated arrays, and those without elements
    texts. A field of a form that is repeated becomes an array.

    Raises:
        BodyUnreadable: it is none of its kind, or deeper than ``MAX_DEPTH``.
    """
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind == _FORM:
        document: object = _form(body)
    elif _XML.fullmatch(kind):
        document = _xml(body)
    else:
        document = _json(body)
    if _is_deeper(document, MAX_DEPTH):
        raise BodyUnreadable(f"Nest at most {MAX_DEPTH} levels.")
    return document


def _json(body: bytes) -> object:
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
    except RecursionError:
        raise BodyUnreadable(f"Nest at most {MAX_DEPTH} levels.") from None
    except ValueError:
        raise BodyUnreadable("The body is not JSON in UTF-8.") from None


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _form(body: bytes) -> dict[str, str | list[str]]:
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError:
        raise BodyUnreadable("The body is not a form in UTF-8, or has too many fields.") from None
    said: dict[str, list[str]] = {}
    for name, value in pairs:
        said.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in said.items()}


def _xml(body: bytes) -> object:
    try:
        root = ElementTree.fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise BodyUnreadable("The body is not XML without a document type.") from None
    return {_local(root): _element(root, 1)}


def _element(element: Element, depth: int) -> object:
    if depth > MAX_DEPTH:
        raise BodyUnreadable(f"Nest at most {MAX_DEPTH} levels.")
    if element.get(_NIL) in {"true", "1"}:
        return None
    said: dict[str, list[object]] = {}
    for child in element:
        if _local(child) not in _NEVER_READ:
            said.setdefault(_local(child), []).append(_element(child, depth + 1))
    if not said:
        return element.text or ""
    return {name: values[0] if len(values) == 1 else values for name, values in said.items()}


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _is_deeper(document: object, most: int) -> bool:
    level = [document]
    for _ in range(most):
        below: list[object] = []
        for value in level:
            if isinstance(value, dict):
                below += value.values()
            elif isinstance(value, list):
                below += value
        level = below
        if not level:
            return False
    return True
