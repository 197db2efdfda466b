"""Which findings become recommendations, and how they rank."""

from dataclasses import replace

from feedback_core.recommendations.calc import Course, FeatureFinding, MeasuredFigure, Representation, candidates
from feedback_core.recommendations.types import Confidence, RecommendationKind

GOOD = MeasuredFigure("csat", 0.82, 0.79, 0.85, 600, 1.0)
POOR = MeasuredFigure("csat", 0.41, 0.37, 0.45, 600, 1.0)
BELIEVED = Representation(usable=True, as_is=True, missing=(), sentence="The sample resembles the frame.")
ONE_SIDED = Representation(
    usable=False, as_is=False, missing=("region north (20 points too few)",), sentence="Not usable."
)


def finding(feature: str, figure: MeasuredFigure | None, **more: object) -> FeatureFinding:
    base = FeatureFinding(f"/features/{feature}", feature, feature, feature, figure, None, None, BELIEVED)
    return replace(base, **more)  # type: ignore[arg-type]


def test_a_feature_below_all_others_is_to_be_improved() -> None:
    (found,) = candidates([finding("wait", POOR), finding("staff", GOOD), finding("place", GOOD)])

    assert (found.kind, found.feature_key, found.confidence) == (RecommendationKind.IMPROVE, "wait", Confidence.HIGH)
    assert found.gap is not None
    assert round(found.gap, 3) == 0.41
    assert found.priority_reason == ("Gap 0.410 of the range of csat × 1.0 for high confidence = 0.410. Ranks 1 of 1.")


def test_a_gap_within_sampling_error_is_no_recommendation() -> None:
    wide = replace(POOR, low=0.2, high=0.8)

    assert candidates([finding("wait", wide), finding("staff", GOOD)]) == []
    assert candidates([finding("wait", wide, target=0.7)]) == []


def test_a_figure_below_its_target_is_to_be_improved() -> None:
    (found,) = candidates([finding("wait", POOR, target=0.7)])

    assert found.gap is not None
    assert round(found.gap, 2) == 0.29
    assert "below the target of 0.70" in found.rationale


def test_a_decline_counts_more_than_a_standing_gap() -> None:
    falling = Course(worsening=0.2, sentence="It fell by 0.20 in March.")
    worse, standing = candidates(
        [finding("wait", POOR, target=0.7, course=falling), finding("staff", POOR, target=0.7)]
    )

    assert (worse.feature_key, standing.feature_key) == ("wait", "staff")
    assert worse.priority == standing.priority * 1.25


def test_nothing_is_recommended_from_a_sample_that_cannot_stand_for_the_frame() -> None:
    (found,) = candidates([finding("wait", POOR, target=0.7, representation=ONE_SIDED)])

    assert found.kind is RecommendationKind.ASK_BETTER
    assert "region north" in found.rationale
    assert found.gap is None


def test_nothing_is_recommended_from_a_withheld_figure() -> None:
    (found,) = candidates([finding("wait", None, target=0.7)])

    assert found.kind is RecommendationKind.ASK_BETTER
    assert found.evidence


def test_without_a_frame_confidence_is_medium_and_says_so() -> None:
    (found,) = candidates([finding("wait", POOR, target=0.7, representation=None)])

    assert found.confidence is Confidence.MEDIUM
    assert any("No frame" in piece.statement for piece in found.evidence)


def test_two_questions_about_one_feature_make_one_recommendation() -> None:
    worst = replace(POOR, value=0.3, low=0.28, high=0.32)
    found = candidates([finding("wait", POOR, target=0.7), finding("wait", worst, target=0.7, question="wait_phone")])

    assert len(found) == 1
    assert found[0].gap is not None
    assert round(found[0].gap, 2) == 0.4
