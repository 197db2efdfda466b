"""An analysis of themes, put together from its counts and comments; without any figure of too few people."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.calc.proportions import proportion_estimate
from feedback_core.kpis.use_cases import minimum_of_groups
from feedback_core.kpis.wording import bounds_of, subject_of, title_of
from feedback_core.themes.analysis.calc.changes import theme_trends
from feedback_core.themes.analysis.calc.quality import model_quality, rule_quality
from feedback_core.themes.analysis.calc.scores import theme_scores
from feedback_core.themes.analysis.calc.shares import (
    hidden_themes,
    language_shares,
    periods_of,
    theme_series,
    tone_shares,
)
from feedback_core.themes.analysis.calc.tallies import ThemeTally
from feedback_core.themes.analysis.calc.typical import new_themes, typical_comments
from feedback_core.themes.analysis.calc.wording import sentence_of
from feedback_core.themes.analysis.loading import HandCoding, Material
from feedback_core.themes.analysis.types import (
    Source,
    SourceQuality,
    Suggestions,
    ThemeFinding,
    ThemeQuality,
    ThemesOutcome,
    ThemesParameters,
)
from feedback_core.themes.analysis.use_cases import AskedThemes
from feedback_core.themes.codebooks.types import Theme
from feedback_core.themes.codings.calc.survey_agreement import agreement_of_codings
from feedback_core.themes.types import CodingAccuracy, Tone

_WEAK_KAPPA = 2 / 3
_NO_RULES = "It has no rules, so rules say nothing about it."
_NOT_LEARNT = "Too few comments were coded with it by hand to learn it, or a single word tells as much."


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was read.

    Attributes:
        hand: what people coded.
        material: counts and comments.
        accuracy: of the model; ``None`` for other sources.
        sampled: comments that the model coded, if there were more.
    """

    hand: HandCoding
    material: Material
    accuracy: CodingAccuracy | None
    sampled: int | None


@dataclass(frozen=True, slots=True)
class _Coded:
    """What comes of the codebook."""

    themes: tuple[ThemeFinding, ...]
    coded: int | None
    uncoded: Estimate | None


def themes_of(
    asked: AskedThemes, parameters: ThemesParameters, evidence: Evidence, *, seed: int, as_of: datetime
) -> ThemesOutcome:
    """The analysis.

    Raises:
        NotEstimable: too few commented, or too few are left out by the selection.
        Invalid: it would have too many periods.
    """
    material, minimum, level = evidence.material, asked.organisation.minimum_cell_size, parameters.level
    if material.respondents < minimum or 0 < material.left_out < minimum:
        raise NotEstimable(
            f"Fewer than {minimum} respondents commented, or fewer are left out by the selection; that is too few to "
            "show anything."
        )
    languages: Counter[str | None] = Counter()
    tones: Counter[Tone] = Counter()
    for count in material.comments:
        languages[count.language] += count.n
        if count.tone is not None:
            tones[count.tone] += count.n
    told = sum(tones.values())
    found = _coded(asked, parameters, evidence, as_of=as_of)
    quality = _quality(asked, parameters, evidence, seed) if asked.history else None
    comments = sum(languages.values())
    source = parameters.source if asked.history else None
    target = asked.kpi.target if asked.kpi else None
    return ThemesOutcome(
        questions=asked.questions,
        time_zone=asked.selection.time_zone,
        bucket=parameters.bucket,
        as_of=as_of,
        seed=seed,
        level=level,
        comments=comments,
        respondents=material.respondents,
        coded=found.coded,
        languages=language_shares(languages, minimum=minimum, level=level),
        tones=tone_shares(tones, level=level) if told >= minimum else (),
        tone_known=told if told >= minimum else None,
        codebook_version=asked.history.codebook.version if asked.history else None,
        quality=quality,
        themes=found.themes,
        uncoded=found.uncoded,
        kpi=target.definition.key if target else None,
        kpi_question=target.question_key if target else None,
        unit=target.definition.unit if target else None,
        suggestions=_suggestions(asked, parameters, material, languages, seed),
        sentence=sentence_of(
            found.themes,
            respondents=material.respondents,
            comments=comments,
            source=source,
            figure=subject_of(target) if target else None,
        ),
        warnings=tuple(_warnings(parameters, quality, comments, material.respondents)),
        subject=title_of(target) if target else "",
        bounds=bounds_of(target) if target else (None, None),
    )


def _coded(asked: AskedThemes, parameters: ThemesParameters, evidence: Evidence, *, as_of: datetime) -> _Coded:
    if asked.history is None:
        return _Coded((), None, None)
    minimum, level = asked.organisation.minimum_cell_size, parameters.level
    tally = ThemeTally(evidence.material.counts, asked.history.since, parameters.source)
    n = tally.coded
    if n < minimum:
        raise NotEstimable(f"Fewer than {minimum} respondents' comments were coded; that is too few to show anything.")
    silent = _silent(asked, parameters.source, evidence.accuracy)
    spoken = [theme for theme in asked.history.codebook.themes if theme.key not in silent]
    mentions = {theme.key: tally.mentions(theme.key) for theme in spoken}
    hidden, uncoded_hidden = hidden_themes(mentions, tally.uncoded, minimum=minimum)
    small = {theme.key for theme in spoken if tally.asked(theme.key) < minimum}
    shown = [theme for theme in spoken if theme.key not in hidden | small]
    periods = periods_of(list(tally.periods()), asked.selection, parameters.bucket, as_of=as_of)
    series = {
        theme.key: theme_series(tally.series(theme.key), periods, minimum=minimum, level=level) for theme in shown
    }
    trends = theme_trends(series, level=level)
    scores = {}
    if asked.kpi is not None:
        answers = {theme.key: tally.scores(theme.key) for theme in shown}
        scores = theme_scores(answers, asked.kpi.target, minimum=minimum_of_groups(asked.kpi), level=level)
    findings = []
    for theme in asked.history.codebook.themes:
        if theme not in shown:
            findings.append(_unshown(theme, silent.get(theme.key)))
            continue
        candidates = evidence.material.candidates.get(theme.key, ())
        findings.append(
            ThemeFinding(
                key=theme.key,
                label=theme.label,
                feature=theme.feature,
                withheld=False,
                share=proportion_estimate(mentions[theme.key], tally.asked(theme.key), level=level),
                series=series[theme.key],
                trend=trends[theme.key],
                score=scores.get(theme.key),
                examples=typical_comments(candidates, asked.default_language) if mentions[theme.key] >= minimum else (),
            )
        )
    uncoded = None if uncoded_hidden else proportion_estimate(tally.uncoded, n, level=level)
    return _Coded(tuple(findings), n, uncoded)


def _unshown(theme: Theme, why: str | None) -> ThemeFinding:
    return ThemeFinding(theme.key, theme.label, theme.feature, why is None, None, (), None, None, (), not_coded=why)


def _silent(asked: AskedThemes, source: Source, accuracy: CodingAccuracy | None) -> Mapping[str, str]:
    """Themes about which the source says nothing, and why."""
    assert asked.history is not None
    if source is Source.RULES:
        return {theme.key: _NO_RULES for theme in asked.history.codebook.themes if not theme.rules}
    if accuracy is not None:
        learnt = {theme.theme for theme in accuracy.themes if theme.offered}
        return {key: _NOT_LEARNT for key in asked.history.codebook.keys if key not in learnt}
    return {}


def _quality(asked: AskedThemes, parameters: ThemesParameters, evidence: Evidence, seed: int) -> SourceQuality:
    assert asked.history is not None
    hand, level = evidence.hand, parameters.level
    agreed = agreement_of_codings(hand.codings, asked.history, seed=seed, most=0, level=level)
    themes: tuple[ThemeQuality, ...] = ()
    if evidence.accuracy is not None:
        themes = model_quality(evidence.accuracy)
    elif parameters.source is Source.RULES and hand.settled:
        with_rules = [theme.key for theme in asked.history.codebook.themes if theme.rules]
        themes = rule_quality(hand.rules, hand.settled, asked.history.since, with_rules, level=level)
    return SourceQuality(
        source=parameters.source,
        comments_coded_by_hand=len(hand.settled),
        alpha=agreed.alpha,
        alpha_interval=agreed.alpha_interval,
        verdict=agreed.verdict,
        disputed=agreed.disputed,
        themes=themes,
        sampled=evidence.sampled,
    )


def _suggestions(
    asked: AskedThemes,
    parameters: ThemesParameters,
    material: Material,
    languages: Mapping[str | None, int],
    seed: int,
) -> Suggestions | None:
    if not parameters.suggestions:
        return None
    told = {language: n for language, n in languages.items() if language is not None}
    return new_themes(
        material.unthemed,
        seed=seed,
        minimum=asked.organisation.minimum_cell_size,
        level=parameters.level,
        language=max(told, key=lambda language: (told[language], language)) if told else asked.default_language,
        coded=asked.history is not None and asked.history.codebook.has_rules,
    )


def _warnings(
    parameters: ThemesParameters,
    quality: SourceQuality | None,
    comments: int,
    respondents: int,
) -> Sequence[str]:
    said = []
    if comments > respondents:
        said.append("Some gave several comments: shares of languages and tones count comments, all others respondents.")
    if quality is None:
        return said
    if parameters.source is Source.HAND:
        said.append(
            "Shares are of the comments that were coded by hand; they stand for all if those were drawn at random."
        )
        if quality.alpha is None:
            said.append(
                "No two coders have coded the same comments, so nobody knows how far coding depends on the coder."
            )
        elif quality.verdict != "reliable":
            said.append(f"Coders agree with alpha {quality.alpha:.2f}: conclusions are {quality.verdict}.")
    elif not quality.comments_coded_by_hand:
        said.append("No comment was coded by hand, so nobody knows how right the rules are.")
    weak = [theme.theme for theme in quality.themes if theme.kappa is not None and theme.kappa < _WEAK_KAPPA]
    if weak:
        said.append(f"The {parameters.source} agree little with coders (kappa below .667) about: {', '.join(weak)}.")
    if quality.sampled is not None:
        said.append(f"The model coded {quality.sampled} comments drawn at random; intervals allow for that.")
    return said
