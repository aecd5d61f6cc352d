"""This machine as evidence, read by a child process: the readers, and what firmware says, are gone afterwards.

Both ends are here: `examine_host` in the main process, `main` in the child. It knows nothing of the groups but that
some change all the time.
"""

from __future__ import annotations

from agent.errands import Conversation, frame, parse
from agent.errors import WorkerFailed
from agent.worker import Workers
from stocktake.values import Examination, Method, Subject, SubjectKind
from stocktake.wire import WireError, decode_examination, encode_examination

SECONDS = 180.0


async def examine_host(workers: Workers, *, volatile_only: bool = False) -> Examination:
    """What this machine says of itself; `volatile_only` leaves out what hardly changes. WorkerFailed where it fails."""
    frames = await workers.run("agent.own:main", frame({"volatile_only": volatile_only}), deadline_seconds=SECONDS)
    try:
        return decode_examination(frames[0])
    except (IndexError, WireError) as error:
        raise WorkerFailed(f"This machine's evidence cannot be read: {error}") from None


def main(request: bytes, emit: Conversation) -> None:
    """Run as a child (`agent.worker`): one frame, the serialised examination."""
    from agent import host  # noqa: PLC0415  # psutil and the readers are for the child alone

    header, _ = parse(request)
    only = [group.name for group in host.groups() if group.volatile] if header["volatile_only"] else None
    emit(encode_examination(Examination(Subject(SubjectKind.HOST), Method.HOST, host.examine(only=only))))
