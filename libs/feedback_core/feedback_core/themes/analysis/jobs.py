"""The worker's part of an analysis of themes: read what is unread, count, look for what is typical, keep it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from feedback_core.analyses.cuts import cut_of
from feedback_core.analyses.documents import from_document
from feedback_core.analyses.outcomes import keep_outcome, seed_of_request
from feedback_core.analyses.payloads import RunThemes
from feedback_core.analyses.use_cases import get_run, version_now
from feedback_core.jobs.runs import JobRun
from feedback_core.kit.errors import NotEstimable
from feedback_core.themes.analysis.loading import (
    HandCoding,
    Said,
    load_hand_coding,
    load_material,
    load_to_be_modelled,
)
from feedback_core.themes.analysis.outcome import Evidence, themes_of
from feedback_core.themes.analysis.queries import CodedRespondent
from feedback_core.themes.analysis.types import MOST_MODELLED, Example, Source, ThemesParameters
from feedback_core.themes.analysis.use_cases import AskedThemes, settle_themes
from feedback_core.themes.calc.coding_model import CodingModel, learn_coding
from feedback_core.themes.reading.jobs import read_survey

LIBRARIES = ("numpy", "pycld2", "scikit-learn", "scipy", "snowballstemmer", "stop-words")
_STEPS = 3


@dataclass(frozen=True, slots=True)
class Modelled:
    """What a model gave to comments: ``sampled`` of them, where there were more."""

    model: CodingModel
    coded: Sequence[CodedRespondent]
    sampled: int | None


async def run_themes(run: JobRun[RunThemes]) -> None:
    """Make a run of an analysis of themes.

    Raises:
        NotEstimable: too few commented, or nothing was coded by the source asked for.
        Invalid: what was asked for is not there any more, or makes too many periods.
    """
    run_id = run.payload.run_id
    async with run.snapshot() as session:
        analysis = await get_run(session, run.organisation_id, run_id)
    seed = seed_of_request(analysis)
    parameters = from_document(ThemesParameters, analysis.parameters)
    as_of = cut_of(parameters.end, now=run.clock.now())
    await read_survey(run, analysis.survey_id)
    await run.progress(1, _STEPS, "steps")
    async with run.snapshot() as session:
        asked = await settle_themes(session, run.organisation_id, analysis.survey_id, parameters)
        hand = await load_hand_coding(session, asked, parameters.source)
        to_be_modelled: Said = ()
        if parameters.source is Source.MODEL:
            to_be_modelled = await load_to_be_modelled(session, asked, parameters, seed)
    modelled = None
    if parameters.source is Source.MODEL:
        modelled = await run.calculate(model_codes, asked, hand, to_be_modelled, seed=seed)
    coded = modelled.coded if modelled else by_hand(hand) if parameters.source is Source.HAND else None
    async with run.snapshot() as session:
        material = await load_material(session, asked, parameters, coded=coded, seed=seed)
        version = await version_now(session, run.organisation_id, analysis.survey_id, clock=run.clock)
    await run.progress(2, _STEPS, "steps")
    evidence = Evidence(
        hand, material, modelled.model.accuracy if modelled else None, modelled.sampled if modelled else None
    )
    outcome = await run.calculate(themes_of, asked, parameters, evidence, seed=seed, as_of=as_of)
    await run.progress(_STEPS, _STEPS, "steps")
    async with run.completion() as session:
        await keep_outcome(
            session, run, run_id, outcome, sentence=outcome.sentence, libraries=LIBRARIES, version=version
        )


def by_hand(hand: HandCoding) -> list[CodedRespondent]:
    """What people gave to each respondent's comments, all of them together.

    Raises:
        NotEstimable: nothing was coded by hand.
    """
    if not hand.settled:
        raise NotEstimable("Nothing was coded by hand: draw a batch and have it coded, or take the rules.")
    themes: dict[UUID, set[str]] = defaultdict(set)
    versions: dict[UUID, list[int]] = defaultdict(list)
    for coding in hand.settled:
        themes[coding.comment.response_id].update(coding.themes)
        versions[coding.comment.response_id].append(coding.codebook_version)
    return [
        CodedRespondent(response_id, tuple(sorted(given)), min(versions[response_id]))
        for response_id, given in sorted(themes.items())
    ]


def model_codes(asked: AskedThemes, hand: HandCoding, comments: Said, *, seed: int) -> Modelled:
    """What a model that has learnt from hand coding gives to comments; what was coded by hand stays as it was coded.

    Raises:
        NotEstimable: too few comments were coded by hand to learn from.
    """
    assert asked.history is not None
    known = set(asked.history.codebook.keys)
    by_ref = {Example(c.comment.response_id, c.comment.question): c for c in hand.settled}
    learnt = [(ref, by_ref[ref], text) for ref, text in hand.texts.items()]
    learnt.sort(key=lambda one: (one[0].response_id, one[0].question))
    model = learn_coding(
        [text for _, _, text in learnt],
        [[theme for theme in coding.themes if theme in known] for _, coding, _ in learnt],
        rng=np.random.default_rng(seed),
        language=asked.default_language,
        groups=[ref.response_id for ref, _, _ in learnt],
    )
    taken = comments[:MOST_MODELLED]
    suggested = model.suggest([text for _, text in taken]) if taken else ()
    themes: dict[UUID, set[str]] = defaultdict(set)
    for (ref, _), found in zip(taken, suggested, strict=True):
        themes[ref.response_id].update(by_ref[ref].themes if ref in by_ref else [one.theme for one in found])
    version = asked.history.codebook.version
    coded = [CodedRespondent(key, tuple(sorted(given & known)), version) for key, given in sorted(themes.items())]
    return Modelled(model, coded, len(taken) if len(comments) > MOST_MODELLED else None)
