"""Comments made up for tests: each theme has words of its own, mixed with words that all share."""

import numpy as np

THEMES = {
    "waiting": "waited queue hours slow waiting late appointment delay long clock",
    "staff": "nurse friendly polite kind smile receptionist caring team helpful doctor",
    "parking": "parking car space permit meter ticket garage street vehicle barrier",
    "food": "lunch meal cold soup menu kitchen tasty breakfast portions vegetarian",
}
_SHARED = "we came again today and there was something about it as usual here this week"


def made_up(each: int, *, seed: int = 5, themes: tuple[str, ...] = tuple(THEMES)) -> tuple[list[str], list[str]]:
    """Comments and the theme of each, ``each`` of a theme."""
    rng = np.random.default_rng(seed)
    texts, truth = [], []
    for theme in themes:
        for _ in range(each):
            words = [
                *rng.choice(THEMES[theme].split(), 4, replace=False),
                *rng.choice(_SHARED.split(), 3, replace=False),
            ]
            texts.append(" ".join(rng.permutation(words).tolist()))
            truth.append(theme)
    return texts, truth
