"""The part of the report that tells of the collection: whom was asked and how, who answered, what was changed."""

from rich.console import Console

from feedback_dev.demo.collection.collected import Collected
from feedback_dev.demo.report import heading, line, number, show, table


def report_collection(console: Console, found: Collected, true_nps: float) -> None:
    """Print it."""
    asked, heard, changed = found.asked, found.heard, found.changed
    heading(console, "Holders of a season ticket: planned, drawn, asked")
    line(console, f"By {asked.method.replace('_', ' ')}: {asked.why} {asked.answers:,} answers are wanted.")
    drawn = ", ".join(f"{region} {n:,}" for region, n in asked.drawn.items())
    line(
        console,
        f"Of {asked.rows:,} rows {asked.repeated:,} repeat somebody. Drawn: {drawn}; a mail reached {asked.mailed:,}.",
    )
    by_browser = "no browser here" if heard.in_browser is None else f"{heard.in_browser} of them in a browser"
    line(
        console,
        f"{heard.completed:,} answered, {by_browser}: {number(heard.rate, 2)} of those asked (RR1)."
        f" A second answer by the same link: {heard.refused_again}.",
    )
    rows = table("NPS of holders", "95% interval", "truth")
    rows.add_row("as answered", number(heard.unweighted), f"{true_nps:.1f}")
    rows.add_row("by design of the sample", number(heard.weighted), f"{true_nps:.1f}")
    show(console, rows)
    line(console, f"Alert: {changed.alert}")
    line(console, f"The plan was revised by it: now {', then '.join(changed.methods).replace('_', ' ')}.")
