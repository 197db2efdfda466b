"""Kinds of record that can stand as evidence, each in words of ours.

A kind is found by the one finder of that name in ``finders``; a kind without one is kept by no capability yet, and a
portfolio says so.
"""

from enum import Enum


class RecordKind(Enum):
    """A kind of record: the folder of its files, its name for a reader, and what one record says."""

    # What is planned.
    METHOD_DECISIONS = ("method_decisions", "Decisions on methods", "Methods compared, the one chosen, and why")
    PLANS = ("plans", "Plans", "A plan of collecting and analysing, with its revisions")
    COSTINGS = ("costings", "Costings", "What a way to collect was reckoned to cost and to bring")
    IMPLEMENTATION_STEPS = ("implementation_steps", "Steps of implementation", "A step, with its money and people")
    SAMPLES = ("samples", "Samples", "A frame and what was drawn from it, with seed and probabilities")
    INTERVIEWS = ("interviews", "Interview guides and sessions", "A guide with prompts, or a session held by it")
    # The service, and what it is held to.
    FEATURES = ("features", "Features of the service", "A feature, with its process, offers, touchpoints and owner")
    PROCESSES = ("processes", "Processes", "A process, its owner, and what its work takes of paper, travel and energy")
    OFFERS = ("offers", "Offers and touchpoints", "An offer, or a place where customers meet the service")
    STANDARDS = ("standards", "Versions of standards", "A standard in plain words, its target, and who agreed to it")
    BENCHMARKS = ("benchmarks", "Benchmarks", "A figure of others, with source, date and comparability")
    PRACTICE_NOTES = ("practice_notes", "Practice notes", "How others do it, with source and date")
    VERDICTS = ("verdicts", "Verdicts on standards", "What a review found of a standard: met, not met, not enough")
    # What is asked, and what came in.
    SURVEY_VERSIONS = ("survey_versions", "Published surveys", "The questionnaire as it was published")
    LINT_WAIVERS = ("lint_waivers", "Findings about questions, left as they are", "The rule, the place, and why")
    CONFIDENTIALITY = ("confidentiality", "Promises to respondents", "What a survey promises about who answered")
    COLLECTION = ("collection", "Responses by survey and method", "How many came in by a method, and when")
    IMPORTS = ("imports", "Imports", "A file of responses that was taken in, line by line accounted for")
    SOURCES = ("sources", "Connected systems", "A system whose deliveries become responses, and what became of them")
    MAPPINGS = ("mappings", "Mappings of deliveries", "How deliveries are read into answers")
    EXPORTS = ("exports", "Exports of responses", "That responses were exported, by whom, with the fingerprint")
    CORRECTIONS = ("corrections", "Exclusions and erasures", "How many responses were set aside, restored, or erased")
    INCLUSION_RULES = ("inclusion_rules", "Rules of inclusion", "When a response is held for careless")
    FIELDWORK = ("fieldwork", "Fieldwork", "What became of those who were invited, against the frame")
    # What is made of it.
    KPI_DEFINITIONS = ("kpi_definitions", "Definitions of KPIs", "What is calculated, fixed in a version")
    WEIGHTING = ("weighting", "Weighting schemes", "To whom figures are weighted, fixed in a version")
    SCHEDULES = ("schedules", "Scheduled analyses", "An analysis that runs by itself")
    TRENDS = ("trends", "Analyses of trends", "A run, and what it found in one sentence")
    BIAS = ("bias", "Analyses of sampling bias", "A run, and what it found in one sentence")
    DRIVERS = ("drivers", "Analyses of drivers", "A run, and what it found in one sentence")
    THEMES = ("themes", "Analyses of themes", "A run, and what it found in one sentence")
    REVIEWS = ("reviews", "Reviews", "A run, and what it found in one sentence")
    EFFECTS = ("effects", "Analyses of effect", "A run, and what it found in one sentence")
    DATA_QUALITY = ("data_quality", "Analyses of data quality", "A run, and what it found in one sentence")
    METHOD_EFFECTIVENESS = (
        "method_effectiveness",
        "Analyses of how methods served",
        "A run, and what it found in one sentence",
    )
    CODEBOOKS = ("codebooks", "Codebooks of themes", "The themes that comments are sorted by, fixed in a version")
    CODINGS = ("codings", "Coding of comments", "How many comments people sorted, by the codebook's version")
    # What follows.
    RECOMMENDATIONS = ("recommendations", "Recommendations", "With evidence, and each decision on it")
    PROCEDURES = ("procedures", "Versions of procedures", "How the organisation decides on recommendations")
    ACTIONS = ("actions", "Actions", "What is done, who agreed, until when, and how it was closed")
    CASE_RULES = ("case_rules", "Rules of cases", "Which responses somebody follows up")
    CASES = ("cases", "Cases", "A follow-up: owner, due, state and outcome; nothing of who or what was said")
    YOU_SAID = ("you_said", "You said, we did", "What was told back to everybody who answered")
    REPORTS = ("reports", "Editions of reports", "What one group was told, with the file as it was kept")
    DISTRIBUTIONS = ("distributions", "Distributions", "How many recipients a report was sent to, and how many saw it")
    REPORT_SCHEDULES = ("report_schedules", "Scheduled reports", "Editions that are written of each new review")
    # How it is kept, and by whom.
    AUDIT = ("audit", "Audit of surveys", "What was tightened, made anonymous, erased, or is kept for how long")
    SUBJECT_REQUESTS = ("subject_requests", "Requests of data subjects", "How many were made and answered in a month")
    # People.
    ROLES = ("roles", "Roles and responsibilities", "A role, to whom it was sent, and who acknowledged it")
    PERFORMANCE_REVIEWS = ("performance_reviews", "Reviews of performance", "Goals, what was found, and the reply")
    CULTURE = ("culture", "Assessments of culture", "What was looked at, and what it says")
    MOTIVATION = ("motivation", "Techniques of motivation", "A technique or strategy, and the standard it serves")

    def __init__(self, folder: str, label: str, says: str) -> None:
        self.folder = folder
        self.label = label
        self.says = says
