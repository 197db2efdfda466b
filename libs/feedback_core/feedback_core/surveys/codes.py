"""Codes of everything that can be wrong with a questionnaire or a response to it: stable, in one place."""

from enum import StrEnum
from typing import Self


class FaultCode(StrEnum):
    """A stable code, with what it means."""

    meaning: str

    def __new__(cls, code: str, meaning: str) -> Self:
        """A member: the code is its value."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member

    # The document of a questionnaire cannot be read.
    MISSING_FIELD = "missing_field", "A field that must be there is not."
    UNKNOWN_FIELD = "unknown_field", "There is no field of this name here."
    UNKNOWN_TYPE = "unknown_type", "There is no question type of this name."
    UNKNOWN_OP = "unknown_op", "There is no comparison of this name."
    UNREADABLE_CONDITION = "unreadable_condition", "A condition is neither a comparison nor all, any or not."

    # Keys and texts.
    INVALID_KEY = "invalid_key", "A key has characters or a length that keys may not have."
    RESERVED_KEY = "reserved_key", "The key names something that every response already has."
    DUPLICATE_KEY = "duplicate_key", "The key is already taken by an earlier item of the same list."
    INVALID_LANGUAGE = "invalid_language", "The language is not a BCP 47 tag."
    MISSING_LANGUAGE = "missing_language", "A text lacks the language of the survey."
    EMPTY_TEXT = "empty_text", "A text has no words."
    NUL_CHARACTER = "nul_character", "A text holds the character U+0000, which cannot be stored."
    LONE_SURROGATE = "lone_surrogate", "A text holds half a surrogate pair, which is not Unicode text."

    # What a questionnaire holds.
    NO_QUESTIONS = "no_questions", "The questionnaire asks nothing."
    TOO_MANY_QUESTIONS = "too_many_questions", "The questionnaire has more questions than may be asked."
    NO_VALUES = "no_values", "An attribute declares no value."
    TOO_MANY_VALUES = "too_many_values", "An attribute declares more values than may be counted by."
    FIELD_NOT_OF_TYPE = "field_not_of_type", "The field does not belong to this type of question."
    MISSING_SCALE = "missing_scale", "The question needs a scale and has none."
    SCALE_EMPTY = "scale_empty", "The scale's min is not below its max."
    SCALE_TOO_LONG = "scale_too_long", "The scale has more points than a scale may have."
    SCALE_OUT_OF_RANGE = "scale_out_of_range", "An end of the scale is too large a number."
    NPS_SCALE = "nps_scale", "NPS is asked on 0 to 10 and on no other scale."
    TOO_FEW_CHOICES = "too_few_choices", "The question offers fewer choices than one can choose from."
    TOO_MANY_CHOICES = "too_many_choices", "The question offers more choices, or rows, than it may."
    NO_ROWS = "no_rows", "The matrix has no rows."
    EXCLUSIVE_NOT_OF_TYPE = "exclusive_not_of_type", "Only a multiple choice can have an exclusive choice."
    LIMIT_OUT_OF_RANGE = "limit_out_of_range", "A limit is not a number that may be a limit."
    MIN_ABOVE_MAX = "min_above_max", "The least value is above the greatest."

    # Conditions.
    NOT_EARLIER = "not_earlier", "A condition asks about its own question or a later one."
    OP_NOT_OF_TYPE = "op_not_of_type", "The comparison has no meaning for this type of question."
    MISSING_VALUE = "missing_value", "The comparison needs a value."
    UNEXPECTED_VALUE = "unexpected_value", "The comparison takes no value."
    EMPTY_CONDITION = "empty_condition", "A list of conditions is empty."
    CONDITION_TOO_LARGE = "condition_too_large", "The condition is nested too deep or has too many comparisons."
    NEVER_TRUE = "never_true", "No answers make the condition true."

    # What contradicts an earlier version.
    TYPE_CHANGED = "type_changed", "An earlier version asks the question of this key with another type."
    SCALE_CHANGED = "scale_changed", "An earlier version asks the question of this key on another scale."
    UNIT_CHANGED = "unit_changed", "An earlier version asks for the number of this key in another unit."

    # Answers, attributes, and the values that conditions compare with.
    UNKNOWN_QUESTION = "unknown_question", "There is no question with this key."
    NOT_SHOWN = "not_shown", "The question is not put to a respondent with these answers."
    ANSWER_REQUIRED = "answer_required", "A complete response answers this question."
    WRONG_TYPE = "wrong_type", "The value is not of the JSON type that belongs here."
    OFF_SCALE = "off_scale", "The number is not a point of the scale."
    OUT_OF_RANGE = "out_of_range", "The number or date is outside its limits."
    NOT_A_DATE = "not_a_date", "The text is not a calendar date YYYY-MM-DD."
    UNKNOWN_CHOICE = "unknown_choice", "The question has no choice with this key."
    DUPLICATE_CHOICE = "duplicate_choice", "The same choice is named twice."
    EXCLUSIVE_CHOICE = "exclusive_choice", "A choice that excludes all others is named with others."
    UNKNOWN_ROW = "unknown_row", "The matrix has no row with this key."
    TOO_LONG = "too_long", "The text is longer than the question allows."
    UNKNOWN_ATTRIBUTE = "unknown_attribute", "The questionnaire declares no attribute with this key."
    UNKNOWN_VALUE = "unknown_value", "The attribute does not declare this value."
