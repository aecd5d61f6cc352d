"""Every figure of knowing devices: how much of the recorded devices is read right, how fast, and what breaks it.

Runs on `../shared/corpus` where it is there; else on the recordings in `tests/devices`, without the scores.
"""

from __future__ import annotations

import gc
import random
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT / "tests" / "bench")]

import corpus  # noqa: E402 - the path comes first
from _dated import Dated  # noqa: E402
from _figures import Figures  # noqa: E402
from _walks import there, walks  # noqa: E402

from collector import interpret, knowledge  # noqa: E402
from collector.interpret import Observation  # noqa: E402
from collector.knowledge import Walk  # noqa: E402
from stocktake import snmprec  # noqa: E402
from stocktake.values import Binding, Method, SnmpBindings, Subject, SubjectKind  # noqa: E402

MUTATED_LINES = 1_000_000
ROUNDS = 3  # the best counts: other programs run on this machine, and cannot make a reading faster than it is
Bindings = tuple[Binding, ...]


def main() -> None:
    """Print all figures."""
    figures = Figures()
    interpret.read(observed((Binding("1.3.6.1.2.1.2.2.1.6.1", 4, bytes.fromhex("3ca82a000001")),)))  # loads the files
    if there():
        scores(figures)
    else:
        print("no corpus here: nothing is scored, and speed is measured on tests/devices", flush=True)
    speed(figures)
    mutated(figures)
    figures.done()


# ------------------------------------------------------------------------------------------------ what is read right


def scores(figures: Figures) -> None:
    """The shares of the issue, of devices that schools own; what the whole corpus gives stands beside."""
    tables = corpus.score(corpus.answers(Dated()))
    school, everything = tables["What schools own, by class"]["ALL"], tables["All recorded devices, by class"]["ALL"]
    for field, least in (("class", 95), ("maker", 98), ("model", 95), ("serial", 98), ("firmware", 95)):
        figures.at_least(f"{field} right", corpus.share(school[field]), least, "%")
        figures.beside(f"{field} right, of all recorded devices", corpus.share(everything[field]), "%")
    _, wrong, unknown = school["class"]
    figures.at_least("misses of the class that say unknown", 100 * unknown / max(wrong + unknown, 1), 90, "%")
    figures.at_most("serials wrong", 100 * school["serial"][1] / max(sum(school["serial"]), 1), 0.5, "%")


# ------------------------------------------------------------------------------------------------ speed


def observed(bindings: Bindings) -> Observation:
    """A recording as an examination."""
    return Observation(Subject(SubjectKind.ADDRESS), Method.RECORDED, {"walk": SnmpBindings(bindings)}, site="site")


def parsed() -> Iterator[Bindings]:
    """The bindings of each walk that has any."""
    for _, content in walks():
        bindings = snmprec.parse(content.decode("utf-8", "surrogateescape").split("\n")).bindings
        if bindings:
            yield bindings


def cpu_ms(bindings: Bindings) -> float:
    """CPU of reading a parsed walk, in milliseconds."""
    observation = observed(bindings)
    gc.collect()  # what parsing left is not the reading's to clear away
    begun = time.process_time()
    interpret.read(observation)
    return 1000 * (time.process_time() - begun)


class Watched(dict[str, Binding]):
    """Bindings that remember which of them were looked at."""

    def __init__(self, bindings: dict[str, Binding]) -> None:
        super().__init__(bindings)
        self.seen: set[str] = set()

    def __getitem__(self, oid: str) -> Binding:
        self.seen.add(oid)
        return super().__getitem__(oid)

    def get(self, oid: str, default: Binding | None = None) -> Binding | None:  # type: ignore[override]  # as Walk asks
        found = super().get(oid, default)
        if found is not None:
            self.seen.add(oid)
        return found


def looked_at(bindings: Bindings) -> int:
    """How many bindings the files look at."""
    walk = Walk({"walk": bindings})
    walk._bindings = watched = Watched(walk._bindings)
    knowledge.study(walk)
    return len(watched.seen)


def speed(figures: Figures) -> None:
    """Facts from parsed walks."""
    took, looked = [], 0
    for bindings in parsed():
        took.append(min(cpu_ms(bindings) for _ in range(ROUNDS)))
        looked += looked_at(bindings)
    figures.beside("walks read", len(took), "walks")
    figures.at_most("CPU for each binding that is looked at", 1000 * sum(took) / looked, 10, "µs")
    figures.at_most("the median walk", statistics.median(took), 2, "ms")
    figures.at_most("the slowest reading", max(took), 50, "ms")


# ------------------------------------------------------------------------------------------------ broken input


def mutated(figures: Figures) -> None:
    """A million lines of walks that somebody broke: nothing may escape, no file may fail, no reading may take long."""
    chance = random.Random(3)  # noqa: S311  breaks lines, the same way every time
    lines = escaped = 0
    slowest: list[float] = []
    failed: dict[str, str] = {}
    recordings = [content.decode("utf-8", "surrogateescape").split("\n") for _, content in walks()]
    while lines < MUTATED_LINES:
        for recording in recordings:
            broken = [line for told in recording for line in broken_line(told, chance)]
            lines += len(broken)
            try:
                bindings = snmprec.parse(broken).bindings
                slowest.append(min(cpu_ms(bindings) for _ in range(2)) if len(bindings) > LARGE else 0)
                readings = interpret.read(observed(bindings))
                failed |= {u.rule: u.reason for r in readings for u in r.unread if ERROR in u.reason}
            except Exception as error:  # noqa: BLE001 - what escapes is what is counted
                escaped += 1
                print(f"escaped: {type(error).__name__}: {error}", flush=True)
            if lines >= MUTATED_LINES:
                break
    for rule, reason in sorted(failed.items()):
        print(f"{rule} failed: {reason}", flush=True)
    figures.beside("lines mutated", lines, "lines")
    figures.exactly("exceptions that escaped", escaped, 0, "exceptions")
    figures.exactly("files that failed on them", len(failed), 0, "files")
    figures.at_most("the slowest reading of mutated walks", max(slowest), 50, "ms")


ERROR = "Error: "
LARGE = 5_000  # bindings of a walk that may take long to read


def broken_line(line: str, chance: random.Random) -> Iterator[str]:
    """The line, or what is left of it: one in three is broken, each in a way that devices and recorders know."""
    if chance.random() > 0.33:
        yield line
        return
    oid, _, rest = line.partition("|")
    tag, _, value = rest.partition("|")
    arcs = oid.split(".")
    kind = chance.randrange(9)
    if kind == 0:  # another type
        yield f"{oid}|{chance.choice(('2', '4', '4x', '6', '64', '65', '66', '67', '70', '5'))}|{value}"
    elif kind == 1:  # octets of any kind
        yield f"{oid}|4x|{chance.randbytes(chance.choice((0, 1, 6, 8, 11, 40, 300))).hex()}"
    elif kind == 2:  # numbers without measure
        number = chance.choice((-1, 0, 2**31 - 1, 2**32 - 1, -(2**31), 2**63))
        yield f"{oid}|{chance.choice(('2', '65', '66', '70'))}|{number}"
    elif kind == 3:  # cut off
        yield line[: chance.randrange(len(line) + 1)]
    elif kind == 4:  # another row or column
        arcs[chance.randrange(len(arcs))] = str(chance.choice((0, 1, 2, 9, 65535, 2**32 - 1)))
        yield f"{'.'.join(arcs)}|{rest}"
    elif kind == 5:  # a longer index
        yield f"{oid}.{'.'.join(str(chance.randrange(300)) for _ in range(chance.randrange(1, 40)))}|{rest}"
    elif kind == 6:  # said twice, differently
        yield from (line, f"{oid}|4|{value[::-1]}")
    elif kind == 7:  # a text gone wrong
        spoilt = [b if chance.random() > 0.2 else chance.choice("\x00\u202e\udcff| %<'") for b in value]
        yield f"{oid}|{tag}|{''.join(spoilt)}"
    # else: the line is not there


if __name__ == "__main__":
    main()
