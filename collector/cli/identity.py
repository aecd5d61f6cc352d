"""Commands about which device is which: what is asked, why a device is one, and a person's word."""

from __future__ import annotations

from typing import Any

from collector.cli.frame import Arguments, add, command, trust_of
from collector.config import Config
from collector.errors import CollectorError
from collector.store import Store, devices, kinship, questions


def _questions(settings: Config, arguments: Arguments) -> int:
    del arguments
    with Store.glance(settings.store_url) as connection:
        found = questions.still_open(connection, trust_of(connection))
    for asked in found:
        print(f"{asked.question_id:>6}  {asked.device_a}  {asked.device_b}  {asked.reason}")
    print(f"{len(found):,} questions are open" if found else "nothing is asked")
    return 0


def _why(settings: Config, arguments: Arguments) -> int:
    with Store.glance(settings.store_url) as connection:
        trust_id = trust_of(connection)
        device_id = devices.surviving(connection, trust_id, arguments.device)
        found = kinship.of_device(connection, trust_id, device_id)
    if not found.claims:
        raise CollectorError(f"no device has the id {arguments.device}: see 'stocktake-collector devices'")
    print(f"{device_id} is one because of these claims:")
    for one in found.claims:
        told = ", told of by another device" if one.told_of else ""
        print(f"  claim {one.claim_id}: {one.subject}, {one.method}{told}, {one.first:%Y-%m-%d} to {one.last:%Y-%m-%d}")
        print(f"    {', '.join(one.marks) or 'says nothing that identifies it'}")
    for row in found.decided:
        print(f"decision {row.decision_id}, {row.recorded_from:%Y-%m-%d}: {row.verdict} with {row.other}: {row.reason}")
    for said in found.words:
        print(f"word {said.word_id}, {said.recorded_from:%Y-%m-%d}: {said.verdict}, by {said.actor}: {said.reason}")
    return 0


def add_to(group: Any) -> None:
    """Add these commands to the parser."""
    add(group, "questions", _questions, "list what cannot be decided without a person: which device is which")
    why = add(group, "why", _why, "say why a device is one: its claims, what was decided, what people said")
    why.add_argument("device", metavar="DEVICE")
    merge = add(group, "merge", command("merge", "one", "other", "reason"), "say that two devices are one")
    merge.add_argument("one", metavar="DEVICE")
    merge.add_argument("other", metavar="DEVICE")
    split = add(group, "split", command("split", "device", "claims", "reason"), "say that claims are of another device")
    split.add_argument("device", metavar="DEVICE")
    split.add_argument("claims", metavar="CLAIM", type=int, nargs="+", help="numbers that 'why' prints")
    undo = add(group, "undo-decision", command("undo_decision", "decision", "reason"), "undo a merge or a split")
    undo.add_argument("decision", metavar="DECISION", type=int, help="a number that 'why' prints")
    for word in (merge, split, undo):
        word.add_argument("--reason", required=True, help="why; kept with the word")
    back = add(group, "take-back", command("take_back", "word"), "take back what a person said of devices")
    back.add_argument("word", metavar="WORD", help="an id that 'why' prints")
