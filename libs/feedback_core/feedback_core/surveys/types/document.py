"""The JSON document of a questionnaire: what the API takes and the database keeps."""

from collections.abc import Callable, Mapping
from typing import TypeAlias, TypeVar

from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kit.pointers import step
from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.types.conditions import (
    MAX_CONDITION_DEPTH,
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Not,
    Op,
    Scalar,
)
from feedback_core.surveys.types.questionnaire import (
    Attribute,
    AttributeValue,
    Choice,
    Question,
    Questionnaire,
    QuestionType,
    Row,
    Scale,
)
from feedback_core.surveys.types.texts import Text

Json: TypeAlias = dict[str, object]
_Item = TypeVar("_Item")

_NO_CONDITION = AllOf(())


class QuestionnaireUnreadable(Invalid):
    """The document has not the form of a questionnaire; each fault is named with a pointer."""

    code = "questionnaire_unreadable"


def questionnaire_from_json(document: Mapping[str, object]) -> Questionnaire:
    """The questionnaire that a JSON document describes; ``null`` means the same as leaving a field out.

    Only the form is checked: types, names of fields, question types and comparisons. Whether the questionnaire makes
    sense is ``find_faults``' question.

    Raises:
        QuestionnaireUnreadable: the form is wrong; every fault is named.
    """
    reader = _Reader()
    questionnaire = reader.questionnaire(document)
    if reader.faults:
        raise QuestionnaireUnreadable(reader.faults)
    return questionnaire


def questionnaire_to_json(questionnaire: Questionnaire) -> Json:
    """The JSON document of a questionnaire, without the fields that have nothing to say (``null``, ``false``, empty).

    Reading it gives back an equal questionnaire.
    """
    return _spoken(
        title=_text_out(questionnaire.title),
        language=questionnaire.language,
        attributes=[_attribute_out(attribute) for attribute in questionnaire.attributes],
    ) | {"questions": [_question_out(question) for question in questionnaire.questions]}


class _Reader:
    """Reads the parts of a document, collecting faults; what it returns counts only if there are none."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def questionnaire(self, document: object) -> Questionnaire:
        fields = self._record(document, "", required=("title", "language", "questions"), optional=("attributes",))
        return Questionnaire(
            title=self._text(fields.get("title", ""), "/title"),
            language=self._string(fields.get("language", ""), "/language"),
            questions=self._items(fields.get("questions", ()), "/questions", self._question),
            attributes=self._items(fields.get("attributes", ()), "/attributes", self._attribute),
        )

    def _attribute(self, value: object, pointer: str) -> Attribute:
        fields = self._record(value, pointer, required=("key", "values"), optional=("label",))
        return Attribute(
            key=self._string(fields.get("key", ""), pointer + "/key"),
            values=self._items(fields.get("values", ()), pointer + "/values", self._attribute_value),
            label=self._optional(fields, "label", pointer, self._text),
        )

    def _attribute_value(self, value: object, pointer: str) -> AttributeValue:
        if isinstance(value, str):
            return AttributeValue(value)
        if not isinstance(value, Mapping):
            self._wrong_type(pointer, "a string, or an object with key and label")
            return AttributeValue("")
        fields = self._record(value, pointer, required=("key",), optional=("label",))
        return AttributeValue(
            self._string(fields.get("key", ""), pointer + "/key"), self._optional(fields, "label", pointer, self._text)
        )

    def _question(self, value: object, pointer: str) -> Question:
        fields = self._record(value, pointer, required=("key", "type", "text"), optional=_OPTIONAL_OF_QUESTION)
        return Question(
            key=self._string(fields.get("key", ""), pointer + "/key"),
            type=self._type(fields.get("type", "text"), pointer + "/type"),
            text=self._text(fields.get("text", ""), pointer + "/text"),
            feature=self._optional(fields, "feature", pointer, self._string),
            required=self._boolean(fields.get("required", False), pointer + "/required"),
            show_if=self._optional(fields, "show_if", pointer, self._condition),
            scale=self._optional(fields, "scale", pointer, self._scale),
            choices=self._items(fields.get("choices", ()), pointer + "/choices", self._choice),
            rows=self._items(fields.get("rows", ()), pointer + "/rows", self._row),
            min=self._optional(fields, "min", pointer, self._number),
            max=self._optional(fields, "max", pointer, self._number),
            unit=self._optional(fields, "unit", pointer, self._string),
            max_length=self._optional(fields, "max_length", pointer, self._integer),
        )

    def _scale(self, value: object, pointer: str) -> Scale:
        fields = self._record(value, pointer, required=("min", "max"))
        return Scale(
            self._integer(fields.get("min", 0), pointer + "/min"), self._integer(fields.get("max", 0), pointer + "/max")
        )

    def _choice(self, value: object, pointer: str) -> Choice:
        fields = self._record(value, pointer, required=("key", "label"), optional=("exclusive",))
        return Choice(
            self._string(fields.get("key", ""), pointer + "/key"),
            self._text(fields.get("label", ""), pointer + "/label"),
            exclusive=self._boolean(fields.get("exclusive", False), pointer + "/exclusive"),
        )

    def _row(self, value: object, pointer: str) -> Row:
        fields = self._record(value, pointer, required=("key", "label"))
        return Row(
            self._string(fields.get("key", ""), pointer + "/key"),
            self._text(fields.get("label", ""), pointer + "/label"),
        )

    def _condition(self, value: object, pointer: str, depth: int = 1) -> Condition:
        if depth > MAX_CONDITION_DEPTH:
            self._fault(pointer, FaultCode.CONDITION_TOO_LARGE, f"Nest at most {MAX_CONDITION_DEPTH} levels.")
            return _NO_CONDITION

        def part(inner: object, inner_pointer: str) -> Condition:
            return self._condition(inner, inner_pointer, depth + 1)

        if not isinstance(value, Mapping):
            self._wrong_type(pointer, "an object")
        elif "question" in value or "op" in value:
            return self._comparison(value, pointer)
        elif "all" in value:
            fields = self._record(value, pointer, required=("all",))
            return AllOf(self._items(fields.get("all", ()), pointer + "/all", part))
        elif "any" in value:
            fields = self._record(value, pointer, required=("any",))
            return AnyOf(self._items(fields.get("any", ()), pointer + "/any", part))
        elif "not" in value:
            fields = self._record(value, pointer, required=("not",))
            return Not(self._optional(fields, "not", pointer, part) or _NO_CONDITION)
        else:
            detail = 'Write {"question", "op", "value"}, {"all": [...]}, {"any": [...]} or {"not": {...}}.'
            self._fault(pointer, FaultCode.UNREADABLE_CONDITION, detail)
        return _NO_CONDITION

    def _comparison(self, value: object, pointer: str) -> Comparison:
        fields = self._record(value, pointer, required=("question", "op"), optional=("value",))
        return Comparison(
            self._string(fields.get("question", ""), pointer + "/question"),
            self._op(fields.get("op", "answered"), pointer + "/op"),
            self._optional(fields, "value", pointer, self._compared),
        )

    def _compared(self, value: object, pointer: str) -> Scalar | tuple[Scalar, ...]:
        if isinstance(value, list | tuple):
            return self._items(value, pointer, self._scalar)
        return self._scalar(value, pointer)

    def _scalar(self, value: object, pointer: str) -> Scalar:
        if isinstance(value, str | int | float):
            return value
        self._wrong_type(pointer, "a string, a number or a boolean")
        return ""

    def _type(self, value: object, pointer: str) -> QuestionType:
        name = self._string(value, pointer)
        if name in _TYPES:
            return QuestionType(name)
        self._fault(pointer, FaultCode.UNKNOWN_TYPE, f"Use one of: {', '.join(_TYPES)}.")
        return QuestionType.TEXT

    def _op(self, value: object, pointer: str) -> Op:
        name = self._string(value, pointer)
        if name in _OPS:
            return Op(name)
        self._fault(pointer, FaultCode.UNKNOWN_OP, f"Use one of: {', '.join(_OPS)}.")
        return Op.ANSWERED

    def _text(self, value: object, pointer: str) -> Text:
        if isinstance(value, str):
            return value
        if not isinstance(value, Mapping):
            self._wrong_type(pointer, "a string, or an object of strings by language")
            return ""
        return {str(tag): self._string(words, pointer + step(tag)) for tag, words in value.items()}

    def _string(self, value: object, pointer: str) -> str:
        if isinstance(value, str):
            return value
        self._wrong_type(pointer, "a string")
        return ""

    def _boolean(self, value: object, pointer: str) -> bool:
        if isinstance(value, bool):
            return value
        self._wrong_type(pointer, "true or false")
        return False

    def _integer(self, value: object, pointer: str) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self._wrong_type(pointer, "a whole number")
        return 0

    def _number(self, value: object, pointer: str) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        self._wrong_type(pointer, "a number")
        return 0

    def _optional(
        self, fields: Mapping[str, object], name: str, pointer: str, read: Callable[[object, str], _Item]
    ) -> _Item | None:
        return read(fields[name], f"{pointer}/{name}") if name in fields else None

    def _items(self, value: object, pointer: str, read: Callable[[object, str], _Item]) -> tuple[_Item, ...]:
        if isinstance(value, list | tuple):
            return tuple(read(item, f"{pointer}/{index}") for index, item in enumerate(value))
        self._wrong_type(pointer, "a list")
        return ()

    def _record(
        self, value: object, pointer: str, *, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> dict[str, object]:
        """The fields of an object that are not null; names those missing and those that do not belong."""
        if not isinstance(value, Mapping):
            self._wrong_type(pointer, "an object")
            return {}
        for name in value:
            if name not in required and name not in optional:
                self._fault(pointer + step(name), FaultCode.UNKNOWN_FIELD, "Leave this out: there is no such field.")
        fields = {name: value[name] for name in (*required, *optional) if value.get(name) is not None}
        for name in required:
            if name not in fields:
                self._fault(f"{pointer}/{name}", FaultCode.MISSING_FIELD, "This must be given.")
        return fields

    def _wrong_type(self, pointer: str, wanted: str) -> None:
        self._fault(pointer, FaultCode.WRONG_TYPE, f"Give {wanted}.")

    def _fault(self, pointer: str, code: FaultCode, detail: str) -> None:
        self.faults.append(Fault(pointer, code.value, detail))


_TYPES = tuple(QuestionType)
_OPS = tuple(Op)
_OPTIONAL_OF_QUESTION = (
    "feature",
    "required",
    "show_if",
    "scale",
    "choices",
    "rows",
    "min",
    "max",
    "unit",
    "max_length",
)


def _spoken(**fields: object) -> Json:
    return {name: value for name, value in fields.items() if value is not None and value is not False and value != []}


def _attribute_out(attribute: Attribute) -> Json:
    return {
        **_spoken(key=attribute.key, label=_text_out(attribute.label)),
        "values": [
            value.key if value.label is None else {"key": value.key, "label": _text_out(value.label)}
            for value in attribute.values
        ],
    }


def _question_out(question: Question) -> Json:
    return _spoken(
        key=question.key,
        type=question.type.value,
        text=_text_out(question.text),
        feature=question.feature,
        required=question.required,
        show_if=question.show_if and _condition_out(question.show_if),
        scale=question.scale and {"min": question.scale.min, "max": question.scale.max},
        choices=[
            _spoken(key=choice.key, label=_text_out(choice.label), exclusive=choice.exclusive)
            for choice in question.choices
        ],
        rows=[{"key": row.key, "label": _text_out(row.label)} for row in question.rows],
        min=question.min,
        max=question.max,
        unit=question.unit,
        max_length=question.max_length,
    )


def _condition_out(condition: Condition) -> Json:
    match condition:
        case Comparison(question, op, value):
            written = {"question": question, "op": op.value}
            if value is None:
                return dict(written)
            return {**written, "value": list(value) if isinstance(value, tuple) else value}
        case AllOf(conditions):
            return {"all": [_condition_out(part) for part in conditions]}
        case AnyOf(conditions):
            return {"any": [_condition_out(part) for part in conditions]}
        case Not(inner):
            return {"not": _condition_out(inner)}


def _text_out(text: Text | None) -> str | dict[str, str] | None:
    return text if text is None or isinstance(text, str) else dict(text)
