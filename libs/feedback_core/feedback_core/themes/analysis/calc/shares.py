"""Shares of themes, as a whole and by period; what is too small to be shown is withheld."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kpis.calc.periods import buckets_between, day_of, first_instant, next_bucket
from feedback_core.kpis.calc.proportions import proportion_estimate, proportion_interval
from feedback_core.kpis.calc.suppression import suppress_groups
from feedback_core.kpis.types import Bucket, Selection
from feedback_core.themes.analysis.types import LanguageShare, ThemePeriod, ToneShare
from feedback_core.themes.types import Tone

MOST_PERIODS = 1_000


def language_shares(comments: Mapping[str | None, int], *, minimum: int, level: float) -> tuple[LanguageShare, ...]:
    """Share of each language, most frequent first; small ones withheld, and what they could be worked out from."""
    n = sum(comments.values())
    ordered = sorted(comments.items(), key=lambda entry: (-entry[1], entry[0] or ""))
    hidden = suppress_groups(ordered, minimum=minimum).hidden
    return tuple(
        LanguageShare(language, None if language in hidden else proportion_estimate(count, n, level=level))
        for language, count in ordered
    )


def tone_shares(comments: Mapping[Tone, int], *, level: float) -> tuple[ToneShare, ...]:
    """Share of each tone, of the comments whose tone can be told."""
    n = sum(comments.values())
    return tuple(ToneShare(tone, proportion_estimate(comments.get(tone, 0), n, level=level)) for tone in Tone)


def hidden_themes(mentions: Mapping[str, int], uncoded: int, *, minimum: int) -> tuple[frozenset[str], bool]:
    """Themes that are withheld, and whether the share without a theme is.

    A comment may have several themes, so their counts do not add up; where it mostly has one, they nearly do. They are
    therefore treated as if they did: a single small theme never stands alone among shown ones.
    """
    groups: list[tuple[str | None, int]] = [*mentions.items(), (None, uncoded)]
    hidden = suppress_groups(groups, minimum=minimum).hidden
    return frozenset(theme for theme in hidden if theme is not None), None in hidden


def periods_of(found: Sequence[date], selection: Selection, bucket: Bucket, *, as_of: datetime) -> dict[date, bool]:
    """First day of every period that is looked at, and whether the whole of it lies in what was asked for and is past.

    Raises:
        Invalid: that would be more periods than one answer holds.
    """
    if not found:
        return {}
    zone = selection.time_zone
    first = day_of(selection.start, zone) if selection.start else min(found)
    last = max(found)
    if selection.end is not None:
        last = max(last, day_of(min(selection.end, as_of), zone))
    periods: dict[date, bool] = {}
    for start in buckets_between(first, last, bucket):
        begins = first_instant(start, zone)
        ends = first_instant(next_bucket(start, bucket), zone)
        if selection.end is not None and begins >= selection.end:
            break
        periods[start] = (
            (selection.start is None or selection.start <= begins)
            and (selection.end is None or ends <= selection.end)
            and ends <= as_of
        )
        if len(periods) > MOST_PERIODS:
            detail = f"That is more than {MOST_PERIODS} periods: ask for a shorter time or a longer bucket."
            raise Invalid([Fault("/bucket", "too_many_periods", detail)])
    return periods


def theme_series(
    counts: Mapping[date, tuple[int, int]], periods: Mapping[date, bool], *, minimum: int, level: float
) -> tuple[ThemePeriod, ...]:
    """Share of a theme in each period; periods with too few respondents are withheld, and what gives them away.

    Args:
        counts: by period, who speak of the theme, and who were coded.
        periods: all that are looked at, and whether they are complete.
        minimum: fewest respondents of a period that may be shown.
        level: of the intervals.
    """
    sizes = [(start, counts.get(start, (0, 0))[1]) for start in periods]
    hidden = suppress_groups(sizes, minimum=minimum).hidden
    return tuple(
        _period(start, *counts.get(start, (0, 0)), complete=complete, withheld=start in hidden, level=level)
        for start, complete in periods.items()
    )


def _period(start: date, mentions: int, n: int, *, complete: bool, withheld: bool, level: float) -> ThemePeriod:
    if withheld:
        return ThemePeriod(start, None, None, None, None, complete, withheld=True)
    if not n:
        return ThemePeriod(start, 0, None, None, None, complete, withheld=False)
    limits = proportion_interval(mentions, n, level=level)
    return ThemePeriod(start, n, mentions / n, limits.low, limits.high, complete, withheld=False)
