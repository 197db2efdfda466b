"""The fields of an object of a model, each either taken or told to be left out."""

from collections.abc import Mapping
from typing import Any, Final, Self

from feedback_core.kit.pointers import step
from feedback_core.surveys.exchange.texts import Texts
from feedback_core.surveys.exchange.types import NotExchangeable, RemarkCode, Remarks
from feedback_core.surveys.types import Text

_MOST_DIGITS: Final = 1e15


class Fields:
    """The fields of one object; what nobody asked for is told at the end."""

    def __init__(self, value: object, pointer: str, texts: Texts, remarks: Remarks) -> None:
        if not isinstance(value, Mapping):
            raise NotExchangeable(pointer, "Give an object.")
        self.pointer = pointer
        self._left: dict[str, Any] = dict(value)
        self._texts = texts
        self._remarks = remarks

    def at(self, name: str) -> str:
        """Pointer to a field."""
        return self.pointer + step(name)

    def take(self, name: str) -> Any:  # noqa: ANN401 -- any JSON value
        """A field as it stands; ``None`` where it is not there."""
        return self._left.pop(name, None)

    def name(self, name: str) -> str | None:
        """A field that is a name or an expression."""
        value = self._left.get(name)
        return str(self._left.pop(name)) if isinstance(value, str | int | float) else None

    def flag(self, name: str) -> bool:
        """A field that is on or off; off where it is not there."""
        return self._left.get(name) in (True, False, None) and bool(self._left.pop(name, None))

    def number(self, name: str) -> float | None:
        """A field that is a number, or a number in quotes."""
        value = self._left.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return None
        try:
            number = float(value)
        except (ValueError, OverflowError):
            return None
        if not -_MOST_DIGITS <= number <= _MOST_DIGITS:
            return None
        del self._left[name]
        return int(number) if number.is_integer() else number

    def items(self, name: str) -> list[Any]:
        """A field that is a list."""
        return self._left.pop(name) if isinstance(self._left.get(name), list) else []

    def text(self, name: str) -> Text | None:
        """A text, in one language or several; the key ``default`` is the language of the document."""
        value = self._left.pop(name, None)
        if isinstance(value, Mapping):
            by_tag = {str(tag): words for tag, words in value.items() if isinstance(words, str | int | float)}
            if "default" in by_tag:
                own = by_tag.pop("default")
                by_tag = {self._texts.language: own, **by_tag}
            return self._texts.text(by_tag, self.at(name)) if by_tag else None
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return self._texts.words(value, self.at(name))
        return None

    def usual(self, **values: object) -> Self:
        """Take fields that say nothing while they have these values."""
        for name, value in values.items():
            if name in self._left and self._left[name] == value:
                del self._left[name]
        return self

    def left_out(self) -> None:
        """Tell what nobody took."""
        for name, value in self._left.items():
            if value is not None:
                self._remarks.add(self.at(name), RemarkCode.FIELD_LEFT_OUT, "A questionnaire has nothing like it.")
