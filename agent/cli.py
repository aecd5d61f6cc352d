"""The command line `stocktake-agent`: what can be said to it, and how it answers.

Answers go to standard output, complaints as sentences to standard error. Exit codes: 0 done, 1 something failed, 2 what
was written will not do, 3 not enrolled, 4 enrolment failed, 5 the state directory or the spool fails, 130 interrupted.
Secrets are never taken from the command line, where every user of the machine could read them.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from agent import commands
from agent.budget import Forbidden, Limits
from agent.config import DEFAULT_PATH, Config, example_file, load, load_credentials, networks_of
from agent.errors import AgentError, ConfigurationError, NotEnrolled
from agent.metrics import printable
from stocktake.values import Credential

INTERRUPTED = 130


class PlainFormatter(logging.Formatter):
    """Log lines of plain ASCII: whatever a device said, a line stays a line."""

    def format(self, record: logging.LogRecord) -> str:
        """One record, each of its lines escaped."""
        return "\n".join(printable(line) for line in super().format(record).splitlines())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    options = parser().parse_args(arguments)
    _log_to_stderr(verbose=options.verbose)
    try:
        done: int = options.run(options)
    except AgentError as error:
        _complain(str(error))
        return error.exit_code
    except Forbidden as error:
        _complain(str(error))
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    return done


def _complain(text: str) -> None:
    for line in text.splitlines():
        print(printable(line), file=sys.stderr)


def _log_to_stderr(*, verbose: bool) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(PlainFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    logging.getLogger("asyncio").setLevel(logging.WARNING)


# ------------------------------------------------------------------------------------------------ the words


class _Version(argparse.Action):
    """Says the version; argparse's own wants to know it whenever it runs."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from agent.version import agent_version  # noqa: PLC0415  # finding it costs memory

        print(f"stocktake-agent {agent_version() or '(not installed)'}")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """Everything that can be said."""
    top = argparse.ArgumentParser(
        prog="stocktake-agent",
        description="Finds what is on a school's network, gathers evidence about it, and brings it to the collector.",
    )
    top.add_argument("--version", action=_Version, nargs=0, help="say which version this is, and end")
    top.add_argument("--config", type=Path, metavar="FILE", help=f"the configuration ({DEFAULT_PATH} if there)")
    top.add_argument("--verbose", action="store_true", help="log more")
    words = top.add_subparsers(required=True, metavar="COMMAND")
    _add_run(words)
    _add_scan(words)
    _add_enrol(words)
    _add_status(words)
    _add_check(words)
    return top


Words: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001  # argparse has no other name for it
Run = Callable[[argparse.Namespace], int]


def _add(words: Words, name: str, text: str, run: Run) -> argparse.ArgumentParser:
    word = words.add_parser(name, help=text, description=text)
    word.set_defaults(run=run)
    return word


def _add_run(words: Words) -> None:
    _add(words, "run", "Work as an agent until ended.", _run)


def _add_scan(words: Words) -> None:
    scan = _add(words, "scan", "Look at networks once and show what is there. Needs no collector and no root.", _scan)
    scan.add_argument("networks", nargs="+", metavar="NETWORK", help="what to look at, such as 10.1.0.0/22 or 10.1.0.5")
    scan.add_argument("--save", type=Path, metavar="FILE", help="write the evidence, for `stocktake-collector import`")
    scan.add_argument("--dry-run", action="store_true", help="send nothing, print what would be sent")
    scan.add_argument("--credentials", type=Path, metavar="FILE", help="SNMP credentials, readable by you alone")


def _add_enrol(words: Words) -> None:
    enrol = _add(words, "enrol", "Make this machine an agent, with a one-time token from the collector.", _enrol)
    enrol.add_argument("--collector", default="", metavar="HOST:PORT", help="where the collector is")
    enrol.add_argument("--token-file", type=Path, metavar="FILE", help="read the token here; else it is asked for")
    sweeps = enrol.add_mutually_exclusive_group()
    sweeps.add_argument("--sweep", nargs="+", metavar="CIDR", help="networks to sweep from now on")
    sweeps.add_argument("--sweep-none", action="store_const", const=[], dest="sweep", help="sweep nothing for now")
    enrol.add_argument("--limit", nargs="*", metavar="CIDR", help="the outer limit of what the collector may ever name")
    enrol.add_argument("--again", action="store_true", help="enrol a machine that is an agent already")


def _add_status(words: Words) -> None:
    _add(words, "status", "Say what the agent last did and how it is.", _status)


def _add_check(words: Words) -> None:
    check = _add(words, "check-config", "Check the configuration and say what it says.", _check_config)
    check.add_argument("--example", action="store_true", help="print a commented example instead")


# ------------------------------------------------------------------------------------------------ the commands


def _run(options: argparse.Namespace) -> int:
    asyncio.run(commands.run(load(options.config)))
    return 0


def _scan(options: argparse.Namespace) -> int:
    from agent import scan  # noqa: PLC0415  # rich costs memory that an agent at work need not spend

    config = load(options.config)
    limits = Limits(
        networks=networks_of(options.networks),
        exclude=config.exclude,
        exclude_macs=config.exclude_macs,
        packets_per_second=config.packets_per_second,
        packets_per_second_per_host=config.packets_per_second_per_host,
        quiet_hours=config.quiet_hours,
    )
    order = scan.Order(limits, _scan_credentials(options, config), config.snmp_port, options.save, options.dry_run)
    asyncio.run(scan.scan(order, sys.stdout))
    return 0


def _scan_credentials(options: argparse.Namespace, config: Config) -> tuple[Credential, ...]:
    """The credentials that were named; else those of the agent, where whoever scans may read them."""
    if options.credentials:
        return load_credentials(options.credentials)
    try:
        return load_credentials(config.credentials_file) if config.credentials_file else ()
    except ConfigurationError as error:
        _complain(f"{error} The scan goes on without credentials.")
        return ()


def _enrol(options: argparse.Namespace) -> int:
    from agent import asking  # noqa: PLC0415  # psutil costs memory that an agent at work need not spend

    wanted = asking.Enrolment(
        collector=options.collector,
        token_file=options.token_file,
        sweep=None if options.sweep is None else tuple(options.sweep),
        limit=None if options.limit is None else tuple(options.limit),
        again=options.again,
    )
    ask = input if sys.stdin.isatty() else None
    print("\n".join(asyncio.run(asking.enrol(load(options.config), wanted, ask=ask))))
    return 0


def _status(options: argparse.Namespace) -> int:
    lines, enrolled = commands.status(load(options.config))
    print("\n".join(printable(line) for line in lines))
    return 0 if enrolled else NotEnrolled.exit_code


def _check_config(options: argparse.Namespace) -> int:
    print(example_file() if options.example else "\n".join(commands.check_config(load(options.config))))
    return 0
