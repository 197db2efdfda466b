"""What was found: each feature's figure, its course and its standard; what comments speak of; what is at risk."""

from feedback_core.bias.types import Usability
from feedback_core.charts.types import Chart, Quantity
from feedback_core.kpis.types import Nature as KpiNature
from feedback_core.recommendations.charts import review_charts
from feedback_core.reports.editions.making import Making
from feedback_core.reports.editions.wording import (
    WITHHELD,
    direction,
    ended,
    figure_of,
    listed,
    quantity,
    verdict_in_words,
)
from feedback_core.reports.model import Block, Cell, Column, Nature, Picture, Points, Section, SectionKey, Table, Words
from feedback_core.reports.source import FeatureFact
from feedback_core.standards.types import Verdict

_COLUMNS = {
    "feature": Column("feature", "Feature", "Part of the service that customers judge", is_quoted=True),
    "process": Column("process", "Process", "That produces the feature", is_quoted=True),
    "owner": Column("owner", "Owner", "Who answers for the feature", is_quoted=True),
    "question": Column("question", "Question", "Key of the question, with the row of a matrix"),
    "figure": Column("figure", "Figure", "KPI of those who answered, with its interval and number of answers"),
    "target": Column("target", "Target", "Of the standard that the organisation has agreed for the figure"),
    "verdict": Column("verdict", "Standard", "Met or not only if the interval decides; otherwise not enough evidence"),
    "direction": Column("direction", "Course", "As far as tests over time bear a claim"),
}
_NATURES = {KpiNature.OPINION: "opinion", KpiNature.OBSERVED: "observed fact"}
_SHARE = Quantity("Share of commenters", 0.0, 1.0)


def found(making: Making) -> Section:
    """The features, then what the audience also needs."""
    blocks: list[Block] = [
        Table(
            "features",
            "How customers see each part of the service",
            tuple(_COLUMNS[name] for name in making.profile.features),
            tuple(
                tuple(_cell(making, name, feature) for name in making.profile.features) for feature in making.features
            ),
            Nature.OPINION,
        )
    ]
    sentences = [sentence for feature in making.features if (sentence := _course(making, feature))]
    if sentences and making.profile.courses:
        blocks.append(Points(tuple(sentences), Nature.OPINION))
    blocks += [Picture(chart, Nature.OPINION) for chart in _charts(making)]
    if "verdict" in making.profile.features:
        blocks += _standards(making)
    if making.profile.risks:
        blocks += _risks(making)
    if making.profile.themes:
        blocks += _themes(making)
    return Section(SectionKey.FOUND, tuple(blocks))


def lead(making: Making) -> tuple[str, ...]:
    """The finding before anything else, in a few sentences."""
    shown = [feature for feature in making.features if feature.review.figure is not None]
    names = listed(list(dict.fromkeys(feature.review.feature_name for feature in shown)))
    told = [f"Customers told us about {names}." if shown else "Too few customers answered for a figure to be shown."]
    for state, verb in (("getting worse", "is getting worse"), ("getting better", "is getting better")):
        moved = [making.name(f) for f in shown if direction(f.review) == state]
        if moved:
            told.append(f"{listed(moved)} {verb if len(moved) == 1 else verb.replace('is', 'are', 1)}.")
    if not making.profile.only_agreed:
        missed = [each.name for each in making.standards() if each.verdict is Verdict.NOT_MET]
        if missed:
            told.append(f"Standards not met: {listed(missed)}.")
    silent = [making.name(f) for f in making.features if f.review.figure is None]
    if silent:
        told.append(f"Nothing can be said about {listed(silent)}: {WITHHELD.partition(': ')[2]}.")
    return tuple(told)


def _cell(making: Making, name: str, feature: FeatureFact) -> Cell:
    review = feature.review
    if name == "figure":
        return figure_of(review.figure, quantity(review), f"/features/{feature.place}/figure")
    told: dict[str, Cell] = {
        "feature": making.name(feature),
        "process": feature.process,
        "owner": feature.owner,
        "question": feature.asked,
        "target": None if review.target is None else quantity(review).text(review.target),
        "verdict": verdict_in_words(feature.standard),
        "direction": direction(review),
    }
    return told[name]


def _course(making: Making, feature: FeatureFact) -> str | None:
    review = feature.review
    if review.trend is not None:
        return f"{making.name(feature)}: {ended(review.trend.trend.sentence)}"
    return f"{making.name(feature)}: {ended(review.trend_reason)}" if review.trend_reason else None


def _charts(making: Making) -> list[Chart]:
    """Of the standards where the audience is told of them; the features; and the series of those that moved."""
    profile = making.profile
    shown = {
        "standards": "verdict" in profile.features,
        "features": profile.overviews or not making.standards(),
        "series": profile.series,
    }
    return [chart for chart in review_charts(making.outcome()) if shown[chart.key.partition("_")[0]]]


def _standards(making: Making) -> list[Block]:
    """Every standard with its verdict, and why."""
    rows = tuple(
        (each.name, _NATURES[each.nature], verdict_in_words(each), each.sentence) for each in making.standards()
    )
    columns = (
        Column("standard", "Standard", "As it was agreed", is_quoted=True),
        Column("nature", "Rests on", "Opinion, or observed fact"),
        Column("verdict", "Verdict", "From the interval, never from the figure alone"),
        Column("why", "Why", "The finding, and what it would take where there is not enough evidence", is_quoted=True),
    )
    return [Table("standards", "Held against our standards", columns, rows, Nature.JUDGEMENT)] if rows else []


def _risks(making: Making) -> list[Block]:
    """What these figures cannot bear, and what got worse."""
    told = []
    for feature in making.features:
        review = feature.review
        bias = review.sampling_bias.bias if review.sampling_bias else None
        if direction(review) == "getting worse":
            told.append(f"{making.name(feature)} is getting worse.")
        if bias is not None and bias.state is Usability.NOT_USABLE:
            told.append(f"{making.name(feature)}: those who answered cannot stand for all customers.")
    if making.source.parameters.frame is None and making.source.parameters.weighting is None:
        told.append("Nobody knows whether those who answered stand for all customers: no frame was given.")
    return [Words("Risks", None), Points(tuple(told), Nature.JUDGEMENT)] if told else []


def _themes(making: Making) -> list[Block]:
    """What comments speak of: shares of those who commented, never a comment itself."""
    if making.source.themes is None:
        return []
    outcome = making.source.themes.outcome
    if making.is_of_a_part:
        keys = {feature.review.feature_key for feature in making.features}
        themes = [(place, theme) for place, theme in enumerate(outcome.themes) if theme.feature in keys]
    else:
        themes = list(enumerate(outcome.themes))
    rows = tuple(
        (
            theme.label,
            figure_of(None if theme.withheld else theme.share, _SHARE, f"/themes/{place}/share"),
            "cannot be told" if theme.trend is None else theme.trend.direction,
        )
        for place, theme in themes
    )
    if not rows:
        return []
    columns = (
        Column("theme", "Theme", "Of the survey's codebook", is_quoted=True),
        Column("share", "Spoken of by", "Share of those who commented", is_share=True),
        Column("course", "Course", "Of the share, over time"),
    )
    return [Table("themes", "What customers' comments speak of", columns, rows, Nature.OPINION)]
