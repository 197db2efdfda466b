"""A frame as a caller gives it: its margins, and what in it contradicts itself, the survey, or who responded."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple

from feedback_core.bias.types import InvitedGroup, Outcomes, Reach, SamplingFrame
from feedback_core.kit.errors import Fault
from feedback_core.kit.pointers import step
from feedback_core.weighting.margins import TOTAL_TOLERANCE
from feedback_core.weighting.schemes import WeightingScheme
from feedback_core.weighting.types import Margin

INVITED, REACH, OUTCOMES = "/frame/invited", "/frame/reach", "/frame/outcomes/dispositions"


def margins_given(frame: SamplingFrame, scheme: WeightingScheme | None) -> Mapping[str, Mapping[str, float]]:
    """What respondents are held against: the margins of the frame, else of the scheme, else of the invited."""
    if frame.margins:
        return frame.margins
    if scheme is not None:
        return scheme.margins or _summed([(cell.categories, cell.count) for cell in scheme.cells or ()])
    return _summed([(group.attributes, group.invited) for group in frame.invited])


def undeclared_in(frame: SamplingFrame, declared: Mapping[str, Sequence[str]]) -> list[Fault]:
    """What of the invited and of the reach the survey does not declare, or the frame says twice or not alike."""
    faults = [*_invited(frame.invited, declared)]
    if frame.reach is not None:
        faults += _reach(frame.reach, declared)
    return faults


def faults_of_frame(frame: SamplingFrame, margins: Sequence[Margin]) -> list[Fault]:
    """Where the parts of a frame contradict each other."""
    faults = [*_more_invited(frame, margins)]
    if frame.outcomes is not None:
        faults += _outcomes(frame.outcomes, sum(group.invited for group in frame.invited))
    return faults


def faults_of_response(
    invited: Sequence[InvitedGroup], responded: Sequence[tuple[Mapping[str, str], int]]
) -> list[Fault]:
    """Where more people responded than were invited, or people whom the invited lack."""
    if not invited:
        return []
    variables = list(invited[0].attributes)
    groups = {tuple(group.attributes[name] for name in variables): index for index, group in enumerate(invited)}
    heard: Counter[tuple[str, ...]] = Counter()
    for attributes, n in responded:
        if all(name in attributes for name in variables):
            heard[tuple(attributes[name] for name in variables)] += n
    faults = []
    for known, n in sorted(heard.items()):
        described = ", ".join(f"{name} {category}" for name, category in zip(variables, known, strict=True))
        if known not in groups:
            detail = f"People of {described} responded, whom the invited lack: add them, or leave an attribute out."
            faults.append(Fault(INVITED, "category_not_in_frame", detail))
        elif n > invited[groups[known]].invited:
            detail = (
                f"More complete responses of {described} are here than people were invited: mend the count, choose the "
                "period of this fieldwork, or let one response of each respondent count."
            )
            faults.append(Fault(f"{INVITED}/{groups[known]}/invited", "more_than_invited", detail))
    return faults


def _summed(cells: Sequence[tuple[Mapping[str, str], float]]) -> dict[str, dict[str, float]]:
    margins: dict[str, dict[str, float]] = defaultdict(dict)
    for categories, count in cells:
        for attribute, category in categories.items():
            margins[attribute][category] = margins[attribute].get(category, 0) + count
    return dict(margins)


def _invited(invited: Sequence[InvitedGroup], declared: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    seen: set[tuple[str, ...]] = set()
    for index, group in enumerate(invited):
        place = f"{INVITED}/{index}"
        if set(group.attributes) != set(invited[0].attributes):
            yield Fault(
                f"{place}/attributes", "attributes_differ", "Every group of the invited names the same attributes."
            )
            continue
        unknown = [*_undeclared(group.attributes, declared, f"{place}/attributes")]
        yield from unknown
        categories = tuple(group.attributes[name] for name in invited[0].attributes)
        if categories in seen and not unknown:
            yield Fault(place, "named_twice", "These categories came before: add the counts up.")
        seen.add(categories)


def _undeclared(categories: Mapping[str, str], declared: Mapping[str, Sequence[str]], place: str) -> Iterator[Fault]:
    for attribute, category in categories.items():
        if attribute not in declared:
            known = ", ".join(declared) or "none"
            yield Fault(place + step(attribute), "unknown_attribute", f"The survey declares these attributes: {known}.")
        elif category not in declared[attribute]:
            detail = f"{attribute} has: {', '.join(declared[attribute])}."
            yield Fault(place + step(attribute), "unknown_value", detail)


def _reach(reach: Reach, declared: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    if reach.attribute not in declared:
        known = ", ".join(declared) or "none"
        yield Fault(f"{REACH}/attribute", "unknown_attribute", f"The survey declares these attributes: {known}.")
        return
    for category in reach.population:
        if category not in declared[reach.attribute]:
            detail = f"{reach.attribute} has: {', '.join(declared[reach.attribute])}."
            yield Fault(f"{REACH}/population{step(category)}", "unknown_value", detail)
    before: Mapping[str, int] = reach.population
    for index, stage in enumerate(reach.stages):
        place = f"{REACH}/stages/{index}/left"
        for category, n in stage.left.items():
            if category not in reach.population:
                yield Fault(place + step(category), "unknown_value", f"The population has no {category}.")
            elif n > before.get(category, 0):
                detail = (
                    f"More people with {category} are left than the {before.get(category, 0)} that there were before."
                )
                yield Fault(place + step(category), "more_left_than_before", detail)
        before = stage.left


def _more_invited(frame: SamplingFrame, margins: Sequence[Margin]) -> Iterator[Fault]:
    """Groups of whom more were invited than there are, by counted margins and by those who can be reached."""
    people = {
        (margin.attribute, category): share * margin.total
        for margin in margins
        if margin.total is not None
        for category, share in zip(margin.categories, margin.shares, strict=True)
    }
    if frame.reach is not None and frame.reach.stages:
        people |= {(frame.reach.attribute, category): n for category, n in frame.reach.stages[-1].left.items()}
    invited = _summed([(group.attributes, group.invited) for group in frame.invited])
    known = {margin.attribute: margin.categories for margin in margins}
    for attribute, counts in invited.items():
        for category, n in counts.items():
            if category not in known.get(attribute, (category,)):
                detail = f"People of {attribute} {category} were invited, whom the margins of the frame lack."
                yield Fault(INVITED, "category_not_in_frame", detail)
            most = people.get((attribute, category))
            if most is not None and n > most * (1 + TOTAL_TOLERANCE):
                detail = (
                    f"{n:,.0f} of {attribute} {category} were invited, and there are {most:,.0f}: mend one of both."
                )
                yield Fault(INVITED, "more_invited_than_people", detail)


def _outcomes(outcomes: Outcomes, invited: int) -> Iterator[Fault]:
    total = sum(astuple(outcomes.dispositions))
    if not total:
        yield Fault(OUTCOMES, "nobody_invited", "Every disposition is 0: count the invitations by what became of them.")
    elif invited and abs(total / invited - 1) > TOTAL_TOLERANCE:
        detail = (
            f"The dispositions count {total:,.10g} invitations, and {invited:,} people were invited: mend one of both."
        )
        yield Fault(OUTCOMES, "totals_contradict", detail)
