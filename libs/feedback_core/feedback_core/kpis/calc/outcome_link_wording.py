"""What an outcome link says in words, and what it cannot say."""

from collections.abc import Sequence
from typing import Final

from feedback_core.kpis.types.outcome_links import OddsRatio, OutcomeGroup, TrendInShares

_ASSOCIATION: Final = (
    "What goes together need not be cause and effect: who is satisfied may differ in other ways, such as how long they "
    "have been customers or what they bought, that bring them back."
)
_SURVIVORS: Final = (
    "Only those who answered are in it: customers who were lost before they were asked, or who did not answer, may "
    "behave otherwise."
)
_ORDER: Final = (
    "Whether the outcome came after the answer is for you to know: an outcome from before it cannot follow from it."
)
_SAID: Final = (
    "The outcome is what respondents said of themselves in the same survey, which agrees with how satisfied they say "
    "they are more than what they do."
)


def cannot_tell(*, recorded: bool) -> tuple[str, ...]:
    """What the link does not show; ``recorded``: the outcome is an attribute, not an answer."""
    told = (_ASSOCIATION, _SURVIVORS, _ORDER)
    return told if recorded else (*told, _SAID)


def sentence_of(
    satisfaction: str,
    outcome: str,
    groups: Sequence[OutcomeGroup],
    tested: TrendInShares | str,
    ratio: OddsRatio | None,
) -> str:
    """The finding; ``tested`` is why it could not be, where it is a text."""
    if isinstance(tested, str):
        return f"Whether {outcome} goes with {satisfaction} cannot be told: {tested}"
    shown = [group for group in groups if group.share is not None]
    ends = f"{_group(shown[0])}, {_group(shown[-1])}" if shown else ""
    p = "p < 0.001" if tested.p_value < 0.001 else f"p = {tested.p_value:.3f}"
    if not tested.shown or tested.rises is None:
        return f"No link of {outcome} with {satisfaction} can be told at n = {tested.n:,} ({p}): {ends}."
    odds = ""
    if ratio is not None:
        limits = f"{ratio.interval.low:.2f} to {ratio.interval.high:.2f}"
        odds = f" The odds among those who answered {' or '.join(ratio.best)} are {ratio.value:.2f} times ({limits})"
        odds += " those of all others."
    moves = "rises" if tested.rises else "falls"
    return f"The share with {outcome} {moves} with {satisfaction} (n = {tested.n:,}, {p}): {ends}.{odds}"


def _group(group: OutcomeGroup) -> str:
    limits = group.interval
    between = "" if limits is None else f" ({limits.low:.1%} to {limits.high:.1%})"
    return f"{group.share:.1%}{between} of those who answered {group.answer}"
