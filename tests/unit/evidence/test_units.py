"""What the units ask for: every criterion of their documents, and no kind of record that nothing asks for."""

from feedback_core.reports.portfolios.finders import FINDERS
from feedback_core.reports.portfolios.kinds import RecordKind
from feedback_core.reports.portfolios.types import UnitKey
from feedback_core.reports.portfolios.units import UNITS


def numbered(letter: str, *counts: int) -> list[str]:
    """Keys of criteria that are numbered by part."""
    return [f"{letter}{part}.{number}" for part, count in enumerate(counts, start=1) for number in range(1, count + 1)]


def test_every_criterion_of_the_documents_is_there_in_their_order() -> None:
    keys = {unit.key: [criterion.key for criterion in unit.criteria] for unit in UNITS.values()}

    assert keys == {
        UnitKey.GATHER: [*numbered("G", 6, 5, 6, 10), "G-ev"],
        UnitKey.REVIEW: [*numbered("R", 3, 6, 8), *(f"R-ev.{number}" for number in range(1, 7))],
        UnitKey.OBTAIN: [
            *(f"O-LO{number}" for number in range(1, 6)),
            *(f"O-AC{number}" for number in range(1, 6)),
            *(f"O-AG{number}" for number in range(1, 5)),
            *(f"O-CM{number}" for number in range(1, 6)),
        ],
        UnitKey.MANAGE: [*numbered("M", 2, 5, 1, 3, 4), "M-ev"],
    }


def test_every_criterion_asks_for_something_in_words_that_no_other_has() -> None:
    titles = [criterion.title for unit in UNITS.values() for criterion in unit.criteria]

    assert len(titles) == len(set(titles))
    for unit in UNITS.values():
        for criterion in unit.criteria:
            assert criterion.needs, criterion.key
            for need in criterion.needs:
                assert need.words, criterion.key
                assert len(need.kinds) == len(set(need.kinds)), criterion.key


def test_every_kind_of_record_counts_for_something() -> None:
    counting = {kind for unit in UNITS.values() for criterion in unit.criteria for kind in criterion.kinds}

    assert set(RecordKind) - counting == set()


def test_every_kind_has_a_folder_and_a_finder_of_its_own() -> None:
    assert len({kind.folder for kind in RecordKind}) == len(RecordKind)
    assert len(set(FINDERS.values())) == len(FINDERS)
    assert len(FINDERS) > 30
