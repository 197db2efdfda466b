"""The command ``feedback-dev``: what `make` calls to run the service on one machine."""

import argparse
import sys
from pathlib import Path


def main() -> None:
    """Parse the command line and run one command."""
    parser = argparse.ArgumentParser(prog="feedback-dev", description="The feedback service on one machine.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="start PostgreSQL, Redis, API and worker; Ctrl-C stops them all")
    simulated = commands.add_parser("demo", help="a simulated organisation whose truth is known, through the whole job")
    simulated.add_argument("--pictures", type=Path, help="copy the pages that the README shows to this folder")
    real = commands.add_parser("demo-real", help="real answers, imported and reported on")
    real.add_argument("data", type=Path, help="folder of nyc311_csat.csv.gz")
    real.add_argument("--json", type=Path, dest="figures", help="write every figure to this file too")
    arguments = parser.parse_args()
    try:
        sys.exit(_run(arguments))
    except KeyboardInterrupt:  # before the command itself listens for it
        sys.exit(130)


def _run(arguments: argparse.Namespace) -> int:
    """Each command loads only what it needs."""
    match arguments.command:
        case "run":
            from feedback_dev.run import run

            return run()
        case "demo":
            from feedback_dev.demo.simulated import demo

            return demo(arguments.pictures)
        case "demo-real":
            from feedback_dev.demo.real.command import demo_real

            return demo_real(arguments.data, figures=arguments.figures)
        case command:
            raise AssertionError(command)


if __name__ == "__main__":
    main()
