"""A row of a form while it is read: what is taken of it, and in the end what was not."""

from collections.abc import Iterable

from feedback_core.surveys.exchange.texts import Texts
from feedback_core.surveys.exchange.types import RemarkCode, Remarks
from feedback_core.surveys.exchange.xlsform.words import tag_of
from feedback_core.surveys.exchange.xlsform.workbook import Line
from feedback_core.surveys.types import Text


class Row:
    """One row."""

    def __init__(self, line: Line, texts: Texts, remarks: Remarks) -> None:
        self._line = line
        self._left = dict(line)
        self._texts = texts
        self._remarks = remarks

    @property
    def place(self) -> str:
        """Pointer to the row."""
        return self._line.place

    def at(self, column: str) -> str:
        """Pointer to a cell."""
        return self._line.at(column)

    def take(self, *columns: str) -> str:
        """A cell by its column, or by another name of it; empty where it is not there."""
        return next((self._left.pop(column).strip() for column in columns if column in self._left), "")

    def words(self, column: str) -> str:
        """A cell with the spaces around its words."""
        return self._left.pop(column, "")

    def text(self, column: str) -> Text | None:
        """A text by its columns, one for each language; a column without one is in the form's own."""
        by_tag: dict[str, object] = {}
        pointer = self.at(column)
        for name in [name for name in self._left if name == column or name.startswith(f"{column}:")]:
            language = name[len(column) :].lstrip(": ")
            tag = tag_of(language) if language else self._texts.language
            if tag is not None:
                by_tag[tag] = self._left.pop(name)
        return self._texts.text(by_tag, pointer) if by_tag else None

    def drop(self, column: str, words: str) -> None:
        """Take a text that only repeats what is said elsewhere."""
        for name in [name for name in self._left if name == column or name.startswith(f"{column}:")]:
            if self._left[name] == words:
                del self._left[name]

    def left_out(self, *, but: Iterable[str] = ()) -> None:
        """Tell what nobody took."""
        for column in self._left:
            if column not in but:
                detail = "A questionnaire has nothing like it."
                self._remarks.add(self.at(column), RemarkCode.FIELD_LEFT_OUT, detail)
