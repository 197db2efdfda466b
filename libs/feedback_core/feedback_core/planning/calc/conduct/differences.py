"""Where two revisions of a plan differ."""

from collections.abc import Iterator, Mapping, Sequence

from feedback_core.planning.types.plan_findings import Difference


def differences_between(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[Difference, ...]:
    """Every place where two documents differ, as deep as it goes; parts that have a key are matched by it."""
    return tuple(_compared("", before, after))


def _compared(path: str, before: object, after: object) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in [*before, *(name for name in after if name not in before)]:
            yield from _compared(f"{path}/{name}", before.get(name), after.get(name))
    elif isinstance(before, list) and isinstance(after, list):
        first, second = _named(before), _named(after)
        if first is None or second is None:
            yield Difference(path, before, after)
        else:
            yield from _compared(path, first, second)
    else:
        yield Difference(path, before, after)


def _named(parts: Sequence[object]) -> dict[str, object] | None:
    """The parts by key; ``None`` where they have none."""
    found: dict[str, object] = {}
    for part in parts:
        if not isinstance(part, Mapping):
            return None
        name = next((str(part[field]) for field in ("key", "method", "name", "title") if field in part), None)
        if name is None or name in found:
            return None
        found[name] = part
    return found
