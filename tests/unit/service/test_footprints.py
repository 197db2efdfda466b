"""What processes take for the same work."""

from hypothesis import given
from hypothesis import strategies as st

from feedback_core.service.calc import RESOURCES, compare_footprints
from feedback_core.service.types import Footprint

amounts = st.none() | st.floats(0, 1e6)
footprints = st.none() | st.builds(
    Footprint, unit=st.just("visit"), paper_sheets=amounts, travel_km=amounts, energy_kwh=amounts
)


@given(st.dictionaries(st.sampled_from("abcd"), footprints, min_size=2), st.floats(0.01, 1e4))
def test_the_least_is_less_than_all_others_and_only_told_where_all_are_known(
    found: dict[str, Footprint | None], units: float
) -> None:
    comparison = compare_footprints(found, units)

    for resource in RESOURCES:
        amounts = {use.process: getattr(use, resource) for use in comparison.uses}
        least = comparison.least[resource]
        if least is None:
            known = [amount for amount in amounts.values() if amount is not None]
            assert None in amounts.values() or known.count(min(known)) > 1
        else:
            assert all(amounts[least] < amount for process, amount in amounts.items() if process != least)


def test_amounts_grow_with_the_work() -> None:
    desk = Footprint("visit", paper_sheets=3.0, travel_km=0.0)

    (use,) = compare_footprints({"desk": desk}, 40).uses

    assert (use.paper_sheets, use.travel_km, use.energy_kwh) == (120.0, 0.0, None)


def test_the_sentence_says_what_is_not_known() -> None:
    desk, online = Footprint("visit", 3.0, 0.0, 0.4), Footprint("visit", 0.0, 0.0)

    sentence = compare_footprints({"desk": desk, "online": online}, 1).sentence

    assert sentence == "Least paper: online; not measured: energy of online."
    assert compare_footprints({"desk": desk, "other": desk}, 1).sentence == "None takes clearly least."
