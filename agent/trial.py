"""Asks one device once by one credential alone, and says in words what it answered.

Both ends are here: `try_credential` in the main process, `main` in the child, which keeps the scan contract with a
budget of its own. One request and the session's one retry leave for the device, nothing else. This module does not know
who wants to know.
"""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

from agent.budget import Budget, Forbidden, Ledger, Limits
from agent.errands import Conversation, frame, parse
from agent.errors import WorkerFailed
from agent.examine import Target
from agent.examiner import CountingLedger
from agent.metrics import printable
from agent.plan import SYS_DESCR, SYS_OBJECT_ID
from agent.snmp.session import Opener, Refused, Silent, SnmpError
from agent.snmp.wire import over_wire
from agent.worker import Workers
from stocktake import ber
from stocktake.values import Binding, Credential
from stocktake.wire import decode_credential, encode_credential

ANSWER_SECONDS = 8.0  # for the device; what is left of ten is for the way
CHILD_SECONDS = 12.0
_SHOWN_CHARACTERS = 120  # of what a device says of itself

GOOD, REFUSED, SILENT, FORBIDDEN = "good", "refused", "silent", "forbidden"


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """How a trial ended: `good`, `refused` by the device, `silent`, or `forbidden` by the contract; and a sentence."""

    outcome: str
    sentence: str


# ------------------------------------------------------------------------------------------------ the main process


async def try_credential(
    target: Target, credential: Credential, limits: Limits, workers: Workers, ledger: CountingLedger
) -> Verdict:
    """Try one credential on one device. WorkerFailed where the child fails."""
    header = {
        "target": dataclasses.asdict(target),
        "credential": encode_credential(credential).hex(),
        "limits": dataclasses.asdict(limits),
    }
    found: Verdict | None = None
    async with workers.start("agent.trial:main", frame(header), deadline_seconds=CHILD_SECONDS) as worker:
        async for raw in worker:
            said, _ = parse(raw)
            if "ledger" in said:
                ledger.note_lines(str(said["ledger"]))
            elif said.get("outcome") in (GOOD, REFUSED, SILENT, FORBIDDEN):
                found = Verdict(said["outcome"], printable(str(said.get("sentence", "")))[:300])
    ledger.flush()
    if found is None:
        raise WorkerFailed("The trial ended without an answer.")
    return found


# ------------------------------------------------------------------------------------------------ the child


async def main(request: bytes, emit: Conversation) -> None:
    """Run as a child (`agent.worker`): one frame with the verdict, and frames for the ledger."""
    header, _ = parse(request)
    credential = decode_credential(bytes.fromhex(header["credential"]))
    told: dict[str, Any] = {n: tuple(each) if isinstance(each, list) else each for n, each in header["limits"].items()}
    budget = Budget(Limits(**told), ledger=Ledger(lambda lines: emit(frame({"ledger": lines}))))
    verdict = await ask(Target(**header["target"]), credential, budget, over_wire(budget))
    budget.flush()
    emit(frame(dataclasses.asdict(verdict)))


async def ask(
    target: Target, credential: Credential, budget: Budget, sessions: Opener, seconds: float = ANSWER_SECONDS
) -> Verdict:
    """Ask the device for sysDescr and sysObjectID by this credential alone."""
    who = f'{target.address} with "{credential.name}" (SNMP v{credential.version})'
    try:
        budget.refuse(target.address, target.port, target.mac)
        async with asyncio.timeout(seconds):
            found = await _probe(target, credential, sessions)
    except Forbidden as forbidden:
        return Verdict(FORBIDDEN, f"Not asked: {forbidden}.")
    except TimeoutError:
        return Verdict(SILENT, f"{who}: no answer in {seconds:g} s.")
    except Refused as error:
        return Verdict(REFUSED, f"{who}: the device answers, and refuses: {error}.")
    except Silent as error:
        return Verdict(SILENT, f"{who}: {_silence(error, credential)}")
    except SnmpError as error:
        return Verdict(SILENT, f"{who}: something answers, but not as SNMP does: {error}.")
    return Verdict(GOOD, f"{who}: it answers: {_words(found)}.")


async def _probe(target: Target, credential: Credential, sessions: Opener) -> tuple[Binding, ...]:
    session = await sessions(target.address, target.port, credential, "")
    try:
        return await session.get([SYS_DESCR, SYS_OBJECT_ID])
    finally:
        await session.close()


def _silence(error: Silent, credential: Credential) -> str:
    if error.closed:
        return "the device says that nothing listens there: SNMP is switched off."
    if credential.version == "3":
        return f"{error}. Either nobody is there, or SNMP is off or kept to other addresses."
    return f"{error}. A device does not answer a wrong community: it may be wrong, or SNMP off, or nobody there."


def _words(found: tuple[Binding, ...]) -> str:
    """What the device says of itself, in quotes; its object id where it says nothing."""
    description, kind = found
    if description.tag == ber.OCTET_STRING and (text := description.value.decode("utf-8", "replace").strip()):
        return f'"{text[:_SHOWN_CHARACTERS]}"'
    try:
        return f"it is {ber.oid_text(kind.value)}" if kind.tag == ber.OBJECT_IDENTIFIER else "it says nothing of itself"
    except ber.BerError:
        return "it says nothing of itself"
