"""Parameters and results as the JSON documents that a run keeps."""

from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")

_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def to_document(value: object) -> dict[str, Any]:
    """A frozen dataclass as a JSON document; field names as their aliases say."""
    document: dict[str, Any] = _adapter(type(value)).dump_python(value, mode="json", by_alias=True)
    return document


def from_document(kind: type[T], document: object) -> T:
    """The frozen dataclass in a JSON document.

    Raises:
        ValueError: a field is missing or of another type.
    """
    value: T = _adapter(kind).validate_python(document)
    return value


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Making one takes longer than reading with it."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]
