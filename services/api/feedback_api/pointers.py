"""Where in a request a fault is, from where Pydantic says that it is."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pydantic_core import ErrorDetails

Steps: TypeAlias = tuple[int | str, ...]


def pointer_to(error: ErrorDetails, body: object) -> str:
    """JSON pointer to the field of the body, or ``/query/…``, ``/path/…``, ``/header/…``."""
    place, *path = error["loc"]
    steps: Steps = (place, *path)
    if place == "body":
        steps = _in_document(path, body, is_absent=error["type"] == "missing")
    if error["type"].startswith("union_tag_"):
        # The fault is in the field that tells the branches apart, or in its absence.
        steps = (*steps, str(error["ctx"]["discriminator"]).strip("'"))
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def _in_document(path: Sequence[int | str], document: object, *, is_absent: bool) -> Steps:
    """The steps of a path that lead through the document; the others are Pydantic's names of branches of a union.

    Such a name can also be the name of a field, so every way is followed and the longest taken; of two as long, the one
    that ends where the path ends.
    """
    reached: dict[Steps, object] = {(): document}
    for number, step in enumerate(path, start=1):
        is_last = number == len(path)
        for steps, place in tuple(reached.items()):
            if isinstance(place, Mapping) and (step in place or (is_absent and is_last)):
                reached[(*steps, step)] = place.get(step)
            elif isinstance(place, list) and isinstance(step, int) and step < len(place):
                reached[(*steps, step)] = place[step]
    return max(reached, key=lambda steps: (len(steps), steps[-1:] == tuple(path[-1:])))
