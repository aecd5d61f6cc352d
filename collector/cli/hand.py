"""Commands that ask agents for something now."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from collector.cli.frame import ANSWER_SECONDS, Arguments, add, command, execute, time_of
from collector.config import Config


def _wish(name: str, *keys: str) -> Callable[[Config, Arguments], int]:
    """A wish to an agent: made, then awaited for half a minute. Status 1 where nothing came of it in that time."""

    def run(settings: Config, arguments: Arguments) -> int:
        wish_id = execute(settings, name, {key: getattr(arguments, key) for key in keys})
        deadline = time.monotonic() + arguments.wait
        while True:
            state, _, said = execute(settings, "wish", {"wish_id": wish_id}).partition("\n")
            if state == "done" or time.monotonic() >= deadline:
                print(said)
                return 0 if state == "done" else 1
            time.sleep(0.5)

    return run


def _pause(settings: Config, arguments: Arguments) -> int:
    print(execute(settings, "pause", {"school": arguments.school, "until": arguments.until.isoformat()}))
    return 0


def add_to(group: Any) -> None:
    """Add these commands to the parser."""
    trial = add(
        group, "try-credential", _wish("try_credential", "name", "address", "school"),
        "have an agent ask one device by one credential, and say what it answered",
    )  # fmt: skip
    trial.add_argument("name", help="of the credential")
    trial.add_argument("address", help="of the device")
    trial.add_argument("--school", required=True, help="the school where the device stands, or School/Site")
    look = add(group, "look", _wish("look", "what", "school"), "have a device or a network looked at now")
    look.add_argument("what", metavar="DEVICE|NETWORK", help="a device's id, or a network such as 10.1.0.0/22")
    look.add_argument("--school", default="", help="where several schools have that network")
    for wish in (trial, look):
        wish.add_argument("--wait", type=float, default=ANSWER_SECONDS, metavar="SECONDS", help="at most (default 30)")
    pause = add(group, "pause", _pause, "have nothing sent to a school's devices until a time")
    pause.add_argument("school", help="a school, or School/Site")
    pause.add_argument("--until", type=time_of, required=True, metavar="TIME", help="local time, as 2026-08-31T16:00")
    resume = add(group, "resume", command("resume", "school"), "end the pause of a school")
    resume.add_argument("school", help="a school, or School/Site")
