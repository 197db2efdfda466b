"""Places and shortfalls: never more taken than there are, and refills that fill."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.quotas.calc import Described, Places
from feedback_core.responses.quotas.shortfalls import find_shortfalls, units_wanted
from feedback_core.responses.quotas.types import AnswerIs, Cell, CellCount, Quota
from feedback_core.sampling.types.samples import DrawnStratum
from feedback_core.surveys.types import ResponseStatus

REGIONS = ("north", "south", "west")


def counted(quotas: list[Quota], taken: int = 0) -> list[CellCount]:
    names = [(quota.key, cell.key) for quota in quotas for cell in quota.cells]
    return [CellCount(UUID(int=place + 1), *name, taken, 0, 0) for place, name in enumerate(names)]


def by_region(*targets: int) -> Quota:
    cells = (Cell(key, key, target, {"region": (key,)}) for key, target in zip(REGIONS, targets, strict=False))
    return Quota("region", "Region", tuple(cells))


def total(target: int) -> Quota:
    return Quota("total", "Total", (Cell("all", "All", target),))


@given(
    st.lists(st.sampled_from(REGIONS), max_size=60),
    st.tuples(st.integers(1, 9), st.integers(1, 9)),
    st.integers(1, 15),
)
def test_no_cell_takes_more_than_its_target_and_nobody_is_turned_away_from_free_places(
    regions: list[str], targets: tuple[int, int], most: int
) -> None:
    quotas = [by_region(*targets), total(most)]
    places = Places(quotas, counted(quotas))
    target = dict(zip([count.id for count in counted(quotas)], [*targets, most], strict=True))
    taken = dict.fromkeys(target, 0)

    for region in regions:
        said = Described({"region": region}, {}, CollectionMethod.SMS)
        verdict = places.decide(ResponseStatus.COMPLETE, said)
        if verdict.status is ResponseStatus.COMPLETE:
            for cell_id in verdict.taken:
                taken[cell_id] += 1
        else:
            assert all(taken[cell_id] == target[cell_id] for cell_id in verdict.full)
        assert all(taken[cell_id] <= target[cell_id] for cell_id in target)


def strata(*population: int) -> list[DrawnStratum]:
    named = zip(REGIONS, population, strict=False)
    return [DrawnStratum({"region": region}, n, n, n, 0) for region, n in named]


@given(
    st.lists(st.integers(1, 30), min_size=3, max_size=3),
    st.integers(0, 30),
    st.floats(0.05, 1.0),
    st.lists(st.integers(1, 1_000), min_size=3, max_size=3),
)
def test_enough_units_come_in_for_every_cell_that_falls_short(
    targets: list[int], taken: int, response: float, population: list[int]
) -> None:
    quotas = [by_region(*targets), total(60)]
    short = find_shortfalls(quotas, counted(quotas, taken), strata(*population), ())

    wanted = units_wanted(short, strata(*population), expected_response=response)

    for each in short:
        assert sum(wanted.get(place, 0) for place in each.strata) >= each.missing / response - 1e-6
    assert {(each.quota, each.cell) for each in short} == {
        (quota.key, cell.key) for quota in quotas for cell in quota.cells if cell.target > taken
    }


def test_a_cell_that_no_stratum_fills_says_why() -> None:
    cells = (
        Cell("low", "Low", 5, answers={"nps": AnswerIs(at_most=6)}),
        Cell("gold", "Gold", 5, {"tier": ("gold",)}),
        Cell("west", "West", 5, {"region": ("west",)}),
        Cell("north", "North", 5, {"region": ("north",)}),
    )
    quotas = [Quota("q", "Q", cells)]

    found = find_shortfalls(quotas, counted(quotas), strata(10, 10), ())

    assert [each.why_not is None for each in found] == [False, False, False, True]
    assert found[3].strata == (0,)
    assert find_shortfalls(quotas, counted(quotas), strata(10, 10), [("q", "north")]) == [found[3]]
