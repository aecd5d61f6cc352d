"""What a day of rounds of health costs a site of 1,000 devices: packets, bytes on the wire, rows, time to understand.

    _cadence.figures(figures)

Recorded devices, one of each class, are asked by the compiled plan as a sweep does, then in rounds; requests and bytes
of reports are counted for each and multiplied by how many of its class a site has, and how often they are asked.
The recordings say who a device is and little more, so each is given the interfaces that its like has. Between rounds
the uptime of a device grows; all else stays as it was.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from _figures import Figures

TESTS = Path(__file__).parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / "collector")]

from trusts import Trust  # noqa: E402 - from the folders above

from agent.budget import Budget, Limits  # noqa: E402
from agent.contents import slimmed  # noqa: E402
from agent.examine import Extent, Target, examine  # noqa: E402
from agent.snmp.habits import Habits  # noqa: E402
from agent.snmp.recorded import RecordedSession  # noqa: E402
from collector import tidying, understand  # noqa: E402
from collector.intake.incoming import read_report  # noqa: E402
from collector.plan import compile_plan  # noqa: E402
from collector.store import Store, evidence  # noqa: E402
from collector.store import schema as t  # noqa: E402
from stocktake import ber, snmprec, wire  # noqa: E402
from stocktake.values import Binding, Credential, Examination, Report, Secret  # noqa: E402

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ROUNDS = 12  # that are simulated: an hour
OFTEN_A_DAY, SELDOM_A_DAY = 288, 58
PUBLIC = Credential("public", "2c", community=Secret("public"))
MOST_MS = 20  # of CPU to understand one report
UPTIME = "1.3.6.1.2.1.1.3.0"
INTERFACE, NAME = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1.1"  # ifEntry, ifName
#: what every port tells of itself, beside its name: Ethernet, 1 Gb/s, up, and no errors
PORT = {3: (2, 6), 5: (66, 10**9), 7: (2, 1), 8: (2, 1), 13: (65, 0), 14: (65, 0), 19: (65, 0), 20: (65, 0)}
#: recording → how many of its like a site of 1,000 devices has, how often a day each is asked, and its interfaces
SITE = {
    "cisco-2960x-24ts": (40, OFTEN_A_DAY, 28), "eaton-5p-ups": (8, OFTEN_A_DAY, 1),
    "linux-server": (12, OFTEN_A_DAY, 3), "synology-ds920": (4, OFTEN_A_DAY, 5),
    "canon-lbp6670": (56, SELDOM_A_DAY, 1), "aruba-instant-ap": (80, SELDOM_A_DAY, 4),
}  # fmt: skip


class _Living(RecordedSession):
    """A recorded device that grows older with every question, and is asked so many of them."""

    def __init__(self, bindings: Sequence[Binding], age: int) -> None:
        aged = Binding(UPTIME, 67, ber.encode_integer(age))
        super().__init__([*(binding for binding in bindings if binding.oid != UPTIME), aged])
        self.requests = 0

    async def get(self, oids: Sequence[str]) -> tuple[Binding, ...]:
        self.requests += 1
        return await super().get(oids)

    async def next(self, oids: Sequence[str], repetitions: int) -> tuple[Binding, ...]:
        self.requests += 1
        return await super().next(oids, repetitions)


class _Site:
    """Devices that are asked, an agent that leaves out what is unchanged, and a collector that keeps it."""

    def __init__(self, store: Store) -> None:
        self.trust, self.plan, self.habits = Trust(store), compile_plan(), Habits()
        self.known: dict[bytes, bytes] = {}
        self.sequence = 0
        self.walks = {
            name: [*snmprec.read_file(TESTS / "devices" / name / "walk.snmprec").bindings, *_interfaces(count)]
            for name, (_, _, count) in SITE.items()
        }

    async def ask(self, name: str, extent: Extent, when: datetime) -> tuple[int, int]:
        """Ask one device; requests sent, and octets of the report. The collector keeps it."""
        number = list(SITE).index(name) + 1
        target = Target(f"10.1.0.{number}", f"00:1b:21:00:00:{number:02x}", "10.1.0.0/24", often=True)
        session = _Living(self.walks[name], round((when - START).total_seconds() * 100) + 10**6)

        async def opener(*_: object) -> _Living:
            return session

        found = await examine(
            target, [PUBLIC], self.plan, Budget(Limits(("10.1.0.0/24",))), sessions=opener, habits=self.habits,
            extent=extent, now=lambda: when,
        )  # fmt: skip
        assert found is not None
        return session.requests, self._keep(found, when)

    def _keep(self, found: Examination, when: datetime) -> int:
        slim, fresh = slimmed(found, self.known.get)
        self.known |= fresh
        raw = wire.encode_report(Report(when, 1.0, "boot", slim))
        self.sequence += 1
        report, trust = read_report(self.sequence, raw), self.trust
        trust.store.write(lambda c: evidence.keep(c, trust.id, "agent-1", trust.site, "stream-1", [report], when))
        return len(raw)

    def rows(self) -> int:
        """Rows of evidence, its contents, reports, readings and their days."""
        tables = (t.evidence, t.contents, t.reports, t.readings, t.reading_days, t.facts, t.condition_changes)
        with self.trust.store.reader() as connection:
            return sum(connection.execute(table.select()).fetchall().__len__() for table in tables)


def _interfaces(count: int) -> Iterator[Binding]:
    """What so many ports tell: names, states and counters."""
    for index in range(1, count + 1):
        yield Binding(f"{INTERFACE}.2.{index}", 4, b"GigabitEthernet1/0/%d" % index)
        yield Binding(f"{NAME}.{index}", 4, b"Gi1/0/%d" % index)
        for column, (tag, value) in PORT.items():
            yield Binding(f"{INTERFACE}.{column}.{index}", tag, ber.encode_integer(value))


def figures(figures: Figures) -> None:
    """Print what a day costs."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/store.db")
        try:
            asyncio.run(_measure(figures, _Site(store)))
        finally:
            store.close()


async def _measure(figures: Figures, site: _Site) -> None:
    for name in SITE:
        await site.ask(name, Extent.DUE, START)
    _understand(site, START)
    before, taken = site.rows(), []
    packets, octets = dict.fromkeys(SITE, 0), dict.fromkeys(SITE, 0)
    for number in range(1, ROUNDS + 1):
        when = START + number * timedelta(minutes=5)
        for name in SITE:
            sent, size = await site.ask(name, Extent.HEALTH, when)
            packets[name] += sent
            octets[name] += size
        taken.append(_understand(site, when))
    grown = site.rows() - before
    tidying.tidy(site.trust.store, site.trust.id, site.plan, START + timedelta(days=2))
    kept = site.rows() - before
    asked = sum(count * times for count, times, _ in SITE.values())
    sent = sum(packets[name] / ROUNDS * count * times for name, (count, times, _) in SITE.items())
    size = sum(octets[name] / ROUNDS * count * times for name, (count, times, _) in SITE.items())
    each = min(sum(taken[start::3]) for start in range(3)) * 3 / ROUNDS / len(SITE)  # the best of three
    for name in SITE:
        figures.beside(f"round_requests_{name}", packets[name] / ROUNDS, "requests of a round to one device")
        figures.beside(f"round_octets_{name}", octets[name] / ROUNDS, "octets of a report of a round")
    figures.beside("rounds_asked", asked, "devices asked in a day at a site of 1,000")
    figures.beside("rounds_requests", sent, "requests in a day at a site of 1,000")
    figures.beside("rounds_a_second", sent / 86_400, "requests a second, on average")
    figures.beside("rounds_megabytes", size / 10**6, "MB of reports in a day at a site of 1,000")
    figures.beside("rounds_rows", grown / ROUNDS / len(SITE), "rows that one report adds")
    figures.beside("rounds_rows_left", kept, f"rows more than before {ROUNDS} rounds, once they are tidied")
    figures.at_most("rounds_understood", each * 1_000, MOST_MS, "ms of CPU to understand and judge one report")
    figures.beside("rounds_understood_day", each * asked, "seconds of a collector's CPU in a day")


def _understand(site: _Site, when: datetime) -> float:
    began = time.process_time()
    while understand.understand_pending(site.trust.store, site.trust.id, when):
        pass
    return time.process_time() - began


if __name__ == "__main__":
    shown = Figures()
    figures(shown)
    shown.done()
