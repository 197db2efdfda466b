"""``feedback-dev demo-real DATA``: real answers through the import route, and what the service makes of them."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from feedback_dev.demo.caller import Caller
from feedback_dev.demo.meter import Meter
from feedback_dev.demo.real.nyc import FILE, nyc311
from feedback_dev.demo.real.report import report_nyc, report_sfo
from feedback_dev.demo.real.sfo import is_there, sfo2017
from feedback_dev.demo.simulated import with_own_stack

_CANNOT_RUN = 2


def demo_real(folder: Path, *, figures: Path | None = None) -> int:
    """Run it; every figure printed is written to `figures` too, as JSON.

    Returns: The exit code: 0 when done, 1 when a step failed, 2 when it cannot run, 130 when interrupted.
    """
    if not (folder / FILE).is_file():
        print(f"There is no {FILE} in {folder}: give its folder, as in make demo-real DATA=FOLDER.", file=sys.stderr)
        return _CANNOT_RUN

    def work(console: Console, caller: Caller) -> int:
        meter, beside = Meter(console), folder.resolve().parent
        nyc = nyc311(caller, meter, folder)
        sfo = sfo2017(caller, meter, beside) if is_there(beside) else None
        report_nyc(console, nyc)
        if sfo is None:
            console.print(f"\n  The airport's survey and its frame are not in {beside}; they were left out.")
        else:
            report_sfo(console, sfo)
        if figures is not None:
            found = {"nyc311": asdict(nyc), "sfo2017": None if sfo is None else asdict(sfo)}
            figures.write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
        return 0

    return with_own_stack(work)
