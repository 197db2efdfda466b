"""The report on real answers."""

from collections.abc import Sequence

from rich.console import Console

from feedback_dev.demo.findings import Bias, GroupShare
from feedback_dev.demo.imports import Imported, Unread
from feedback_dev.demo.real.findings import Nyc311, Row, Sfo2017
from feedback_dev.demo.report import heading, line, number, show, table

_MOST_LISTED = 10


def report_nyc(console: Console, found: Nyc311) -> None:
    """Print what was found at NYC 311."""
    heading(console, "NYC 311, customer satisfaction 2020 to 2024")
    _imported(console, found.imported)
    heading(console, "Language of the questionnaire, as repaired")
    languages = table("", "answers")
    for row in found.languages:
        if row.figure.n is None or row.figure.n > 0:
            languages.add_row(row.label, "withheld" if row.figure.n is None else f"{row.figure.n:,}")
    show(console, languages)
    heading(console, "NPS")
    _rows(console, "", (Row("all", found.nps), *found.nps_by_year))
    _rows(console, "wave", found.nps_by_wave)
    heading(console, "Ratings, 1 to 5")
    ratings = table("", "share of 4 and 5, 95% interval", "mean", "n")
    for rating in found.ratings:
        ratings.add_row(rating.label, number(rating.top, 3), number(rating.mean, 3), f"{rating.mean.n or 0:,}")
    show(console, ratings)


def report_sfo(console: Console, found: Sfo2017) -> None:
    """Print what was found at San Francisco's airport."""
    heading(console, f"San Francisco airport, survey of 2017, against the passengers of {found.month}")
    _imported(console, found.imported)
    for assessment in found.assessments:
        for attribute, bias in assessment.items():
            _composition(console, attribute, bias)
        whole = next(iter(assessment.values()))
        line(console, whole.sentence)
        line(console, f"NPS unweighted {number(whole.unweighted, 2)}; weighted {number(whole.weighted, 2)}.")
        for sentence in whole.cannot_tell:
            line(console, sentence)


def _imported(console: Console, imported: Imported) -> None:
    line(
        console,
        f"{imported.read:,} rows read, {imported.recorded:,} kept, {imported.rejected:,} rejected;"
        f" {imported.left_out:,} values left out of rows that were kept.",
    )
    for unread in imported.unread[:_MOST_LISTED]:
        line(console, _unread(unread))
    if len(imported.unread) > _MOST_LISTED:
        line(console, f"and {len(imported.unread) - _MOST_LISTED:,} more")


def _unread(unread: Unread) -> str:
    kept = "the row was kept" if unread.row_kept else "the row was rejected"
    return f"line {unread.line:,}, {unread.column or 'the whole row'}: {unread.value!r} left out; {kept}"


def _rows(console: Console, first: str, rows: Sequence[Row]) -> None:
    printed = table(first, "NPS and 95% interval", "n")
    for row in rows:
        if row.figure.n is None or row.figure.n > 0:
            printed.add_row(row.label, number(row.figure), "" if row.figure.n is None else f"{row.figure.n:,}")
    show(console, printed)


def _composition(console: Console, attribute: str, bias: Bias) -> None:
    console.print(f"\n  {attribute}: chi-square {bias.chi_square:,.1f} on {bias.degrees_of_freedom}")
    printed = table("", "n", "answers", "passengers", "gap, points", "")
    for group in bias.groups:
        printed.add_row(
            group.group,
            f"{group.n:,}",
            f"{group.share:.1%}",
            f"{group.frame_share:.1%}",
            f"{group.gap:+.1f}",
            group.representation,
        )
    show(console, printed)
    line(
        console, f"Over-represented: {_named(bias.groups, 'over')}. Under-represented: {_named(bias.groups, 'under')}."
    )


def _named(groups: Sequence[GroupShare], representation: str) -> str:
    return ", ".join(group.group for group in groups if group.representation == representation) or "none"
