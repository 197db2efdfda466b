"""The criteria that the service must cover, row by row: the one place that says which of them tests drive.

A row is driven by a test in ``tests/integration`` or ``tests/e2e`` whose name begins with its first criterion and has
the others behind it, written with underscores: ``test_R2_5_R_ev_5_6_…``. None is ever taken out of ``ROWS``.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its first criterion as it stands in names of tests, and what it is about."""

    criterion: str
    about: str


ROWS: Final = (
    # Plan
    Row("G1_1", "options for collecting"),
    Row("G1_2", "cost and benefit of each"),
    Row("G1_3", "select and compare methods"),
    Row("O_AC1", "at least two distinct methods"),
    Row("G1_4", "purpose"),
    Row("R1_3", "plan the analysis"),
    Row("R2_4", "adapt plans"),
    Row("R1_1", "features that affect satisfaction"),
    Row("G3_4", "link to offer and processes"),
    Row("M2_1", "sustainable processes"),
    Row("M2_3", "implementation plan, resources"),
    Row("R3_3", "select criteria"),
    Row("M1_1", "standards, stakeholders"),
    Row("M1_2", "best practice in the sector"),
    # Ask
    Row("G4_2", "questionnaire design; leading questions"),
    Row("G1_5", "customer-service focus"),
    Row("G4_1", "random sampling, representative samples"),
    Row("G4_3", "interviewing"),
    Row("G2_1", "use the chosen methods"),
    Row("G2_5", "anonymise"),
    # Watch the collection
    Row("G2_2", "monitor against the frame"),
    Row("G2_3", "focus on service issues"),
    Row("G2_4", "record accurately, structured"),
    Row("O_LO5", "effectiveness of methods"),
    # Analyse
    Row("G3_1", "patterns and trends"),
    Row("G3_2", "calculations, statistical techniques"),
    Row("G4_1_R3_4_bias", "bias in non-random samples"),
    Row("O_subjective", "subjective against measurable"),
    Row("R_ev_4", "quantitative and qualitative"),
    Row("R2_3", "compare with criteria"),
    # Act and tell
    Row("G3_5", "recommendations from findings"),
    Row("G4_9", "organisational procedure"),
    Row("R2_6", "agree actions; follow-through"),
    Row("G3_6", "inform customers, develop the relationship"),
    Row("G3_3", "present understandably"),
    Row("R2_5", "tell three or more groups"),
    Row("R_ev_3", "portfolio"),
    Row("R3_1", "why measure"),
    # People
    Row("M3_1", "roles and responsibilities"),
    Row("M5_3", "employee performance against standards and values"),
    Row("M4_1", "evaluate culture"),
    Row("M4_2", "motivation techniques and strategies"),
)
