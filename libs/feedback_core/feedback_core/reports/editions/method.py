"""How an edition was made: what it stands on, what was withheld, by which methods."""

from feedback_core.reports.editions.making import Making
from feedback_core.reports.editions.wording import level_in_words, listed
from feedback_core.reports.model import Block, DataCut, Points, Section, SectionKey, Words

_NATURES = (
    "“What customers said” is opinion, with its range. “Observed fact” was counted or measured. “Our judgement” is "
    "what we conclude or decide from both."
)


def method(making: Making, cut: DataCut) -> Section:
    """Method note, data cut and what was withheld."""
    source, parameters = making.source, making.source.parameters
    points = [
        f"Figures from fewer than {source.minimum_cell_size} people are withheld, in every format.",
        f"Ranges are {level_in_words(parameters.level)} intervals ({_methods(making)}).",
        _weighting(making),
    ]
    if making.profile.methods:
        points.append(f"Courses are tested in periods of a {parameters.bucket.value}, trend and change together.")
        libraries = [f"{name} {version}" for name, version in sorted(source.run.libraries.items())]
        points.append(f"Calculated with {listed(libraries)}.")
    if making.profile.only_agreed:
        cut_words = f"Data as of {cut.as_of:%Y-%m-%d %H:%M} UTC; fingerprint {cut.result_sha256}."
    else:
        cut_words = (
            f"Data cut: review {cut.run_id}, data {cut.data_version}, read {cut.read_at:%Y-%m-%d %H:%M:%S} UTC, "
            f"SHA-256 of the result {cut.result_sha256}."
        )
    blocks: list[Block] = [Words(_NATURES), Points(tuple(points)), Words(cut_words)]
    if cut.themes_run_id is not None and not making.profile.only_agreed and making.profile.themes:
        blocks.append(Words(f"Comments: analysis {cut.themes_run_id}, SHA-256 {cut.themes_sha256}."))
    if cut.effect_run_ids and not making.profile.only_agreed:
        blocks.append(Words(f"Effects of actions: analyses {listed([str(run_id) for run_id in cut.effect_run_ids])}."))
    return Section(SectionKey.METHOD, tuple(blocks))


def _methods(making: Making) -> str:
    used = dict.fromkeys(
        feature.review.figure.interval.method.replace("_", " ")
        for feature in making.features
        if feature.review.figure is not None and feature.review.figure.interval is not None
    )
    return listed(list(used)) or "none could be made"


def _weighting(making: Making) -> str:
    if making.source.parameters.weighting is not None:
        return f"Figures are weighted by the scheme “{making.source.parameters.weighting}”."
    if making.source.parameters.frame is not None:
        return "Figures are those of the people who answered; the frame tells whom they stand for."
    return "Figures are not weighted: they are those of the people who answered."
