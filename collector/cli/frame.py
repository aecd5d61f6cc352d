"""What the commands of all topics share: how one that writes is run, how times and days are read."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from collector import console
from collector.config import Config
from collector.errors import CollectorError
from collector.store import Store, Transaction, places

Arguments = argparse.Namespace
ANSWER_SECONDS = 30.0  # for which the command line waits for what comes of a wish


def add(group: Any, name: str, run: Callable[[Config, Arguments], int], help_text: str) -> argparse.ArgumentParser:
    """A command of the parser, run by `run(configuration, arguments)`, which returns the exit status."""
    parser: argparse.ArgumentParser = group.add_parser(name, help=help_text, description=help_text)
    parser.set_defaults(run=run)
    return parser


def command(name: str, *keys: str) -> Callable[[Config, Arguments], int]:
    """A command that writes: in a collector that runs, else here."""

    def run(settings: Config, arguments: Arguments) -> int:
        print(execute(settings, name, {key: getattr(arguments, key) for key in keys}))
        return 0

    return run


def execute(settings: Config, name: str, said: dict[str, Any]) -> str:
    """Have a command executed by the collector that runs, else in this process; returns what to print."""
    output = console.ask(settings.console, name, said)
    if output is not None:
        return output
    from collector import commands  # noqa: PLC0415 - not needed where a running collector executes them

    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = Store.open(settings.store_url)
    try:
        return commands.execute(commands.open_desk(settings, store), name, said)
    finally:
        store.close()


def trust_of(connection: Transaction) -> str:
    """The trust of this collector; CollectorError before `init`."""
    known = places.trust_ids(connection)
    if not known:
        raise CollectorError("this collector has no trust yet: run 'stocktake-collector init' first")
    return known[0][0]


def time_of(text: str) -> datetime:
    """A local time from the command line."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: write it as 2026-08-31T16:00") from None


def day_of(text: str) -> date:
    """A day from the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day: write it as 2026-08-31") from None
