"""Which device a claim is of, in the store: load → partition → assign → keep. The order exists once, here.

Understanding a lane comes through `settle`; people through `say_one`, `say_two`, `undo` and `take_back`; records of
devices that nobody has seen yet through `expect` and `reidentify`. What makes claims one is `resolve`'s.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from collector import journal, tenure
from collector.errors import CollectorError
from collector.facts import Identifier
from collector.resolve import Claim, Mark, Partition, Verdict, Word, partition
from collector.resolve.claims import RECORD
from collector.resolve.holders import Change, Settlement, assign
from collector.restate import restate
from collector.store import Transaction, claims, corrections, devices, homes, ids, questions, words
from collector.store.claims import Fresh
from collector.store.words import Spoken

REASON_LIMIT = 500  # characters of a person's reason
RECORD_SLOT = "record:"


@dataclass(frozen=True, slots=True)
class Settled:
    """The device of every claim that was looked at, the devices that gained or lost one, and those that are new."""

    of: Mapping[int, str]
    changed: frozenset[str] = frozenset()
    made: frozenset[str] = frozenset()


def settle(
    connection: Transaction, trust_id: str, claim_ids: Collection[int], now: datetime, lane_id: int = 0
) -> Settled:
    """Decide whose some claims are, together with all that they hang together with."""
    if not claim_ids:
        return Settled({})
    around = claims.around(connection, trust_id, claim_ids)
    found = partition(around.claims, around.words, around.hubs)
    known = {claim.claim_id: claim for claim in around.claims}
    held = {claim.device_id for claim in around.claims if claim.device_id}
    once = claims.formerly(connection, trust_id, known) if held and len(held) != len(found.groups) else {}
    ranks = claims.ranks(connection, trust_id, {*held, *(item for listed in once.values() for item in listed)})
    settlement = _named(assign(found, around.claims, ranks, once))
    changed = _keep(connection, trust_id, settlement, known, ranks.keys(), (lane_id, now))
    of = {claim_id: device_id for group, device_id in settlement.devices for claim_id in group.claims}
    claims.flag(connection, trust_id, {c: group.by_time for group, _ in settlement.devices for c in group.claims})
    if held or found.questions:
        _ask(connection, trust_id, found, of, now)
    return Settled(of, frozenset(changed), frozenset(changed - ranks.keys()))


def _named(settlement: Settlement) -> Settlement:
    """The same with an id for every group."""
    named = tuple((group, device_id or ids.new()) for group, device_id in settlement.devices)
    of = {claim_id: device_id for group, device_id in named for claim_id in group.claims}
    changes = (
        Change(change.verdict, change.claims, change.before, of[change.claims[0]], change.reason)
        for change in settlement.changes
    )
    return Settlement(named, tuple(changes))


def _keep(
    connection: Transaction, trust_id: str, settlement: Settlement, known: Mapping[int, Claim],
    there: Collection[str], decided: tuple[int, datetime],
) -> set[str]:  # fmt: skip
    """Write what changed; the devices that did. `decided`: by which lane, and when."""
    lane_id, now = decided
    gained = {
        device_id: [known[number] for number in group.claims if known[number].device_id != device_id]
        for group, device_id in settlement.devices
    }
    moved = {device_id: found for device_id, found in gained.items() if found}
    first = {one: min(moved[one], key=lambda c: (c.first, c.claim_id)) for one in moved.keys() - set(there)}
    devices.make(connection, trust_id, first, now)
    for device_id, found in moved.items():
        if device_id in there:
            claims.alias(connection, trust_id, device_id, None, now)
        claims.hold(connection, trust_id, [claim.claim_id for claim in found if not claim.device_id], device_id, now)
        claims.give(connection, trust_id, [claim.claim_id for claim in found if claim.device_id], device_id, now)
    _follow(connection, trust_id, settlement.changes, now)
    claims.explain(connection, trust_id, [_explained(change, lane_id) for change in settlement.changes], now)
    changed = {*moved, *(claim.device_id for found in moved.values() for claim in found)} - {""}
    if any(change.verdict != "new" for change in settlement.changes):
        homes.rehouse(connection, trust_id, changed - first.keys(), now)
    return changed


def _follow(connection: Transaction, trust_id: str, changes: Iterable[Change], now: datetime) -> None:
    """What hangs on a device and not on a claim goes along: its old id, and what people corrected."""
    for change in changes:
        if change.verdict == "merge":
            claims.alias(connection, trust_id, change.before, change.became, now)
            corrections.follow(connection, trust_id, change.became, change.before, now)
        elif change.verdict == "split":
            corrections.part(connection, trust_id, change.before, change.became, change.claims, now)


def _explained(change: Change, lane_id: int) -> dict[str, object]:
    """A row of `decision`. A split is told of the device that lost the claims, a merge of the one that survives."""
    told = change.before if change.verdict == "split" else change.became
    other = {"new": None, "merge": change.before, "split": change.became}[change.verdict]
    return {
        "device_id": told, "verdict": change.verdict, "other_device_id": other, "lane_id": lane_id,
        "reason": change.reason, "claims": change.claims,
    }  # fmt: skip


def _ask(connection: Transaction, trust_id: str, found: Partition, of: Mapping[int, str], now: datetime) -> None:
    asked: dict[str, questions.Asked] = {}
    for question in found.questions:
        pair = sorted((of[question.side_a[0]], of[question.side_b[0]]))
        subject = hashlib.sha256("/".join([question.kind, *pair]).encode()).hexdigest()[:32]
        asked.setdefault(subject, questions.Asked(question.kind, subject, pair[0], pair[1], question.reason))
    for clash in corrections.clashes(connection, trust_id, set(of.values())):
        subject, other = clash.subject, clash.waiting.device_id
        reason = f"both were corrected before they turned out to be one: {clash.waiting.cell}"
        asked.setdefault(subject, questions.Asked("correction", subject, clash.survivor, other, reason))
    questions.keep(connection, trust_id, asked.values(), set(of.values()), now)


# ------------------------------------------------------------------------------------------------ people


def say_one(
    connection: Transaction, trust_id: str, device_a: str, device_b: str, reason: str, actor: str, now: datetime
) -> str:
    """A person says that two devices are one; the id that survives. It binds what is decided later."""
    ours, theirs = _claims_of(connection, trust_id, device_a), _claims_of(connection, trust_id, device_b)
    tenure.require_devices(connection, trust_id, [device_a, device_b])
    if device_a == device_b:
        raise CollectorError(f"{device_a} is one device already")
    word = Word(Verdict.ONE, *_sides(ours, theirs))
    _speak(connection, trust_id, word, (device_a, device_b), reason, (actor, now))
    settled = settle(connection, trust_id, [claim.claim_id for claim in (*ours, *theirs)], now)
    restate(connection, trust_id, settled.changed, "merge", now)
    return settled.of[ours[0].claim_id]


def say_two(
    connection: Transaction, trust_id: str, device_id: str, claim_ids: Collection[int], reason: str, actor: str,
    now: datetime,
) -> str:  # fmt: skip
    """A person says that some claims of a device are of another one; the id of that. It binds what is decided later."""
    held = _claims_of(connection, trust_id, device_id)
    tenure.require_devices(connection, trust_id, [device_id])
    theirs = [claim for claim in held if claim.claim_id in claim_ids]
    ours = [claim for claim in held if claim.claim_id not in claim_ids]
    if not theirs or not ours:
        raise CollectorError("choose some of the device's claims, and leave it some")
    word = Word(Verdict.TWO, *_sides(ours, theirs))
    _speak(connection, trust_id, word, (device_id, ""), reason, (actor, now))
    settled = settle(connection, trust_id, [claim.claim_id for claim in held], now)
    restate(connection, trust_id, settled.changed, "split", now)
    return settled.of[theirs[0].claim_id]


def undo(connection: Transaction, trust_id: str, decision_id: int, reason: str, actor: str, now: datetime) -> str:
    """Undo a merge or a split: the claims that it moved go back. The id of the device that has them then."""
    decided = claims.decision(connection, trust_id, decision_id)
    if decided is None or decided.verdict not in ("merge", "split"):
        raise CollectorError(f"decision {decision_id} is no merge or split that could be undone")
    moved = claims.load(connection, trust_id, decided.claims)
    if not moved:
        raise CollectorError("nothing is left of what was decided then")
    holder = moved[0].device_id
    if decided.verdict == "split":
        return say_one(connection, trust_id, decided.device_id, holder, reason, actor, now)
    return say_two(connection, trust_id, holder, decided.claims, reason, actor, now)


def take_back(connection: Transaction, trust_id: str, word_id: str, actor: str, now: datetime) -> None:
    """A person takes back what was said; the evidence decides again."""
    said = next((one for one in words.heard(connection, trust_id) if one.word_id == word_id), None)
    if said is None:
        raise CollectorError(f"nobody said {word_id}, or it was taken back")
    tenure.require_devices(connection, trust_id, filter(None, (said.device_a, said.device_b)))
    words.unsay(connection, trust_id, [word_id], now)
    journal.append(connection, trust_id, actor=actor, action="word_taken_back", detail={"word": word_id}, now=now)
    about = {devices.surviving(connection, trust_id, one) for one in (said.device_a, said.device_b) if one}
    near = {claim.claim_id for one in about for claim in claims.of_device(connection, trust_id, one)}
    if near:
        settled = settle(connection, trust_id, near, now)
        restate(connection, trust_id, settled.changed, "split" if said.word.verdict is Verdict.ONE else "merge", now)


def _claims_of(connection: Transaction, trust_id: str, device_id: str) -> list[Claim]:
    found = claims.of_device(connection, trust_id, device_id)
    if not found:
        raise CollectorError(f"{device_id} is no device of the register")
    return found


def _sides(ours: Iterable[Claim], theirs: Iterable[Claim]) -> tuple[frozenset[Mark], frozenset[Mark]]:
    """What marks each side alone; where they say the same, the lanes that said it."""
    a: set[Mark] = {item for claim in ours for item in claim.identifiers}
    b: set[Mark] = {item for claim in theirs for item in claim.identifiers}
    a |= {claim.lane for claim in ours if claim.lane}
    b |= {claim.lane for claim in theirs if claim.lane}
    return frozenset(a - b), frozenset(b - a)


def _speak(
    connection: Transaction, trust_id: str, word: Word, about: tuple[str, str], reason: str, said: tuple[str, datetime]
) -> None:
    """Keep a word, and take back those that said otherwise of the same marks."""
    actor, now = said
    if not reason.strip():
        raise CollectorError("say why: a word on a device needs a reason")
    if not word.side_a or not word.side_b:
        raise CollectorError("nothing tells the two sides apart: every mark of one is a mark of the other")
    marks = word.side_a | word.side_b
    against = [
        one.word_id for one in words.heard(connection, trust_id)
        if one.word.verdict is not word.verdict and one.word.side_a & marks and one.word.side_b & marks
    ]  # fmt: skip
    words.unsay(connection, trust_id, against, now)
    word_id = ids.new()
    words.say(connection, trust_id, Spoken(word_id, word, *about, reason.strip()[:REASON_LIMIT], actor, now))
    detail = {"word": word_id, "verdict": word.verdict.value, "device": about[0], "other": about[1]}
    journal.append(connection, trust_id, actor=actor, action="word_said", detail=detail, now=now)


def dismiss(connection: Transaction, trust_id: str, question_id: int, reason: str, actor: str, now: datetime) -> None:
    """A person leaves the two of a question as they are: two devices, by their word."""
    asked = next((q for q in questions.still_open(connection, trust_id) if q.question_id == question_id), None)
    if asked is None:
        raise CollectorError(f"question {question_id} is not open")
    tenure.require_devices(connection, trust_id, [asked.device_a, asked.device_b])
    ours, theirs = (_claims_of(connection, trust_id, one) for one in (asked.device_a, asked.device_b))
    word = Word(Verdict.TWO, *_sides(ours, theirs))
    _speak(connection, trust_id, word, (asked.device_a, asked.device_b), reason, (actor, now))
    settled = settle(connection, trust_id, [claim.claim_id for claim in (*ours, *theirs)], now)
    restate(connection, trust_id, settled.changed, "split", now)


# ------------------------------------------------------------------------------------------------ records


def expect(
    connection: Transaction, trust_id: str, record_id: str, identifiers: Iterable[Identifier], site_id: str,
    now: datetime,
) -> str:  # fmt: skip
    """The device that a record is of: the one that has its serial, tag or MAC, else one that nobody has seen yet."""
    said = frozenset(identifiers)
    fresh = Fresh(
        lane_id=0, slot=RECORD_SLOT + record_id, site_id=site_id, method=RECORD, told_of=False, identifiers=said,
        first=now, last=now,
    )  # fmt: skip
    (claim_id,) = claims.add(connection, trust_id, [fresh], now)
    settled = settle(connection, trust_id, [claim_id], now)
    restate(connection, trust_id, settled.changed, "record", now)
    return settled.of[claim_id]


def reidentify(
    connection: Transaction, trust_id: str, record_id: str, identifiers: Iterable[Identifier], now: datetime
) -> str:
    """A record's serial, tag or MAC was changed: the device that it is of now."""
    slot = RECORD_SLOT + record_id
    known = claims.of_lane(connection, trust_id, 0, [slot]).get(slot)
    if known is None:
        raise CollectorError(f"record {record_id} is not kept")
    claims.restate(connection, trust_id, known.claim_id, frozenset(identifiers))
    settled = settle(connection, trust_id, [known.claim_id], now)
    restate(connection, trust_id, {*settled.changed, known.device_id}, "record", now)
    return settled.of[known.claim_id]


def withdraw(connection: Transaction, trust_id: str, record_ids: Iterable[str], now: datetime) -> frozenset[str]:
    """Records were made by mistake: what they claimed is no longer believed; the devices that left the register.

    Those are the devices of which nothing else is known. Their ids lead nowhere from now on.
    """
    known = claims.of_lane(connection, trust_id, 0, [RECORD_SLOT + record_id for record_id in record_ids]).values()
    gone = [one for one in known if not one.retired]
    if not gone:
        return frozenset()
    claims.retire(connection, trust_id, [one.claim_id for one in gone], now)
    left = {one.device_id: claims.of_device(connection, trust_id, one.device_id) for one in gone}
    for device_id in sorted(device_id for device_id, held in left.items() if not held):
        claims.alias(connection, trust_id, device_id, device_id, now)
    settled = settle(connection, trust_id, {claim.claim_id for held in left.values() for claim in held}, now)
    homes.rehouse(connection, trust_id, left, now)
    restate(connection, trust_id, {*left, *settled.changed}, "record", now)
    return frozenset(device_id for device_id, held in left.items() if not held)
