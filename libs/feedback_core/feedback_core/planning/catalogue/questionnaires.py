"""Methods in which people answer a questionnaire by themselves."""

from typing import Final

from feedback_core.planning.catalogue.parts import assumed_rate, fair, good, poor, prices, rate, takes, weak_rate
from feedback_core.planning.types.collection import CollectionMethod
from feedback_core.planning.types.methods import Depth, MethodProfile

QUESTIONNAIRES: Final = (
    MethodProfile(
        CollectionMethod.POSTAL_QUESTIONNAIRE,
        name="Postal questionnaire",
        description="A printed questionnaire by letter, with an envelope to send it back.",
        strengths=(
            "Addresses are known of nearly every customer",
            "Time to look things up, and no interviewer to please",
            "Reaches people who are not online",
        ),
        weaknesses=("Weeks until the answers are there", "Printing, postage and typing in", "Few and short comments"),
        depth=Depth.QUANTITATIVE,
        trend=good("The same sheet every time"),
        sensitivity=good("Nobody listens"),
        reach=good("Whoever has an address"),
        is_asked=True,
        rate=rate(
            0.10,
            0.30,
            0.45,
            "people written to, reminder included",
            "Shih & Fan (2008), Field Methods 20:249 (mean of 39 comparisons: 45 %); Sinclair et al. (2012), BMC "
            "Medical "
            "Research Methodology 12:132 (one community survey: 10.5 %)",
            2012,
            "The studies lie far apart; customers of yours are likely between them. The middle is chosen, not "
            "measured.",
        ),
        costs=prices(fixed=50_000, contact=320, complete=110, hours=24, hours_complete=0.05),
        footprints=takes(sheets=6, km=None),
        setup_days=21,
        field_days=42,
    ),
    MethodProfile(
        CollectionMethod.ONLINE_QUESTIONNAIRE,
        name="Online questionnaire",
        description="A questionnaire on a page, to which those chosen are led by whatever way.",
        strengths=(
            "Hardly costs more for more answers",
            "Answers at once, checked as they are given",
            "Routing by answers",
        ),
        weaknesses=(
            "Leaves out who is not online",
            "Broken off easily, so it has to be short",
            "An open link counts nobody who was asked",
        ),
        depth=Depth.BOTH,
        trend=good("The same page every time"),
        sensitivity=good("Nobody listens"),
        reach=fair("Whoever is online and can be told of it"),
        is_asked=True,
        rate=rate(
            0.11,
            0.34,
            0.44,
            "people invited, reminders included",
            "Shih & Fan (2008), Field Methods 20:249 (mean of 39 comparisons: 34 %); Wu, Zhao & Fils-Aime (2022), "
            "Computers "
            "in Human Behavior Reports 7:100206 (mean of published surveys: 44 %); Daikeler, Bosnjak & Lozar Manfreda "
            "(2020), Journal of Survey Statistics and Methodology 8:513 (12 points below other modes)",
            2022,
            "Published surveys do better than those that nobody publishes; unasked-for mail of a firm often stays "
            "below.",
        ),
        costs=prices(fixed=20_000, contact=5, hours=16),
        footprints=takes(),
        setup_days=7,
        field_days=14,
    ),
    MethodProfile(
        CollectionMethod.EMAIL,
        name="E-mail",
        description="Questions in a mail, or a personal link in it, to customers whose address is known.",
        strengths=(
            "Cheap and quick",
            "Each link is one person's, so who was asked is counted",
            "Reminders cost nothing",
        ),
        weaknesses=("Filters and full inboxes", "Addresses go out of date", "Asked too often, people stop answering"),
        depth=Depth.BOTH,
        trend=good("The same mail every time"),
        sensitivity=fair("Nobody listens, but the link knows who answers"),
        reach=fair("Whoever has left an address that still works"),
        is_asked=True,
        rate=rate(
            0.05,
            0.20,
            0.40,
            "people mailed, bounces left out, reminders included",
            "Cook, Heath & Thompson (2000), Educational and Psychological Measurement 60:821 (mean of 68 surveys: "
            "39.6 %, "
            "standard deviation 19.6); Sheehan (2001), Journal of Computer-Mediated Communication 6(2) (falling "
            "since 1986); "
            "Sinclair et al. (2012), BMC Medical Research Methodology 12:132 (one community survey: 4.7 %)",
            2012,
            "Rates of 2000 are of another time: the typical one is a standard deviation below that mean.",
        ),
        costs=prices(fixed=10_000, contact=1, hours=12),
        footprints=takes(),
        setup_days=5,
        field_days=10,
    ),
    MethodProfile(
        CollectionMethod.SMS,
        name="SMS",
        description="One or two questions, or a link, by text message soon after a contact.",
        strengths=("Read within minutes", "Close to what happened", "Numbers stay longer than mail addresses"),
        weaknesses=("Room for one or two questions only", "Each message costs", "Needs consent to be written to"),
        depth=Depth.QUANTITATIVE,
        trend=good("The same message every time"),
        sensitivity=fair("Nobody listens, but the number knows who answers"),
        reach=good("Nearly everybody has a mobile phone"),
        is_asked=True,
        rate=assumed_rate(
            0.05,
            0.12,
            0.30,
            "people sent a message",
            "Text messages raise what invitations by mail reach (Andreadis 2020, Survey Methods: Insights from the "
            "Field); "
            "what they reach alone depends on whom one asks.",
        ),
        costs=prices(fixed=10_000, contact=9, hours=8),
        footprints=takes(),
        setup_days=5,
        field_days=4,
    ),
    MethodProfile(
        CollectionMethod.IN_APP,
        name="In the app",
        description="A question within the app or page while it is used.",
        strengths=("In the moment, about what is on the screen", "No address needed", "Free of charge for each answer"),
        weaknesses=("Hears users only, the frequent ones most", "Interrupts", "Two questions are many"),
        depth=Depth.QUANTITATIVE,
        trend=fair("Changes of the app change who sees it"),
        sensitivity=fair("Nobody listens, but one is signed in"),
        reach=poor("Those who use the app in that time"),
        is_asked=True,
        rate=weak_rate(
            0.03,
            0.13,
            0.25,
            "users to whom it is shown",
            "Apptentive (2017), benchmark for shopping apps: 13 %",
            2017,
            "By a seller of such surveys, of its own customers.",
        ),
        costs=prices(fixed=60_000, hours=24),
        footprints=takes(),
        setup_days=14,
        field_days=14,
    ),
    MethodProfile(
        CollectionMethod.KIOSK,
        name="Kiosk",
        description="Buttons or a screen on the spot, at the exit or the counter.",
        strengths=("On the spot", "By the hour, so staffing shows", "Anonymous"),
        weaknesses=(
            "Children and passers-by press too, some again and again",
            "Who passed and did not press is only counted with a counter at the door",
            "One question, no reasons",
        ),
        depth=Depth.QUANTITATIVE,
        trend=fair("As long as it stands in the same place"),
        sensitivity=good("Anonymous"),
        reach=poor("Those who come by"),
        is_asked=True,
        rate=assumed_rate(0.02, 0.08, 0.20, "people who pass it", "Count those who pass, and enter what it was."),
        costs=prices(fixed=120_000, hours=16),
        footprints=takes(kwh_complete=None),
        setup_days=21,
        field_days=14,
    ),
)
