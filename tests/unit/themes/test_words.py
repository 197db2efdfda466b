"""Words of a comment: scripts, apostrophes, marks, and whatever else people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.themes.words import LONGEST, normalised, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don\u2019t WAIT 3 hours!!", ("don't", "wait", "hours")),
        ("l\u2019hôtel était très-bien", ("l'hôtel", "était", "très", "bien")),
        ("service\u200b\u00ad lent", ("service", "lent")),
        ("हिन्दी में बहुत अच्छा", ("हिन्दी", "में", "बहुत", "अच्छा")),
        ("خدمة ممتازة", ("خدمة", "ممتازة")),
        ("שלום עולם", ("שלום", "עולם")),
        ("等很久ok", ("等很", "很久", "ok")),
        ("ﬁne \uff37ait", ("fine", "wait")),
        ("👍 123 …", ()),
    ],
)
def test_words_of_a_text(text: str, words: tuple[str, ...]) -> None:
    assert words_of(text) == words


def test_a_pasted_document_is_read_so_far() -> None:
    assert len(words_of("word " * 100_000)) == LONGEST // 5


@given(st.text())
def test_any_text_has_words_that_stay_as_they_are(text: str) -> None:
    for word in words_of(text):
        assert word
        assert word == normalised(word) or normalised(word) == normalised(normalised(word))
