"""The first part of the report of the demonstration: what was found beside what is true."""

from collections.abc import Sequence
from textwrap import fill

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from feedback_dev.demo.ferries import Truth
from feedback_dev.demo.findings import Figure, Findings
from feedback_dev.demo.judgement import Check


def report(console: Console, found: Findings, truth: Truth) -> None:
    """Print what was found."""
    _capture(console, found)
    _score(console, found, truth)
    _wait(console, found, truth)
    _bias(console, found, truth)
    _reasons(console, found)
    _recommendations(console, found)


def report_checks(console: Console, checks: Sequence[Check]) -> None:
    """Print whether it agrees with the truth."""
    heading(console, "Against the truth")
    for check in checks:
        console.print(f"  {'[green]yes[/green]' if check.holds else '[bold red]NO [/bold red]'}  {check.claim}")


def heading(console: Console, words: str) -> None:
    """A heading with air above."""
    console.print(f"\n[bold]{escape(words)}[/bold]")


def line(console: Console, words: str, *, indent: int = 2) -> None:
    """What the service said, wrapped with its indentation."""
    margin = " " * indent
    console.print(
        fill(words, console.width - 1, initial_indent=margin, subsequent_indent=margin), markup=False, soft_wrap=True
    )


def number(figure: Figure, places: int = 1) -> str:
    """A figure with its interval."""
    if figure.value is None:
        return "withheld"
    if figure.low is None or figure.high is None:
        return f"{figure.value:.{places}f}"
    return f"{figure.value:.{places}f} ({figure.low:.{places}f} to {figure.high:.{places}f})"


def table(*columns: str) -> Table:
    """A plain table: the first column on the left, figures on the right."""
    made = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for i, column in enumerate(columns):
        made.add_column(column, justify="right" if i else "left", overflow="fold")
    return made


def show(console: Console, made: Table) -> None:
    """Print a table with its indentation."""
    console.print(Padding(made, (0, 0, 0, 2), expand=False))


def _capture(console: Console, found: Findings) -> None:
    heading(console, "Answers")
    capture = found.capture
    before, during, after = capture.n
    line(
        console, f"{capture.single:,} one by one, {capture.batched:,} in batches, {capture.imported:,} from a CSV file."
    )
    again = "recognised" if capture.repeated else "NOT recognised"
    line(console, f"The first one sent again: {again}. The same file again: {capture.imported_again} recorded.")
    line(console, f"A test entry came in and was excluded: n = {before:,}, then {during:,}, then {after:,}.")


def _score(console: Console, found: Findings, truth: Truth) -> None:
    heading(console, "NPS, as it was answered")
    rows = table("", "NPS and 95% interval", "n", "truth")
    rows.add_row("everybody", number(found.nps), f"{found.nps.n or 0:,}", f"{truth.nps:.1f}")
    for region, figure in found.nps_by_region.items():
        true = truth.nps_by_region.get(region)
        if true is not None:
            rows.add_row(region, number(figure), f"{figure.n or 0:,}", f"{true:.1f}")
    show(console, rows)
    if all(_within(truth.nps_by_region[region], figure) for region, figure in found.nps_by_region.items() if region):
        line(console, "Every region is right within its interval: the whole is wrong by who answered, below.")


def _within(value: float, figure: Figure) -> bool:
    return figure.low is not None and figure.high is not None and figure.low <= value <= figure.high


def _wait(console: Console, found: Findings, truth: Truth) -> None:
    heading(console, "Waiting time: mean rating, 1 to 5, by month")
    months = [(day, figure) for day, figure in found.wait_by_month if figure.value is not None]
    console.print(
        f"  {_spark([figure.value or 0.0 for _, figure in months])}  {months[0][0]:%b %Y} to {months[-1][0]:%b %Y}"
    )
    line(console, found.change.sentence)
    if found.change.first_period and found.change.earliest and found.change.latest:
        line(
            console,
            f"Change found: {found.change.first_period:%B %Y} ({found.change.earliest:%B %Y} to"
            f" {found.change.latest:%B %Y}); true date: {truth.shift:%B %Y}.",
        )
    before, after = truth.wait
    line(
        console,
        f"After less before: {found.wait.value:+.2f} ({found.wait.low:.2f} to {found.wait.high:.2f});"
        f" truth: {after - before:+.2f}. {found.wait.verdict}",
    )


def _bias(console: Console, found: Findings, truth: Truth) -> None:
    heading(console, "Whom the survey heard")
    rows = table("region", "answers", "customers", "gap, points", "")
    for group in found.bias.groups:
        rows.add_row(
            group.group, f"{group.share:.1%}", f"{group.frame_share:.1%}", f"{group.gap:+.1f}", group.representation
        )
    show(console, rows)
    line(console, found.bias.sentence)
    unweighted, weighted = number(found.bias.unweighted), number(found.bias.weighted)
    line(console, f"NPS unweighted {unweighted}; weighted {weighted}; truth {truth.nps:.1f}.")
    for sentence in found.bias.cannot_tell:
        line(console, sentence)


def _reasons(console: Console, found: Findings) -> None:
    heading(console, "What moves the score, and what comments speak of")
    line(console, found.drivers.sentence)
    rows = table("theme", "share of comments, 95% interval", "NPS of those who speak of it, against the others'")
    for theme in found.themes:
        apart = "no difference can be told" if theme.apart is None else f"{theme.apart:+.0f} points"
        rows.add_row(theme.label, number(theme.share, 2), apart)
    show(console, rows)


def _recommendations(console: Console, found: Findings) -> None:
    heading(console, "Recommendations")
    line(console, found.review)
    for rank, each in enumerate(found.recommendations, 1):
        console.print(f"  [bold]{rank}. {escape(each.title)}[/bold] ({each.confidence} confidence)")
        for statement in each.evidence:
            line(console, statement, indent=5)
        line(console, f"Rank: {each.priority_reason}", indent=5)


def _spark(values: Sequence[float]) -> str:
    low, high = min(values), max(values)
    height = (high - low) or 1.0
    bars = "▁▂▃▄▅▆▇█"
    return "".join(bars[round((value - low) / height * (len(bars) - 1))] for value in values)
