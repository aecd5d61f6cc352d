"""Every figure of telling devices apart: how right, whatever the order, and what it costs.

The estates are made (`tests/labelled_estates.py`): what is true is known. Nothing outside this repository is needed.
"""

from __future__ import annotations

import gc
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("", "proto", "tests", "tests/bench")]
sys.path.append(str(ROOT / "tests" / "collector"))

from _figures import Figures  # noqa: E402 - the paths come first
from trusts import DAY, START, Trust  # noqa: E402

from collector import claiming, identity  # noqa: E402
from collector.facts import Identifier, IdentifierKind, Reading  # noqa: E402
from collector.resolve import Claim, Partition, partition  # noqa: E402
from collector.store import Store, Transaction  # noqa: E402
from collector.store.evidence import Lane  # noqa: E402
from estate_maker import BEGIN, DAYS, END, Seen  # noqa: E402
from labelled_estates import Judgement, Labelled, Score, estate, judge, labelled, shape  # noqa: E402
from stocktake.values import Method, Subject, SubjectKind  # noqa: E402

SEEDS = (1, 2)
SHUFFLES = 20
SHUFFLED = 0.15  # of the size of an estate
BATCHES = 6
REINVENTORY = 50_000
SIZES = (1_000, 10_000, 50_000, 200_000)
STORED = 2_000  # devices that are taken through the store
DECIDED = 10_000  # devices of an estate that are decided to learn what one costs


def main() -> None:
    """Print all figures."""
    figures = Figures()
    for seed in SEEDS:
        accuracy(figures, seed)
    orders(figures)
    reinventory(figures)
    growth(figures)
    through_the_store(figures)
    figures.done()


# ------------------------------------------------------------------------------------------------ how right


def accuracy(figures: Figures, seed: int) -> None:
    """One estate of ten schools and three years, held against its truth."""
    made = estate(seed)
    claims = labelled(made.seen)
    found = partition([item.claim for item in claims])
    judgement = judge(made, claims, [group.claims for group in found.groups])
    name = f"estate {seed}"
    figures.at_least(f"{name}: devices", made.devices, 5_000, "devices")
    figures.beside(f"{name}: observations", len(made.seen), "observations")
    figures.beside(f"{name}: claims", len(claims), "claims")
    _share(figures, f"{name}: pairwise precision", judgement.whole.precision, 0.999)
    _share(figures, f"{name}: pairwise recall", judgement.whole.recall, 0.98)
    figures.exactly(f"{name}: devices joined by a junk value or an address", len(judgement.on_junk), 0, "devices")
    figures.beside(f"{name}: devices that are one row of their own", 100 * judgement.exact / judgement.devices, "%")
    figures.beside(f"{name}: wrong pairs inside one claim, which no partition can part", judgement.mixed, "pairs")
    figures.beside(f"{name}: questions for people", len(found.questions), "questions")
    by_trouble(judgement)


def _share(figures: Figures, name: str, value: float, least: float) -> None:
    """A share near one, in parts of ten thousand: `Figures` shows one decimal."""
    figures.at_least(name, round(value * 10_000, 1), least * 10_000, "of 10,000")


def by_trouble(judgement: Judgement) -> None:
    """A line for each kind of trouble, the worst first."""
    for trouble, score in sorted(judgement.troubles.items(), key=lambda item: (_worst(item[1]), item[0])):
        told = f"precision {score.precision:.4f}, recall {score.recall:.4f}, {score.could} pairs"
        print(f"  {trouble or 'no trouble'}: {told}")


def _worst(score: Score) -> float:
    return min(score.precision, score.recall)


# ------------------------------------------------------------------------------------------------ whatever the order


def orders(figures: Figures) -> None:
    """Reports in other orders, some of them twice, all at once or batch by batch: the same partition of evidence."""
    made, chance = estate(9, scale=SHUFFLED), random.Random(9)  # noqa: S311 - a made-up order, no secret
    wanted = _shape_of(labelled(made.seen))
    same = sum(_shape_of(labelled(_shuffled(made.seen, chance))) == wanted for _ in range(SHUFFLES))
    figures.exactly(f"of {SHUFFLES} permutations with replays, those that give the same partition", same, SHUFFLES, "")
    same = sum(in_batches(_shuffled(made.seen, chance)) == wanted for _ in range(SHUFFLES // 4))
    figures.exactly(f"of {SHUFFLES // 4} told in {BATCHES} batches, those that end alike", same, SHUFFLES // 4, "")


def _shuffled(seen: Sequence[Seen], chance: random.Random) -> list[Seen]:
    """Another order, and one of twenty a second time."""
    told = [*seen, *chance.sample(list(seen), len(seen) // 20)]
    chance.shuffle(told)
    return told


def _shape_of(claims: Sequence[Labelled]) -> frozenset[frozenset[object]]:
    return shape(claims, [group.claims for group in partition([item.claim for item in claims]).groups])


def in_batches(seen: Sequence[Seen]) -> frozenset[frozenset[object]]:
    """What is believed after the last batch, where each is decided with what was believed after the one before.

    Claims keep who held them; the decision must not depend on it.
    """
    held: dict[int, str] = {}
    claims: list[Labelled] = []
    found = Partition(())
    for number in range(1, BATCHES + 1):
        claims = labelled(seen[: len(seen) * number // BATCHES])  # claims keep their numbers as more is told
        found = partition([replace(item.claim, device_id=held.get(item.claim.claim_id, "")) for item in claims])
        held = {claim_id: f"d{min(group.claims)}" for group in found.groups for claim_id in group.claims}
    return shape(claims, [group.claims for group in found.groups])


# ------------------------------------------------------------------------------------------------ what it costs


def reinventory(figures: Figures) -> None:
    """All of a large trust's devices are seen again: each is decided anew among the claims that share a value with it.

    This is the decision alone; the store's part stands in `understand`.
    """
    around = list(neighbourhoods(plain(REINVENTORY)).values())
    figures.at_most(
        f"CPU of deciding {REINVENTORY:,} known devices anew, one by one",
        _cpu(lambda: [partition(claims) for claims in around]),
        10,
        "s",
    )


def growth(figures: Figures) -> None:
    """CPU for each device as estates grow: decided one by one, as the store asks, and beside it all at once."""
    each: dict[int, float] = {}
    for size in SIZES:
        claims = plain(size)
        around = list(neighbourhoods(claims).values())[:DECIDED]
        rounds = max(1, DECIDED // len(around))
        each[size] = _cpu(partial(_each, around, rounds)) / (len(around) * rounds)
        figures.beside(f"CPU for each of {size:,} devices", each[size] * 1e6, "µs")
        del around
        figures.beside(
            f"the same where all {size:,} are decided at once", _cpu(partial(partition, claims)) / size * 1e6, "µs"
        )
    figures.at_most("the dearest of them against the cheapest", max(each.values()) / min(each.values()), 2, "times")


def _each(around: Sequence[Sequence[Claim]], rounds: int) -> None:
    for _ in range(rounds):
        for claims in around:
            partition(claims)


def through_the_store(figures: Figures) -> None:
    """The same with what the store adds: claims are found, kept and given to devices, on SQLite, a hundred a commit."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/store.db")
        trust = Trust(store)
        for name, when in (("first met", START), ("seen again a day later", START + DAY)):
            used = _cpu(partial(_take_stock, store, trust, when)) / STORED
            figures.beside(f"CPU for each device with the store, {name}", used * 1e6, "µs")
        store.close()


def _take_stock(store: Store, trust: Trust, when: datetime) -> None:
    for first in range(0, STORED, 100):

        def work(connection: Transaction, first: int = first) -> None:
            for number in range(first, first + 100):
                _settle(connection, trust, number, when)

        store.write(work)


def _settle(connection: Transaction, trust: Trust, number: int, when: datetime) -> None:
    subject = Subject(SubjectKind.ADDRESS, f"10.0.{number >> 8}.{number & 255}")
    lane = Lane(number + 1, "agent-1", trust.site, subject, Method.SNMP_V2C, relayed=False, observed=when, groups={})
    mac = (0x3C5282000000 + number).to_bytes(6, "big").hex(":")
    marks = (Identifier(IdentifierKind.SERIAL, f"hp:S{number}"), Identifier(IdentifierKind.MAC, mac))
    claimed = claiming.claim(connection, trust.id, lane, [Reading((), marks)], when)
    identity.settle(connection, trust.id, claimed.unsettled, when, lane.lane_id)


def _cpu(work: Callable[[], object]) -> float:
    """CPU seconds; what was made before is kept out of the sight of the garbage collector, as in a service."""
    gc.collect()
    gc.freeze()
    begun = time.process_time()
    work()
    used = time.process_time() - begun
    gc.unfreeze()
    return used


def plain(size: int) -> list[Claim]:
    """Claims of so many computers, each with an agent, met by a sweep and by a router; ten of 200 share two docks."""
    claims: list[Claim] = []
    for number in range(size):
        own = Identifier(IdentifierKind.MAC, (0x3C5282000000 + number).to_bytes(6, "big").hex(":"))
        said = [
            Identifier(IdentifierKind.SERIAL, f"dell:S{number:07}"),
            Identifier(IdentifierKind.UUID, f"uuid-{number}"),
            Identifier(IdentifierKind.AGENT, f"agent-{number}"),
            own,
        ]
        if number % 20 == 0:
            dock = 0x00E04C000000 + number // 200 * 10 + number // 20 % 2
            said.append(Identifier(IdentifierKind.MAC, dock.to_bytes(6, "big").hex(":")))
        site, start = f"site-{number % 50}", BEGIN + timedelta(days=number % (DAYS // 2))
        lanes = (
            (size * 3 + number, "HOST", said),
            (number % 50, "ARP", [own]),
            (size * 2 + number % 50, "SNMP_V2C", [own]),
        )
        for lane, method, values in lanes:
            told_of = method == "SNMP_V2C"
            claims.append(Claim(len(claims) + 1, lane + 1, site, method, told_of, frozenset(values), start, END))
    return claims


def neighbourhoods(claims: Sequence[Claim]) -> dict[int, list[Claim]]:
    """For each machine with an agent the claims that share a value with it, and those that share one with them."""
    bearers: dict[Identifier, list[Claim]] = defaultdict(list)
    for claim in claims:
        for item in claim.identifiers:
            bearers[item].append(claim)
    hosts = [claim for claim in claims if claim.method == "HOST"]
    return {host.claim_id: list(_around(host, bearers).values()) for host in hosts}


def _around(host: Claim, bearers: dict[Identifier, list[Claim]]) -> dict[int, Claim]:
    near = {claim.claim_id: claim for item in host.identifiers for claim in bearers[item]}
    return {claim.claim_id: claim for one in near.values() for item in one.identifiers for claim in bearers[item]}


if __name__ == "__main__":
    main()
