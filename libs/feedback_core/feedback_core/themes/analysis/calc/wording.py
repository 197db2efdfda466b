"""What an analysis of themes says in one sentence."""

from collections.abc import Sequence

from feedback_core.kit.estimates import Estimate
from feedback_core.themes.analysis.types import Source, ThemeFinding

_SAID_BY = {Source.RULES: "by rules", Source.HAND: "by hand", Source.MODEL: "by a model"}


def sentence_of(
    themes: Sequence[ThemeFinding], *, respondents: int, comments: int, source: Source | None, figure: str | None
) -> str:
    """How many speak of what most, what has changed most, and who scores otherwise.

    Args:
        themes: as they are shown.
        respondents: who commented.
        comments: that they gave.
        source: whose coding it is; ``None`` without a codebook.
        figure: name of the KPI inside a sentence.
    """
    begun = f"{respondents} respondents gave {comments} comments"
    shown = sorted((theme for theme in themes if theme.share), key=lambda theme: -_value(theme))
    if source is None:
        return f"{begun}; the survey has no codebook yet, so nothing says what they speak of."
    if not shown:
        return f"{begun}; no theme was given to enough of them to be shown."
    first = shown[0]
    assert first.share is not None
    said = [
        f"{begun}; coded {_SAID_BY[source]}, {_percent(first.share)} speak of {first.label}, more than of any other"
    ]
    if len(shown) == 1:
        said = [f"{begun}; coded {_SAID_BY[source]}, {_percent(first.share)} speak of {first.label}"]
    changed = [theme for theme in shown if theme.trend and theme.trend.direction in {"rising", "falling"}]
    if changed:
        most = max(changed, key=_change)
        assert most.trend is not None
        went = "rose" if most.trend.direction == "rising" else "fell"
        by = f" by {abs(100 * most.trend.change.difference):.0f} points" if most.trend.change else ""
        said.append(f"the share of {most.label} {went}{by} from the earlier to the later half of the time")
    apart = [theme for theme in shown if theme.score and theme.score.differ and theme.score.comparison]
    if apart and figure:
        most = max(apart, key=_difference)
        assert most.score is not None
        assert most.score.comparison is not None
        lower = "lower" if most.score.comparison.difference < 0 else "higher"
        said.append(f"{figure} of those who speak of {most.label} is {lower} than that of the others")
    return "; ".join(said) + "."


def _change(theme: ThemeFinding) -> float:
    change = theme.trend.change if theme.trend else None
    return abs(change.difference) if change else 0.0


def _difference(theme: ThemeFinding) -> float:
    comparison = theme.score.comparison if theme.score else None
    return abs(comparison.difference) if comparison else 0.0


def _value(theme: ThemeFinding) -> float:
    return theme.share.value if theme.share else 0.0


def _percent(share: Estimate) -> str:
    if share.interval is None:
        return f"{100 * share.value:.0f} %"
    return f"{100 * share.value:.0f} % ({100 * share.interval.low:.0f} to {100 * share.interval.high:.0f} %)"
