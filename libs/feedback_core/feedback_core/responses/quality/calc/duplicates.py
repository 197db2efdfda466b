"""Answers that came twice: from one sender within a window of time, or in the same words."""

import re
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

_SHORTEST = 20
_SPACE = re.compile(r"\s+")


def repeated_senders(senders: Sequence[Hashable | None], seconds: ArrayLike, *, window: float) -> NDArray[np.bool_]:
    """Whether a response follows another one of the same sender by less than ``window`` seconds.

    Of a chain of responses each within the window of the one before, only the first is not flagged.

    Args:
        senders: customer or device of each response; ``None`` where unknown, which is never flagged.
        seconds: time of each response on any one clock, shape (n,).
        window: seconds, above 0.

    Raises:
        ValueError: the lengths differ, a time is not finite, or ``window`` is not above 0.
    """
    times = np.asarray(seconds, dtype=float)
    if times.shape != (len(senders),):
        raise ValueError(f"seconds: shape {times.shape}, expected ({len(senders)},)")
    if not (np.isfinite(times).all() and window > 0.0):
        raise ValueError("times are finite and the window is above 0")
    repeated = np.zeros(times.size, dtype=bool)
    last: dict[Hashable, float] = {}
    for index in np.argsort(times, kind="stable").tolist():
        sender = senders[index]
        if sender is not None:
            now = float(times[index])
            repeated[index] = sender in last and now - last[sender] < window
            last[sender] = now
    return repeated


def repeated_texts(texts: Sequence[str | None], *, shortest: int = _SHORTEST) -> NDArray[np.bool_]:
    """Whether a free text was given before, apart from case, spaces and line breaks.

    Args:
        texts: in the order they came; ``None`` where there is none.
        shortest: characters below which equal texts are no sign of anything ("thank you").
    """
    seen: set[str] = set()
    repeated = np.zeros(len(texts), dtype=bool)
    for index, text in enumerate(texts):
        plain = plain_text(text or "")
        if len(plain) >= shortest:
            repeated[index] = plain in seen
            seen.add(plain)
    return repeated


def plain_text(text: str) -> str:
    """A text without what two writers of the same may differ in: case, spaces and line breaks."""
    return _SPACE.sub(" ", text).strip().casefold()
