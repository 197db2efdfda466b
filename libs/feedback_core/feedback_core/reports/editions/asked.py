"""What was asked, whom we heard, and whom not."""

from feedback_core.bias.types import CategoryComposition, Representation
from feedback_core.reports.editions.making import Making
from feedback_core.reports.editions.wording import day, ended, level_in_words, listed, measure_in_words
from feedback_core.reports.model import Block, Column, Nature, Points, Section, SectionKey, Table, Words

_NAMED = 6
_NO_FRAME = (
    "No description of all customers was given to hold the answers against: nobody knows whether those who answered "
    "stand for those who did not."
)


def asked(making: Making) -> Section:
    """The questions, word for word, and the time."""
    survey, parameters = making.source.survey, making.source.parameters
    begin = "from the beginning" if parameters.start is None else f"from {day(parameters.start)}"
    end = f"to {day(making.source.outcome.as_of)}" if parameters.end is None else f"until {day(parameters.end)}"
    kpis = dict.fromkeys(feature.review.kpi for feature in making.features)
    told = f"The survey is version {survey.version} of “{survey.title}”; answers {begin} {end}."
    blocks: list[Block] = []
    if making.profile.questions:
        blocks += [Words(told, Nature.FACT), _questions(making)]
    else:
        names = dict.fromkeys(feature.review.feature_name for feature in making.features)
        blocks.append(Words(f"{told} It asks about {listed(list(names))}.", Nature.FACT))
    blocks.append(Points(tuple(f"{kpi.upper()}: {measure_in_words(kpi)}." for kpi in kpis)))
    return Section(SectionKey.ASKED, tuple(blocks))


def heard(making: Making) -> Section:
    """How many answered, and in which groups."""
    answered = [feature.review.figure.n for feature in making.features if feature.review.figure is not None]
    if answered:
        fewest, most = min(answered), max(answered)
        counted = f"{most:,} people" if fewest == most else f"{fewest:,} to {most:,} people"
        told = f"{counted} answered {'the question' if len(answered) == 1 else 'each of the questions'}."
    else:
        told = "Too few answered for any figure to be shown."
    blocks: list[Block] = [Words(told, Nature.FACT)]
    table = _composition(making) if making.profile.composition else None
    if table is not None:
        blocks.append(table)
    return Section(SectionKey.HEARD, tuple(blocks))


def not_heard(making: Making) -> Section:
    """Who is missing, as far as that can be known."""
    known = [f.review.sampling_bias.bias for f in making.features if f.review.sampling_bias is not None]
    if not known:
        reasons = dict.fromkeys(f.review.sampling_bias_reason for f in making.features if f.review.sampling_bias_reason)
        told = [] if making.source.parameters.frame is None else [ended(reason) for reason in reasons]
        return Section(SectionKey.NOT_HEARD, (Words(" ".join(told) or _NO_FRAME, Nature.FACT),))
    missing: dict[tuple[str, str], CategoryComposition] = {}
    for bias in known:
        for group in bias.by_gap:
            if group.representation is Representation.UNDER:
                worst = missing.get((group.attribute, group.category))
                if worst is None or group.gap < worst.gap:
                    missing[group.attribute, group.category] = group
    blocks: list[Block] = []
    if missing:
        worst_first = sorted(missing.values(), key=lambda group: group.gap)[:_NAMED]
        told = [_missing(making, group) for group in worst_first]
        blocks += [Words("Fewer of these groups answered than there are customers of them:", Nature.FACT)]
        blocks += [Points(tuple(told), Nature.FACT)]
    else:
        blocks += [Words("No group that we can tell apart is clearly missing among those who answered.", Nature.FACT)]
    blocks.append(Points(tuple(dict.fromkeys(limit for bias in known for limit in bias.cannot_tell))))
    return Section(SectionKey.NOT_HEARD, tuple(blocks))


def _missing(making: Making, group: CategoryComposition) -> str:
    name = _group(making, group)
    return f"{name}: {group.share:.0%} of those who answered, {group.frame_share:.0%} of all customers."


def _group(making: Making, group: CategoryComposition) -> str:
    labels = making.source.survey.attributes
    attribute = labels.get(group.attribute, group.attribute)
    return f"{attribute} {labels.get(f'{group.attribute}={group.category}', group.category)}"


def _composition(making: Making) -> Table | None:
    found = next((f for f in making.features if f.review.sampling_bias is not None), None)
    if found is None or found.review.sampling_bias is None:
        return None
    labels = making.source.survey.attributes
    rows = tuple(
        (
            _group(making, category),
            category.n,
            category.share,
            category.frame_share,
            {"over": "more than", "under": "fewer than"}.get(category.representation.value, "as many as"),
        )
        for margin in found.review.sampling_bias.bias.margins
        for category in margin.categories
    )
    names = listed([labels.get(m.attribute, m.attribute) for m in found.review.sampling_bias.bias.margins])
    return Table(
        "composition",
        f"Who answered about {found.review.feature_name}, by {names}",
        (
            Column("group", "Group", "Attribute and value", is_quoted=True),
            Column("answers", "Answers", "People of the group who answered"),
            Column("share", "Share of answers", "Of those whose group is known", is_share=True),
            Column("frame_share", "Share of customers", "Of all customers, as the frame says", is_share=True),
            Column("against_frame", "Than expected", "Whether the gap is large and more than chance"),
        ),
        rows,
        Nature.FACT,
    )


def _questions(making: Making) -> Table:
    return Table(
        "questions",
        "The questions, word for word",
        (
            Column("feature", "About", "Feature of the service that the question is about", is_quoted=True),
            Column("question_text", "Question", "As customers read it", is_quoted=True),
        ),
        tuple((making.name(feature), feature.question_text) for feature in making.features),
        Nature.FACT,
    )


def certainty_words(making: Making) -> str:
    """What an interval means."""
    level = level_in_words(making.level)
    return (
        f"Each figure stands with its range: ranges made like these hold the true figure of all those who could have "
        f"answered in {level} of cases. A wide range means that few answered."
    )
