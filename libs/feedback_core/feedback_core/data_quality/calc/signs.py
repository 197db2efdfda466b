"""Signs of careless answering, measured of many responses to one version at once."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from feedback_core.data_quality.types import (
    InclusionRule,
    ItemSet,
    MeasuredPart,
    Measurement,
    OutlierBasis,
    ResponsePart,
    VersionBasis,
    VersionItems,
)
from feedback_core.responses.quality.calc import (
    AnswerDistribution,
    CompletionSpeed,
    answer_strings,
    even_odd_inconsistency,
    plain_text,
)
from feedback_core.responses.quality.types import FlagKind

# A share of fewer questions is a matter of one or two of them.
LEAST_QUESTIONS = 4
TEXT, VECTOR = "same_text", "same_answers"
_FINGERPRINT_BYTES = 16


def measure_part(part: ResponsePart, rule: InclusionRule, basis: VersionBasis) -> MeasuredPart:
    """Every sign of every response, but for what only the database can tell: whether it said the same before.

    Args:
        part: at least one response.
        rule: its thresholds and scales.
        basis: what the responses are held against.
    """
    measured = [
        _straight_lining(part, rule),
        _speeding(part, rule, basis),
        _respondent_again(part, rule),
        _inconsistent(part, rule),
        _outlier(part, basis.outliers),
        _missing_items(part, rule),
    ]
    return MeasuredPart(part, rule, [one for one in measured if one is not None], _fingerprints(part, rule))


def _straight_lining(part: ResponsePart, rule: InclusionRule) -> Measurement | None:
    """The largest share of a matrix that one run of equal answers fills.

    In a matrix without reversed rows a line can be meant: whoever is content with everything answers so.
    """
    thresholds = rule.thresholds
    reversed_items = {name for one in part.items.sets for name in one.reversed}
    shares, keys = [], []
    for key, places in part.items.grids.items():
        has_reversed = any(part.items.items[place].name in reversed_items for place in places)
        if len(places) >= thresholds.straight_line_items and (has_reversed or thresholds.unreversed_grids):
            grid = part.answers[:, list(places)]
            longest = np.where(np.isnan(grid).all(axis=1), 0, answer_strings(grid).longest)
            shares.append(longest / len(places))
            keys.append(key)
    if not shares:
        return None
    table = np.column_stack(shares)
    worst = table.argmax(axis=1)
    values = table[np.arange(len(worst)), worst]
    flagged = values >= thresholds.straight_line_share
    return _measurement(
        FlagKind.STRAIGHT_LINING, [keys[at] for at in worst.tolist()], values, thresholds.straight_line_share, flagged
    )


def _speeding(part: ResponsePart, rule: InclusionRule, basis: VersionBasis) -> Measurement:
    """Seconds, below the greater of a share of the median and so many seconds per answer."""
    share, each = rule.thresholds.speed_share_of_median, rule.thresholds.speed_seconds_per_answer
    seconds = np.where(part.seconds >= 0.0, part.seconds, np.nan)
    medians = np.array([basis.median_seconds.get(method, np.nan) for method in part.methods], dtype=float)
    beside_others = np.zeros(len(seconds), dtype=bool)
    for method, median in basis.median_seconds.items():
        of_method = np.array([one == method for one in part.methods], dtype=bool)
        beside_others |= of_method & CompletionSpeed(seconds, median).below_share_of_median(share)
    by_length = each * part.answered
    thresholds = np.fmax(share * medians, by_length)
    flagged = beside_others | (seconds < by_length)
    signs = ["below_median" if found else "seconds_per_answer" for found in beside_others.tolist()]
    return Measurement(FlagKind.SPEEDING, signs, seconds, thresholds, flagged)


def _respondent_again(part: ResponsePart, rule: InclusionRule) -> Measurement:
    """Seconds to an earlier response of the same respondent."""
    window = float(rule.thresholds.duplicate_window_seconds)
    values = part.seconds_to_other
    return _measurement(FlagKind.DUPLICATE, ["same_respondent"] * len(values), values, window, values < window)


def _inconsistent(part: ResponsePart, rule: InclusionRule) -> Measurement | None:
    sets = [one for one in part.items.sets if len(one.items) > 1]
    if len(sets) < max(2, rule.thresholds.inconsistency_scales):
        return None
    turned = np.hstack([turned_answers(part.items, part.answers, one) for one in sets])
    found = even_odd_inconsistency(turned, [len(one.items) for one in sets])
    values = np.array([np.nan if value is None else value for value in found], dtype=float)
    cut = rule.thresholds.inconsistency
    return _measurement(FlagKind.INCONSISTENT, ["even_odd"] * len(values), values, cut, values > cut)


def turned_answers(items: VersionItems, answers: NDArray[np.float64], one: ItemSet) -> NDArray[np.float64]:
    """The answers to a set of items, reversed ones turned round, shape (responses, items of the set)."""
    places = items.places(one.items)
    columns = answers[:, places].copy()
    for column, (place, name) in enumerate(zip(places, one.items, strict=True)):
        if name in one.reversed:
            columns[:, column] = items.items[place].low + items.items[place].high - columns[:, column]
    return columns


def _outlier(part: ResponsePart, basis: OutlierBasis | None) -> Measurement | None:
    if basis is None or not {item.name for item in part.items.items}.issuperset(basis.items):
        return None
    distribution = AnswerDistribution(np.array(basis.means), np.array(basis.inverse), basis.cut, basis.n)
    values = distribution.squared_distances(part.answers[:, part.items.places(basis.items)])
    return _measurement(FlagKind.OUTLIER, ["squared_distance"] * len(values), values, basis.cut, values > basis.cut)


def _missing_items(part: ResponsePart, rule: InclusionRule) -> Measurement:
    """The share of questions put that has no answer; whoever broke off says so by the response's status."""
    measured = part.complete & (part.questions >= LEAST_QUESTIONS)
    values = np.where(measured, part.unanswered / np.maximum(part.questions, 1), np.nan)
    cut = rule.thresholds.missing_share
    return _measurement(FlagKind.MISSING_ITEMS, ["questions"] * len(values), values, cut, values > cut)


def _fingerprints(part: ResponsePart, rule: InclusionRule) -> list[list[tuple[str, bytes]]]:
    shortest = rule.thresholds.duplicate_text_length
    found = []
    for texts, vector in zip(part.texts, part.vectors, strict=True):
        long = (plain for text in texts if len(plain := plain_text(text)) >= shortest)
        prints = [(TEXT, _fingerprint(TEXT, plain.encode())) for plain in dict.fromkeys(long)]
        found.append(prints if vector is None else [*prints, (VECTOR, _fingerprint(VECTOR, vector))])
    return found


def _fingerprint(purpose: str, content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_FINGERPRINT_BYTES, person=purpose.encode()).digest()


def _measurement(
    kind: FlagKind, signs: Sequence[str], values: NDArray[np.float64], threshold: float, flagged: NDArray[np.bool_]
) -> Measurement:
    return Measurement(kind, signs, values, np.full(len(values), threshold), flagged)
