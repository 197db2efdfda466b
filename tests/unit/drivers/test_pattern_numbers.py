"""Patterns of answers as whole numbers: nothing is lost on the way there and back."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.drivers.queries import AskedQuestion, _blocks, _decoded, _factors

questions = st.lists(
    st.tuples(st.integers(-1000, 1000), st.integers(1, 100)).map(
        lambda ends: AskedQuestion("q", None, ends[0], ends[0] + ends[1])
    ),
    min_size=1,
    max_size=41,
)


@given(questions, st.integers(0, 2**32 - 1))
def test_the_number_of_a_pattern_names_its_answers(asked: list[AskedQuestion], seed: int) -> None:
    rng = np.random.default_rng(seed)
    blocks = _blocks(asked)
    assert [question for block in blocks for question in block] == asked
    for block in blocks:
        answers = np.array([[rng.integers(q.low, q.high + 1) for q in block] for _ in range(20)])
        answers[0] = [q.low for q in block]
        answers[1] = [q.high for q in block]
        numbers = [
            sum((int(answer) - q.low) * factor for answer, q, factor in zip(row, block, _factors(block), strict=True))
            for row in answers
        ]

        assert max(numbers) < 2**63
        assert (_decoded(np.array(numbers, dtype=np.int64), block) == answers).all()


def test_seven_ratings_need_one_number() -> None:
    assert len(_blocks([AskedQuestion(f"q{i}", None, 0, 10) for i in range(7)])) == 1
