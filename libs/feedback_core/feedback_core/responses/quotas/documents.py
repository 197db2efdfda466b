"""Quotas as they are kept: JSON, and back."""

from collections.abc import Mapping, Sequence
from typing import Any

from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.quotas.types import AnswerIs, Cell, Others, Quota, WhenFull


def quotas_to_json(quotas: Sequence[Quota]) -> list[dict[str, object]]:
    """For the database."""
    return [
        {
            "key": quota.key,
            "name": quota.name,
            "when_full": quota.when_full.value,
            "others": quota.others.value,
            "count_partials": quota.count_partials,
            "cells": [_cell_to_json(cell) for cell in quota.cells],
        }
        for quota in quotas
    ]


def quotas_from_json(document: Sequence[Mapping[str, Any]]) -> tuple[Quota, ...]:
    """From the database."""
    return tuple(
        Quota(
            key=quota["key"],
            name=quota["name"],
            cells=tuple(_cell_from_json(cell) for cell in quota["cells"]),
            when_full=WhenFull(quota["when_full"]),
            others=Others(quota["others"]),
            count_partials=quota["count_partials"],
        )
        for quota in document
    )


def _cell_to_json(cell: Cell) -> dict[str, object]:
    return {
        "key": cell.key,
        "label": cell.label,
        "target": cell.target,
        "attributes": {key: list(values) for key, values in cell.attributes.items()},
        "methods": [method.value for method in cell.methods],
        "answers": {
            key: {"any_of": list(asked.any_of), "at_least": asked.at_least, "at_most": asked.at_most}
            for key, asked in cell.answers.items()
        },
    }


def _cell_from_json(cell: Mapping[str, Any]) -> Cell:
    return Cell(
        key=cell["key"],
        label=cell["label"],
        target=cell["target"],
        attributes={key: tuple(values) for key, values in cell["attributes"].items()},
        methods=tuple(CollectionMethod(method) for method in cell["methods"]),
        answers={
            key: AnswerIs(tuple(asked["any_of"]), asked["at_least"], asked["at_most"])
            for key, asked in cell["answers"].items()
        },
    )
