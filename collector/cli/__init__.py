"""`stocktake-collector`: what an operator types. Parses, asks, prints; the work is done elsewhere.

A mistake of the operator is answered with one sentence on stderr and exit status 2, a failed check with 1. The commands
of a topic are in a module of their own.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from collector import config
from collector.cli import (
    audit,
    benchmark,
    check,
    consistency,
    corrections,
    cover,
    erasing,
    estate,
    exports,
    hand,
    health,
    history,
    identity,
    journal,
    people,
    places,
    reading,
    reconcile,
    records,
    refresh,
    running,
)
from collector.errors import CollectorError


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    arguments = parser().parse_args(argv)
    logging.basicConfig(level=arguments.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        settings = config.load(arguments.config)
        if arguments.data:
            settings = config.with_data(settings, arguments.data)
        status: int = arguments.run(settings, arguments)
    except CollectorError as error:
        print(f"stocktake-collector: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of our output went away, as in `… | head`
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130
    return status


def parser() -> argparse.ArgumentParser:
    """The whole command line; a test holds the README against it."""
    made = argparse.ArgumentParser(
        prog="stocktake-collector", description="Understands what agents bring, and answers: what do we have?"
    )
    made.add_argument("--version", action="version", version=_version())
    made.add_argument("--config", type=Path, metavar="FILE", help=f"configuration (default {config.DEFAULT_PATH})")
    made.add_argument("--data", type=Path, metavar="FOLDER", help="data folder; wins over the configuration")
    made.add_argument("--log-level", default="info", choices=("debug", "info", "warning", "error"))
    group = made.add_subparsers(required=True, metavar="COMMAND", title="commands")
    topics = (
        running, estate, hand, corrections, people, places, records, reconcile,
        erasing, reading, history, identity, journal, health, audit, check, refresh, cover,
        exports, benchmark, consistency,
    )  # fmt: skip
    for topic in topics:
        topic.add_to(group)
    return made


def _version() -> str:
    try:
        return f"stocktake-collector {version('stocktake')}"
    except PackageNotFoundError:
        return "stocktake-collector (not installed)"
