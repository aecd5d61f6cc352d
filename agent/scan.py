"""`stocktake-agent scan`: one sweep for somebody who watches, with no collector, no state and no root.

It shows who is there as a live table and can write the evidence to a file. The table shows two texts of a device as
they are, its name and description; what they mean is not known here.
"""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from agent.budget import Budget, Limits
from agent.clock import Clock
from agent.errors import ConfigurationError
from agent.examiner import Answer, CountingLedger, Question
from agent.metrics import printable
from agent.plan import BASELINE
from agent.snmp.habits import Habits
from agent.sweep import Tally, Tools, Watcher, sweep
from agent.targets import Seen
from agent.worker import Workers
from stocktake.savefile import Writer
from stocktake.values import Credential, Examination, SnmpBindings
from stocktake.wire import encode_report

SYS_DESCR = "1.3.6.1.2.1.1.1.0"
SYS_NAME = "1.3.6.1.2.1.1.5.0"
_ROWS_WHILE_LIVE = 15
_DESCRIPTION_CHARACTERS = 48


@dataclass(slots=True)
class Row:
    """What is shown of one address. `told`: whether it was asked by SNMP and answered."""

    address: str
    mac: str = ""
    name: str = ""
    description: str = ""
    told: bool = False


class Screen(Watcher):
    """A progress bar and a table that grows as devices are found."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
        )
        self._task = self._progress.add_task("looking", total=None)
        self._live: Live | None = None
        self.rows: dict[str, Row] = {}

    @contextlib.contextmanager
    def shown(self) -> Iterator[None]:
        """Show it while this lasts, and the whole table at the end."""
        with Live(console=self._console, refresh_per_second=4, transient=True) as self._live:
            yield
        self._live = None
        if self.rows:
            self._console.print(self._table(sorted(self.rows.values(), key=_by_address)))

    def looking(self, network: str) -> None:
        """Begin a network."""
        self._progress.update(self._task, description=f"looking at {network}", completed=0, total=None)
        self._draw()

    def asked(self, done: int, total: int) -> None:
        """Move the bar."""
        self._progress.update(self._task, completed=done, total=total)
        self._draw()

    def seen(self, seen: Seen) -> None:
        """Show who is there."""
        for each in seen.sightings:
            self.rows.setdefault(each.address, Row(each.address)).mac = each.mac
        self._draw()

    def examining(self, count: int) -> None:
        """Begin to ask."""
        self._progress.update(self._task, description="asking by SNMP", completed=0, total=count)
        self._draw()

    def answered(self, answer: Answer) -> None:
        """Show what one device said."""
        self._progress.advance(self._task)
        if answer.examination is not None:
            row = self.rows.setdefault(answer.target.address, Row(answer.target.address, answer.target.mac))
            row.told = True
            row.name, row.description = texts(answer.examination)
        self._draw()

    def _draw(self) -> None:
        if self._live is not None:
            latest = list(self.rows.values())[-_ROWS_WHILE_LIVE:]
            self._live.update(Group(self._table(latest), self._progress))

    def _table(self, rows: Sequence[Row]) -> Table:
        table = Table("address", "MAC", "name", "description", box=None, pad_edge=False, header_style="bold")
        for row in rows:
            # as Text, so that nothing a device says is taken for markup
            table.add_row(*(Text(cell) for cell in (row.address, row.mac, row.name, row.description)))
        return table


def texts(examination: Examination) -> tuple[str, str]:
    """Name and the first words of the description, as they may be shown on a terminal."""
    values: dict[str, bytes] = {}
    for group in examination.groups:
        if isinstance(group.content, SnmpBindings):
            values |= {b.oid: b.value for b in group.content.bindings if b.oid in (SYS_NAME, SYS_DESCR)}
    name, description = (_shown(values.get(oid, b"")) for oid in (SYS_NAME, SYS_DESCR))
    return name, description[:_DESCRIPTION_CHARACTERS]


def _shown(raw: bytes) -> str:
    return printable(" ".join(raw[:512].decode("utf-8", "replace").split()))


def _by_address(row: Row) -> tuple[int, int]:
    address = ipaddress.ip_address(row.address.partition("%")[0])
    return address.version, int(address)


# ------------------------------------------------------------------------------------------------ the command


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asked for. `dry_run` sends nothing and prints what would be sent."""

    limits: Limits
    credentials: tuple[Credential, ...]
    snmp_port: int = 161
    save: Path | None = None
    dry_run: bool = False


async def scan(order: Order, output: TextIO, clock: Clock | None = None) -> Tally:
    """Sweep once, show what is found, and write the evidence where that was asked for."""
    console = Console(file=output, highlight=False)
    screen = Screen(console)
    clock = clock or Clock()
    with _saving(order.save) as writer:

        def keep(examination: Examination, _volatile: bool) -> None:  # noqa: FBT001  # a sweep's way to say it
            if writer is not None:
                writer.write(encode_report(clock.report(replace(examination, relayed=True))))

        ledger = CountingLedger((lambda lines: _print_ledger(console, lines)) if order.dry_run else lambda _: None)
        tools = Tools(
            workers=Workers(),
            budget=Budget(order.limits, ledger=ledger, dry_run=order.dry_run),
            ledger=ledger,
            habits=Habits(),
            spool=keep,
            trouble=lambda sentence: console.print(Text(printable(sentence))),
            watcher=Watcher() if order.dry_run else screen,
            snmp_port=order.snmp_port,
        )
        # what answers is not known in a dry run, so nobody is examined
        credentials = () if order.dry_run else order.credentials
        question = Question(BASELINE, credentials, order.limits)
        with contextlib.nullcontext() if order.dry_run else screen.shown():
            tally = await sweep(order.limits.networks, question, tools)
    console.print(_summary(order, tally, ledger.packets))
    return tally


def _print_ledger(console: Console, lines: str) -> None:
    for line in lines.splitlines():
        _, address, port, what, packets = (*line.split("\t"), "", "", "", "", "")[:5]
        console.print(Text(f"would send {packets} × {what} to {address} (port {port})"))


def _summary(order: Order, tally: Tally, packets: int) -> str:
    if order.dry_run:
        asked = f", and by SNMP whoever answers (port {order.snmp_port})" if order.credentials else ""
        return f"Dry run: {packets} packets would be sent{asked}. Nothing was sent."
    found = f"{tally.sightings} addresses answered, {tally.examinations} devices by SNMP"
    saved = f" The evidence is in {order.save}." if order.save else ""
    hint = "" if order.credentials else " No credentials were given, so nobody was asked by SNMP."
    return f"{found}, in {tally.seconds:.1f} s with {packets} packets.{hint}{saved}"


@contextlib.contextmanager
def _saving(path: Path | None) -> Iterator[Writer | None]:
    if path is None:
        yield None
        return
    try:
        file = path.open("xb")
    except FileExistsError:
        raise ConfigurationError(f"{path} is there already; name another file for --save.") from None
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}.") from None
    with file:
        yield Writer(file)
