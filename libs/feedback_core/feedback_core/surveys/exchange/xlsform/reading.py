"""The sheets of an XLSForm as a questionnaire, and what of them a questionnaire cannot say."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from feedback_core.surveys.exchange.drafting import MOST_ELEMENTS, Asked, Shown, questionnaire_of
from feedback_core.surveys.exchange.expressions.reading import XLSFORM
from feedback_core.surveys.exchange.texts import Texts
from feedback_core.surveys.exchange.types import NotExchangeable, RemarkCode, Remarks, Taken
from feedback_core.surveys.exchange.xlsform.attributes import attributes_of
from feedback_core.surveys.exchange.xlsform.cells import Row
from feedback_core.surveys.exchange.xlsform.questions import Reader
from feedback_core.surveys.exchange.xlsform.words import ATTRIBUTES, CHOICES, SETTINGS, SURVEY, TITLE, TYPE, tag_of
from feedback_core.surveys.exchange.xlsform.workbook import Line, from_workbook
from feedback_core.surveys.types import LANGUAGE, Text

DEEPEST: Final = 20
"""Groups within groups."""

_TECHNICAL: Final = frozenset(
    {
        "audit",
        "deviceid",
        "email",
        "end",
        "phonenumber",
        "simserial",
        "start",
        "subscriberid",
        "today",
        "username",
    }
)
"""What a device notes by itself: nothing that is asked."""


def from_xlsform(content: bytes, *, language: str | None) -> Taken:
    """The questionnaire of a form; pointers are ``/sheet/row/column``, rows as a spreadsheet counts them.

    Args:
        content: the workbook.
        language: of every text that does not say its own; ``None``: the form's default, else the first that it has.

    Raises:
        NotExchangeable: it is no form, or larger than a questionnaire can be.
    """
    sheets = from_workbook(content)
    lines = sheets.get(SURVEY, [])
    if not lines:
        raise NotExchangeable(f"/{SURVEY}", "The workbook has no sheet survey with rows: it is no XLSForm.")
    if len(lines) > MOST_ELEMENTS:
        raise NotExchangeable(f"/{SURVEY}", f"Give at most {MOST_ELEMENTS} rows.")
    remarks = Remarks()
    settings = next(iter(sheets.get(SETTINGS, [])), Line(SETTINGS, 2, {}))
    texts = Texts(language or _language(lines, settings, remarks), remarks)
    title = _title(Row(settings, texts, remarks), texts)
    asked = _Walk(Reader(sheets.get(CHOICES, []), texts, remarks), texts, remarks).of(lines)
    if not asked:
        raise NotExchangeable(f"/{SURVEY}", "The form has no question that can be taken.")
    attributes = attributes_of(sheets.get(ATTRIBUTES, []), texts, remarks)
    questionnaire = questionnaire_of(title, texts, asked, attributes, dialect=XLSFORM, remarks=remarks)
    return Taken(questionnaire, tuple(remarks.kept), remarks.total)


def _language(lines: Sequence[Line], settings: Line, remarks: Remarks) -> str:
    named = tag_of(settings.get("default_language", ""))
    if named is not None and LANGUAGE.fullmatch(named):
        return named
    columns = (column for line in lines for column in line if column.startswith("label:"))
    found = next((tag for column in columns if (tag := tag_of(column[6:].lstrip(": ")))), None)
    guess = found if found is not None and LANGUAGE.fullmatch(found) else "en"
    detail = f"The form does not say its language; it was taken as {guess}."
    remarks.add(settings.at("default_language"), RemarkCode.LANGUAGE_GUESSED, detail)
    return guess


def _title(settings: Row, texts: Texts) -> Text:
    own = settings.words("form_title") or settings.words("title")
    others = settings.text(TITLE)
    for column in ("form_id", "id_string", "version", "default_language"):
        settings.take(column)
    settings.left_out()
    words = texts.words(own, settings.at("form_title"))
    if others is None or isinstance(others, str):
        return words
    return {texts.language: words, **others} if own else others


@dataclass(slots=True)
class _Group:
    """A group that is open.

    Attributes:
        shown: conditions of it and of those around it.
        is_left_out: its questions are not taken.
    """

    shown: tuple[Shown, ...]
    is_left_out: bool = False


class _Walk:
    """Goes over the rows once, in and out of groups."""

    def __init__(self, reader: Reader, texts: Texts, remarks: Remarks) -> None:
        self._reader = reader
        self._texts = texts
        self._remarks = remarks
        self._groups = [_Group(())]

    def of(self, lines: Sequence[Line]) -> list[Asked]:
        asked: list[Asked] = []
        rows = [Row(line, self._texts, self._remarks) for line in lines]
        kinds = [_kind(line.get("type", "")) for line in lines]
        place = 0
        while place < len(rows):
            row, kind = rows[place], kinds[place]
            row.take("type")
            place += 1
            if kind.startswith("begin "):
                inner = self._matrix(place, kinds, lines)
                if inner is not None and not self._groups[-1].is_left_out:
                    shown = (*self._groups[-1].shown, *_shown(row))
                    asked.append(self._reader.matrix(row, rows[place:inner], kinds[place:inner], shown))
                    place = inner + 1
                else:
                    self._begin(row, kind)
            elif kind.startswith("end "):
                if len(self._groups) > 1:
                    self._groups.pop()
            else:
                asked += self._question(row, kind)
        return asked

    def _matrix(self, place: int, kinds: Sequence[str], lines: Sequence[Line]) -> int | None:
        """Where the group that begins at this row ends, if it is a matrix: rows of one scale, shown as a table."""
        group = lines[place - 1]
        end = next((i for i in range(place, len(kinds)) if not kinds[i].startswith("select_one ")), len(kinds))
        is_table = group.get(TYPE) == "matrix" or "table-list" in group.get("appearance", "")
        is_plain = kinds[place - 1] == "begin group" and end < len(kinds) and kinds[end] == "end group"
        return end if is_table and is_plain and len(set(kinds[place:end])) == 1 else None

    def _begin(self, row: Row, kind: str) -> None:
        around = self._groups[-1]
        if len(self._groups) > DEEPEST:
            raise NotExchangeable(row.place, f"Nest at most {DEEPEST} groups.")
        row.take("name")
        group = _Group((*around.shown, *_shown(row)), around.is_left_out)
        if kind == "begin repeat" and not group.is_left_out:
            detail = "Questions that are put again and again were left out."
            self._remarks.add(row.place, RemarkCode.QUESTION_LEFT_OUT, detail)
            group.is_left_out = True
        self._groups.append(group)
        row.left_out()

    def _question(self, row: Row, kind: str) -> Iterator[Asked]:
        group = self._groups[-1]
        if not kind or group.is_left_out:
            if kind:
                self._remarks.add(row.place, RemarkCode.QUESTION_LEFT_OUT, "It stands in a group that was left out.")
            return
        found = None if kind in _TECHNICAL else self._reader.question(row, kind, group.shown + _shown(row))
        if found is None:
            detail = f'There is no question like "{kind[:60]}": it was left out.'
            self._remarks.add(row.place, RemarkCode.QUESTION_LEFT_OUT, detail)
        else:
            yield found


def _shown(row: Row) -> tuple[Shown, ...]:
    expression = row.take("relevant", "relevance", "bind::relevant")
    return (Shown(expression, row.at("relevant")),) if expression else ()


def _kind(written: str) -> str:
    """A type as it is known here: ``begin group``, ``select_one list``."""
    kind = re.sub(r"\s+", " ", written.strip())
    kind = re.sub(r"^(begin|end)[_ ](group|repeat|loop)\b.*", r"\1 \2", kind, flags=re.IGNORECASE)
    return re.sub(r"^select (one|multiple)(?: from)?\b", r"select_\1", kind)
