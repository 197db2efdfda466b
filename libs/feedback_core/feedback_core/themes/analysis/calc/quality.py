"""How right a source of codes is, where hand coding tells."""

from collections.abc import Collection, Mapping, Sequence

from feedback_core.kit.errors import NotEstimable
from feedback_core.themes.analysis.types import Example, ThemeQuality
from feedback_core.themes.codings.calc.coder_agreement import cohen_kappa
from feedback_core.themes.codings.types import SettledCoding
from feedback_core.themes.types import CodingAccuracy

_GIVEN, _NOT_GIVEN = "given", "not given"


def rule_quality(
    given: Mapping[Example, Collection[str]],
    settled: Sequence[SettledCoding],
    since: Mapping[str, int],
    themes: Collection[str],
    *,
    level: float,
) -> tuple[ThemeQuality, ...]:
    """Rules against hand coding, theme by theme.

    Args:
        given: what the rules gave to comments.
        settled: what holds of comments by hand.
        since: of each theme, the version from which on coders knew it.
        themes: that have rules.
        level: of the intervals.
    """
    both = [
        (coding, given[example])
        for coding in settled
        if (example := Example(coding.comment.response_id, coding.comment.question)) in given
    ]
    return tuple(
        _quality(
            theme,
            [
                (theme in coding.themes, theme in found)
                for coding, found in both
                if coding.codebook_version >= since[theme]
            ],
            level,
        )
        for theme in themes
    )


def model_quality(accuracy: CodingAccuracy) -> tuple[ThemeQuality, ...]:
    """A model's cross-validated accuracy, theme by theme."""
    return tuple(
        ThemeQuality(
            theme=theme.theme,
            n=accuracy.n,
            examples=theme.examples,
            precision=theme.precision,
            recall=theme.recall,
            f1=theme.f1,
            kappa=theme.kappa,
            interval=None,
        )
        for theme in accuracy.themes
    )


def _quality(theme: str, pairs: Sequence[tuple[bool, bool]], level: float) -> ThemeQuality:
    """``pairs``: whether each comment has the theme by hand, and by rule."""
    right = sum(truth and found for truth, found in pairs)
    examples = sum(truth for truth, _ in pairs)
    given = sum(found for _, found in pairs)
    kappa, interval = None, None
    try:
        agreed = cohen_kappa([_code(truth) for truth, _ in pairs], [_code(found) for _, found in pairs], level=level)
        kappa, interval = agreed.kappa, agreed.interval
    except NotEstimable:
        pass
    return ThemeQuality(
        theme=theme,
        n=len(pairs),
        examples=examples,
        precision=right / given if given else None,
        recall=right / examples if examples else None,
        f1=2 * right / (given + examples) if given + examples else None,
        kappa=kappa,
        interval=interval,
    )


def _code(given: bool) -> str:
    return _GIVEN if given else _NOT_GIVEN
