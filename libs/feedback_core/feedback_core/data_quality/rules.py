"""Whether an inclusion rule contradicts itself or its survey."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from feedback_core.data_quality.items import scale_items
from feedback_core.data_quality.types import InclusionRule, ItemScale, ScaleItem
from feedback_core.kit.errors import Fault
from feedback_core.surveys.types import Questionnaire


def faults_of(rule: InclusionRule, questionnaire: Questionnaire) -> list[Fault]:
    """Everything wrong with a rule, with pointers from its document."""
    return [*_counting_faults(rule), *scale_faults(rule.scales, questionnaire)]


def scale_faults(scales: Sequence[ItemScale], questionnaire: Questionnaire) -> list[Fault]:
    """Everything wrong with sets of items, with pointers that begin with ``/scales``."""
    known = {item.name: item for item in scale_items(questionnaire)}
    faults: list[Fault] = []
    keys: set[str] = set()
    for number, scale in enumerate(scales):
        pointer = f"/scales/{number}"
        if scale.key in keys:
            faults.append(Fault(f"{pointer}/key", "named_twice", f"Another scale is called {scale.key}."))
        keys.add(scale.key)
        faults += _item_faults(pointer, scale, known)
    return faults


def _counting_faults(rule: InclusionRule) -> Iterator[Fault]:
    for number, kind in enumerate(rule.kinds):
        if kind in rule.kinds[:number]:
            yield Fault(f"/kinds/{number}", "named_twice", f"The sign {kind} is named twice.")
    if rule.at_least > len(set(rule.kinds)):
        detail = f"Only {len(set(rule.kinds))} signs count, so no response can show {rule.at_least}."
        yield Fault("/at_least", "out_of_order", detail)


def _item_faults(pointer: str, scale: ItemScale, known: Mapping[str, ScaleItem]) -> Iterator[Fault]:
    named = Counter(scale.items)
    for number, name in enumerate(scale.items):
        if name not in known:
            detail = f"Items on scales of this survey: {', '.join(known) or 'none'}."
            yield Fault(f"{pointer}/items/{number}", "unknown_question", detail)
        elif named[name] > 1 and name in scale.items[:number]:
            yield Fault(f"{pointer}/items/{number}", "named_twice", f"The item {name} is named twice.")
    for number, name in enumerate(scale.reversed):
        if name not in named:
            yield Fault(f"{pointer}/reversed/{number}", "unknown_question", "Name one of the items of this scale.")
        elif name in scale.reversed[:number]:
            yield Fault(f"{pointer}/reversed/{number}", "named_twice", f"The item {name} is named twice.")
    ends = {(known[name].low, known[name].high) for name in scale.items if name in known}
    if len(ends) > 1:
        detail = "Its items are answered on different scales, so their sum means nothing: split it."
        yield Fault(f"{pointer}/items", "mixed_scales", detail)
