"""Methods in which customers speak up by themselves, or leave a record."""

from typing import Final

from feedback_core.planning.catalogue.parts import fair, good, poor, prices, takes, weak_rate
from feedback_core.planning.types.collection import CollectionMethod
from feedback_core.planning.types.methods import Depth, MethodProfile

RECORDS: Final = (
    MethodProfile(
        CollectionMethod.WARRANTY_RECORD,
        name="Warranty record",
        description="Registration cards, and what was repaired or replaced under warranty.",
        strengths=("What happened, not what is thought", "There already", "Names the product and its age"),
        weaknesses=(
            "Ends with the warranty",
            "Silent about what annoys and does not break",
            "Most cards never come back",
        ),
        depth=Depth.QUANTITATIVE,
        trend=good("Counted the same way every month"),
        sensitivity=good("Nothing is asked"),
        reach=poor("Those who register or claim"),
        is_asked=False,
        rate=weak_rate(
            0.01,
            0.13,
            0.45,
            "buyers who send the registration card",
            "U.S. Consumer Product Safety Commission (2016), on cards of 21 recalled products for children: mean 13 %",
            2016,
            "Of recalled products; cards of others are likely sent less.",
        ),
        costs=prices(hours=16, hours_complete=0.05),
        footprints=takes(sheets=1, km=None),
        setup_days=14,
        field_days=30,
    ),
    MethodProfile(
        CollectionMethod.COMPLAINT_OR_COMPLIMENT,
        name="Complaint or compliment",
        description="What customers write or say to the firm because they want it known.",
        strengths=("Concrete and urgent", "There already", "Each can be put right"),
        weaknesses=(
            "Most who are dissatisfied say nothing and leave",
            "How many complain depends on how easy it is",
            "No share of all customers follows",
        ),
        depth=Depth.QUALITATIVE,
        trend=fair("As long as it stays equally easy to complain"),
        sensitivity=fair("Said because one wants it said"),
        reach=poor("Those who speak up"),
        is_asked=False,
        rate=None,
        costs=prices(hours=8, hours_complete=0.25),
        footprints=takes(km=None, sheets_complete=None),
        setup_days=7,
        field_days=30,
    ),
    MethodProfile(
        CollectionMethod.CRM_TICKET,
        name="CRM ticket",
        description="Requests and their course, as the system of the service desk keeps them.",
        strengths=("All of them, with times", "There already", "Says what it cost to solve"),
        weaknesses=("Words of staff, not of customers", "Those who never ask leave none", "Categories change"),
        depth=Depth.BOTH,
        trend=good("Counted the same way every month"),
        sensitivity=good("Nothing is asked"),
        reach=poor("Those who turn to the service desk"),
        is_asked=False,
        rate=None,
        costs=prices(fixed=20_000, hours=24, hours_complete=0.02),
        footprints=takes(),
        setup_days=14,
        field_days=14,
    ),
)
