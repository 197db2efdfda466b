"""Measure everything. ``BENCH_SCALE`` shrinks the sizes for a quick look: 0.01 takes about a minute."""

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import analyses, capture, events, exports, frames, kpis, lint_accuracy, start, texts, webhooks, weighting
from bench.report import Measured, show, write
from bench.world import World, world


def main() -> None:
    """Run the parts that are named, or all; print and keep what they found."""
    scale = float(os.environ.get("BENCH_SCALE", "1"))
    sizes = {
        "singles": max(int(5_000 * scale), 500),
        "batches": max(int(100_000 * scale), 2_000),
        "webhooks": max(int(5_000 * scale), 500),
        "events": max(int(10_000 * scale), 400),
        "import": max(int(1_000_000 * scale), 2_000),
        "exports_few": max(int(35_000 * scale), 2_000),
        "exports_many": max(int(2_000_000 * scale), 20_000),
        "frames": max(int(1_000_000 * scale), 2_000),
        "kpis_small": max(int(100_000 * scale), 5_000),
        "kpis_medium": max(int(1_000_000 * scale), 10_000),
        "kpis_large": max(int(10_000_000 * scale), 20_000),
        "takes_small": max(int(100_000 * scale), 5_000),
        "takes_large": max(int(1_000_000 * scale), 20_000),
        "drivers": max(int(1_000_000 * scale), 20_000),
        "weighting": max(int(1_000_000 * scale), 10_000),
    }
    parts: dict[str, Callable[[World], list[Measured]]] = {
        "start": start.api_start,
        "singles": lambda w: capture.singles(w, sizes["singles"]),
        "batches": lambda w: capture.batches(w, sizes["batches"]),
        "webhooks": lambda w: webhooks.acknowledgements(w, sizes["webhooks"]),
        "events": lambda w: events.delays(w, sizes["events"]),
        "imports": lambda w: capture.imports(w, sizes["import"]),
        "exports": lambda w: exports.exports(w, sizes["exports_few"], sizes["exports_many"]),
        "frames": lambda w: frames.frames(w, sizes["frames"]),
        "kpis": lambda w: kpis.figures(w, [sizes["kpis_small"], sizes["kpis_medium"], sizes["kpis_large"]]),
        "takes": lambda w: kpis.takes(w, [sizes["takes_small"], sizes["takes_large"]]),
        "drivers": lambda w: analyses.drivers(w, sizes["drivers"]),
    }
    without_servers: dict[str, Callable[[], list[Measured]]] = {
        "weighting": lambda: weighting.weights(sizes["weighting"]),
        "texts": texts.texts,
        "lint": lint_accuracy.lint,
    }
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", choices=[*parts, *without_servers, []], help="which parts; all, if none is named"
    )
    chosen = parser.parse_args().parts or [*parts, *without_servers]
    measured: list[Measured] = []

    def keep(name: str, found: list[Measured]) -> None:
        if scale == 1:
            write(found, name)
        measured.extend(found)

    for name in [name for name in chosen if name in without_servers]:
        print(f"Measuring {name} …", flush=True)
        keep(name, without_servers[name]())
    if any(name in parts for name in chosen):
        with tempfile.TemporaryDirectory(prefix="feedback-bench-") as folder, world(Path(folder)) as running:
            for name in [name for name in chosen if name in parts]:
                print(f"Measuring {name} …", flush=True)
                keep(name, parts[name](running))
    show(measured)


if __name__ == "__main__":
    main()
