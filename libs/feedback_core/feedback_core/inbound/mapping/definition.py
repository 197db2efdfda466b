"""Faults of a mapping, held against the survey that it is for: everything that can be known before a delivery comes."""

import re
from collections.abc import Iterator
from typing import Final

from feedback_core.inbound.mapping.expressions import ExpressionInvalid, compile_expression
from feedback_core.inbound.mapping.types import FetchRule, FieldMapping, InboundMapping, MappingFault, Within
from feedback_core.kit.errors import Fault
from feedback_core.kit.pointers import step
from feedback_core.kit.tabular.types import ImportFormat
from feedback_core.responses.imports.mapping import find_mapping_faults
from feedback_core.responses.imports.times import DIRECTIVES, UnknownDateFormat, local_times
from feedback_core.responses.imports.types import ColumnMapping, ImportFault, ImportMapping, Target
from feedback_core.surveys.types import PublishedSurvey

_PARAMETER: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_COLUMNS: Final = "/mapping/columns"
_REWORDED: Final = {ImportFault.NO_QUESTION.value: "Map at least one field to a question."}


def as_import(mapping: InboundMapping) -> ImportMapping:
    """The same as a mapping of columns: a field is the column that is named by its pointer, ``/fields/3``."""
    return ImportMapping(
        format=ImportFormat.NDJSON,
        columns=tuple(
            ColumnMapping(
                to=field.to,
                column=f"/fields/{number}",
                key=field.key,
                item=field.item,
                values=field.values,
                blank=field.blank,
                separator=field.separator,
                match=field.match,
                date_format=field.date_format,
            )
            for number, field in enumerate(mapping.fields)
        ),
        constants=mapping.constants,
        date_format=mapping.date_format,
        time_zone=mapping.time_zone,
        confidentiality=mapping.confidentiality,
    )


def find_faults(mapping: InboundMapping, survey: PublishedSurvey) -> list[Fault]:
    """Everything wrong with a mapping, with pointers from the mapping: ``/fields/3/key``."""
    faults = [_reworded(fault) for fault in find_mapping_faults(as_import(mapping), survey)]
    for number, field in enumerate(mapping.fields):
        faults += [fault.under(f"/fields/{number}") for fault in _field_faults(field, mapping)]
    faults += _rule_faults(mapping)
    return faults


def _reworded(fault: Fault) -> Fault:
    """A fault of the mapping of columns, as one of the mapping of fields."""
    pointer = fault.pointer
    if pointer.startswith(_COLUMNS):
        pointer = "/fields" + pointer.removeprefix(_COLUMNS)
    return Fault(pointer.removeprefix("/mapping"), fault.code, _REWORDED.get(fault.code, fault.detail))


def _field_faults(field: FieldMapping, mapping: InboundMapping) -> Iterator[Fault]:
    yield from _expression_faults("/path", field.path)
    if field.to is Target.IGNORE:
        yield _fault("/to", ImportFault.OPTION_NOT_OF_TARGET, "What is not mapped is passed over: leave the field out.")
    if field.within is Within.FETCHED and mapping.fetch is None:
        yield _fault("/within", MappingFault.NOTHING_FETCHED, "Say under fetch what is to be fetched.")


def _rule_faults(mapping: InboundMapping) -> Iterator[Fault]:
    for name in ("when", "items"):
        yield from _expression_faults(f"/{name}", getattr(mapping, name))
    if mapping.occurred_at is not None:
        occurred = mapping.occurred_at
        yield from _expression_faults("/occurred_at/path", occurred.path)
        if occurred.date_format is not None:
            yield from _format_faults("/occurred_at/date_format", occurred.date_format)
        if occurred.within is Within.FETCHED:
            detail = "The time is that of the notice: read it in the item or the payload."
            yield _fault("/occurred_at/within", MappingFault.NOTHING_FETCHED, detail)
    if mapping.erasure is not None:
        by = ("external_id", "respondent_id", "respondent_email")
        for name in ("when", *by):
            yield from _expression_faults(f"/erasure/{name}", getattr(mapping.erasure, name))
        if all(getattr(mapping.erasure, name) is None for name in by):
            yield _fault("/erasure", MappingFault.NOTHING_TO_ERASE_BY, f"Give at least one of: {', '.join(by)}.")
    if mapping.fetch is not None:
        yield from _fetch_faults(mapping.fetch)


def _fetch_faults(fetch: FetchRule) -> Iterator[Fault]:
    for name, path in fetch.parameters.items():
        pointer = f"/fetch/parameters{step(name)}"
        if not _PARAMETER.fullmatch(name):
            yield _fault(pointer, MappingFault.UNKNOWN_PARAMETER, "Name it with small letters, digits and underscores.")
        yield from _expression_faults(pointer, path)
    if not fetch.parameters:
        yield _fault("/fetch/parameters", MappingFault.PARAMETER_MISSING, "Say by what the rest is to be fetched.")


def _expression_faults(pointer: str, text: str | None) -> Iterator[Fault]:
    if text is None:
        return
    try:
        compile_expression(text)
    except ExpressionInvalid as wrong:
        yield _fault(pointer, MappingFault.INVALID_EXPRESSION, str(wrong))


def _format_faults(pointer: str, date_format: str) -> Iterator[Fault]:
    try:
        local_times(date_format)
    except UnknownDateFormat as wrong:
        detail = f'{wrong} Give "iso", "unix", "unix_ms", or a pattern of {DIRECTIVES}.'
        yield _fault(pointer, ImportFault.UNKNOWN_DATE_FORMAT, detail)


def _fault(pointer: str, code: ImportFault | MappingFault, detail: str) -> Fault:
    return Fault(pointer, code.value, detail)
