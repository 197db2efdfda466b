"""Which findings become recommendations, and how they rank."""

from dataclasses import replace

from feedback_core.recommendations.calc import (
    Course,
    FeatureFinding,
    MeasuredFigure,
    Representation,
    UnmetStandard,
    candidates,
)
from feedback_core.recommendations.types import Confidence, RecommendationKind

GOOD = MeasuredFigure("csat", 0.82, 0.79, 0.85, 600, 1.0)
POOR = MeasuredFigure("csat", 0.41, 0.37, 0.45, 600, 1.0)
BELIEVED = Representation(usable=True, as_is=True, missing=(), sentence="The sample resembles the frame.")
ONE_SIDED = Representation(
    usable=False, as_is=False, missing=("region north (20 points too few)",), sentence="Not usable."
)


def finding(feature: str, figure: MeasuredFigure | None, **more: object) -> FeatureFinding:
    base = FeatureFinding(f"/features/{feature}", feature, feature, feature, figure, None, BELIEVED)
    return replace(base, **more)  # type: ignore[arg-type]


def unmet(key: str = "short_wait", size: float = 0.29, feature: str | None = "wait") -> UnmetStandard:
    said = "A short wait: not met."
    return UnmetStandard("/standards/0", key, "A short wait", size, said, feature, "csat", 0.41, 0.37, 0.45, 600, 0.7)


MISSED: dict[str, object] = {"has_standard": True, "unmet": (unmet(),)}


def test_a_feature_below_all_others_is_to_be_improved() -> None:
    (found,) = candidates([finding("wait", POOR), finding("staff", GOOD), finding("place", GOOD)])

    assert (found.kind, found.feature_key, found.confidence) == (RecommendationKind.IMPROVE, "wait", Confidence.HIGH)
    assert found.gap is not None
    assert round(found.gap, 3) == 0.41
    assert found.priority_reason == ("Gap 0.410 of the range of csat × 1.0 for high confidence = 0.410. Ranks 1 of 1.")


def test_a_share_is_told_in_percent_everywhere_that_a_recommendation_names_it() -> None:
    poor, good = (replace(each, unit="share, 0 to 1") for each in (POOR, GOOD))
    (found,) = candidates([finding("wait", poor), finding("staff", good), finding("place", good)])

    told = "wait: CSAT 41.0% (37.0% to 45.0%, n = 600)"
    assert found.rationale == f"{told} is below every other feature (82.0% on average)."
    assert [piece.statement for piece in found.evidence if piece.pointer.endswith("/figure")] == [f"{told}."]
    assert found.expected_effect is not None
    assert found.expected_effect.derivation.startswith("From 41.0% (37.0% to 45.0%) to 82.0%, which the other features")


def test_a_gap_within_sampling_error_is_no_recommendation() -> None:
    wide = replace(POOR, low=0.2, high=0.8)

    assert candidates([finding("wait", wide), finding("staff", GOOD)]) == []
    assert candidates([finding("wait", wide, has_standard=True)]) == []


def test_a_feature_whose_standard_is_not_met_is_to_be_improved_and_names_it() -> None:
    (found,) = candidates([finding("wait", POOR, **MISSED)])

    assert found.gap is not None
    assert round(found.gap, 2) == 0.29
    assert (found.standard_key, found.rationale) == ("short_wait", "A short wait: not met.")
    assert found.evidence[0].pointer == "/standards/0"


def test_of_several_standards_the_one_furthest_away_is_named() -> None:
    both = (unmet(), unmet("friendly", 0.35))

    (found,) = candidates([finding("wait", POOR, has_standard=True, unmet=both)])

    assert (found.standard_key, found.gap) == ("friendly", 0.35)
    assert [piece.pointer for piece in found.evidence[:2]] == ["/standards/0", "/standards/0"]


def test_a_feature_with_a_standard_need_not_be_as_good_as_the_others() -> None:
    assert candidates([finding("wait", POOR, has_standard=True), finding("staff", GOOD)]) == []


def test_a_standard_about_nothing_that_is_measured_is_a_candidate_by_itself() -> None:
    (found,) = candidates([], [unmet(feature=None)])

    assert (found.subject, found.standard_key) == ("standard:short_wait", "short_wait")
    assert found.priority_reason.startswith("Gap 0.290 of the range of csat × 0.6 for medium confidence = 0.174.")


def test_a_standard_that_another_measure_misses_counts_where_the_feature_itself_is_withheld() -> None:
    (found,) = candidates([finding("wait", None, **MISSED)])

    assert (found.kind, found.standard_key) == (RecommendationKind.IMPROVE, "short_wait")


def test_a_decline_counts_more_than_a_standing_gap() -> None:
    falling = Course(worsening=0.2, sentence="It fell by 0.20 in March.")
    worse, standing = candidates(
        [
            finding("wait", POOR, **MISSED, course=falling),
            finding("staff", POOR, has_standard=True, unmet=(unmet("kind"),)),
        ]
    )

    assert (worse.feature_key, standing.feature_key) == ("wait", "staff")
    assert worse.priority == standing.priority * 1.25


def test_nothing_is_recommended_from_a_sample_that_cannot_stand_for_the_frame() -> None:
    (found,) = candidates([finding("wait", POOR, **MISSED, representation=ONE_SIDED)])

    assert found.kind is RecommendationKind.ASK_BETTER
    assert "region north" in found.rationale
    assert found.gap is None


def test_nothing_is_recommended_from_a_withheld_figure() -> None:
    (found,) = candidates([finding("wait", None, has_standard=True)])

    assert found.kind is RecommendationKind.ASK_BETTER
    assert found.evidence


def test_without_a_frame_confidence_is_medium_and_says_so() -> None:
    (found,) = candidates([finding("wait", POOR, **MISSED, representation=None)])

    assert found.confidence is Confidence.MEDIUM
    assert any("No frame" in piece.statement for piece in found.evidence)


def test_two_questions_about_one_feature_make_one_recommendation() -> None:
    by_phone = {"has_standard": True, "unmet": (unmet("by_phone", 0.4),), "question": "wait_phone"}
    found = candidates([finding("wait", POOR, **MISSED), finding("wait", POOR, **by_phone)])

    assert len(found) == 1
    assert found[0].gap is not None
    assert round(found[0].gap, 2) == 0.4
