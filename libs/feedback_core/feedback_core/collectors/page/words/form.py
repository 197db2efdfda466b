"""What the page says beside the survey's own words: one sentence for each thing that can be said."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The sentences of one language; in braces stand the names that are put into them."""

    next: str
    back: str
    send: str
    again: str
    start: str
    language: str
    page_of: str
    required: str
    yes: str
    no: str
    no_answer: str
    choose: str
    several: str
    ranking: str
    scale: str
    at_most: str
    nps_low: str
    nps_high: str

    promise_anonymous: str
    promise_pseudonymous: str
    promise_identified: str
    kept: str
    opt_out: str

    error: str
    problem: str
    required_choice: str
    required_choices: str
    required_words: str
    required_rows: str
    not_a_number: str
    number_between: str
    not_a_point: str
    not_a_date: str
    date_between: str
    too_long: str
    chosen_alone: str
    not_a_place: str
    place_taken_twice: str
    not_possible: str
    changed: str

    end_title: str
    end_text: str
    thanks_title: str
    thanks_text: str
    not_yet_title: str
    not_yet_text: str
    paused_title: str
    paused_text: str
    ended_title: str
    ended_text: str
    answered_title: str
    answered_text: str
    opted_out_title: str
    opted_out_text: str
    link_ended_title: str
    link_ended_text: str
    timed_out_title: str
    timed_out_text: str
    elsewhere_title: str
    elsewhere_text: str
    unknown_title: str
    unknown_text: str
    no_cookie_title: str
    no_cookie_text: str
    refused_title: str
    refused_text: str
    busy_title: str
    busy_text: str
    too_large_title: str
    too_large_text: str
    failed_title: str
    failed_text: str
