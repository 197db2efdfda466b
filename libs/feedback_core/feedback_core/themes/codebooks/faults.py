"""Everything that is wrong with a codebook."""

from collections import Counter
from collections.abc import Collection, Iterator

from feedback_core.kit.errors import Fault
from feedback_core.themes.codebooks.matching import ANY_ENDING, never_holds, words_in
from feedback_core.themes.codebooks.types import MOST_WORDS, Codebook, Rule

# Shorter beginnings would find half of the words of a language.
_SHORTEST_BEGINNING = 3
_LISTS = ("any", "all", "none")


def faults_of(codebook: Codebook, features: Collection[str]) -> list[Fault]:
    """Everything that is wrong with a codebook, in itself and against the features that the organisation has."""
    found = [*_named_twice(codebook)]
    for i, theme in enumerate(codebook.themes):
        place = f"/themes/{i}"
        if theme.feature is not None and theme.feature not in features:
            detail = f"There is no feature {theme.feature}: create it first, or leave the link out."
            found.append(Fault(f"{place}/feature", "unknown_feature", detail))
        seen: dict[Rule, int] = {}
        for j, rule in enumerate(theme.rules):
            here = f"{place}/rules/{j}"
            if rule in seen:
                detail = f"It says what rule {seen[rule]} of the theme says already; leave one out."
                found.append(Fault(here, "named_twice", detail))
            seen.setdefault(rule, j)
            found += list(_rule(rule, here))
    return found


def _named_twice(codebook: Codebook) -> Iterator[Fault]:
    for name, values in (
        ("key", [theme.key for theme in codebook.themes]),
        ("label", [theme.label.casefold() for theme in codebook.themes]),
    ):
        times = Counter(values)
        for i, value in enumerate(values):
            if times[value] > 1 and values.index(value) != i:
                detail = f"Another theme has this {name} already; coders could not tell them apart."
                yield Fault(f"/themes/{i}/{name}", "named_twice", detail)


def _rule(rule: Rule, place: str) -> Iterator[Fault]:
    if not rule.any and not rule.all:
        detail = "Say which words it looks for, in any or in all; without them it would hold for every other comment."
        yield Fault(place, "empty_rule", detail)
        return
    terms = [fault for name in _LISTS for fault in _terms(getattr(rule, name), f"{place}/{name}")]
    yield from terms
    contradiction = None if terms else never_holds(rule)
    if contradiction is not None:
        detail = f"It asks for “{contradiction}” and forbids a part of that, so it can never hold."
        yield Fault(f"{place}/none", "rule_never_holds", detail)


def _terms(terms: tuple[str, ...], place: str) -> Iterator[Fault]:
    seen: set[tuple[str, ...]] = set()
    for k, term in enumerate(terms):
        words = words_in(term)
        if not words:
            yield Fault(f"{place}/{k}", "no_word", "There is no word in it; signs and spaces are not looked for.")
        elif ANY_ENDING in term.replace("* ", " ").removesuffix(ANY_ENDING):
            detail = "A * stands only at the end of a word, and for any ending of it: wait*."
            yield Fault(f"{place}/{k}", "misplaced_wildcard", detail)
        elif any(word.endswith(ANY_ENDING) and len(word) <= _SHORTEST_BEGINNING for word in words):
            detail = f"Give at least {_SHORTEST_BEGINNING} letters before a *; fewer begin too many words."
            yield Fault(f"{place}/{k}", "beginning_too_short", detail)
        elif len(words) > MOST_WORDS and not _unspaced(term):
            yield Fault(f"{place}/{k}", "too_many_words", f"A term has at most {MOST_WORDS} words.")
        elif words in seen:
            yield Fault(f"{place}/{k}", "named_twice", "The same words stand in this list already.")
        seen.add(words)


def _unspaced(term: str) -> bool:
    """Whether a term is written without blanks: there every sign counts as a word."""
    return len(term.split()) <= MOST_WORDS
