"""Themes suggested from comments that nobody has coded."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SuggestedTheme:
    """Comments that speak of the same thing.

    Attributes:
        terms: its most characteristic words and pairs of words, as customers write them, the most telling first.
        size: comments in it.
        share: of the comments that were considered, 0..1.
        members: indices of these comments in the order given; the most central first.
        representative: indices of comments that show what it is about: central, neither short nor long, not alike.
        coherence: mean similarity (cosine, 0..1) of its comments to their centre.
        stability: how far resamples of the comments find it again (mean Jaccard similarity, 0..1).
    """

    terms: tuple[str, ...]
    size: int
    share: float
    members: tuple[int, ...]
    representative: tuple[int, ...]
    coherence: float
    stability: float

    @property
    def name(self) -> str:
        """A first name for it, from its terms."""
        return ", ".join(self.terms[:3])


@dataclass(frozen=True, slots=True)
class SuggestedThemes:
    """What a set of comments seems to be about.

    Attributes:
        themes: largest first; a comment is in at most one.
        n: comments that were considered.
        left_out: comments without a word that could tell.
        covered: share of the considered comments that are in a theme, 0..1.
        not_offered: groups that resamples did not find again, that are too small, or that no word sets apart.
        warnings: what a reader must be told, a sentence each.
    """

    themes: tuple[SuggestedTheme, ...]
    n: int
    left_out: int
    covered: float
    not_offered: int
    warnings: tuple[str, ...] = ()
