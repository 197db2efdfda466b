"""From a JSON value to the cell that it is."""

import json

from feedback_core.kit.tabular.types import Cell


def cell_of(value: object) -> Cell:
    """The cell that a JSON value is; an array is several texts, and an object one that no single value takes."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, list):
        return tuple(str(cell_of(part)) for part in value)
    if isinstance(value, dict):
        return (json.dumps(value),)
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)
