"""Where a sweep is, so that one that was interrupted goes on with the network it had come to; how credentials fare.

It watches and counts; it does not know why a sweep is interrupted.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from agent.examiner import Answer
from agent.metrics import printable
from agent.roll import Roll
from agent.sweep import Tally, Watcher
from agent.targets import Seen


class Progress(Watcher):
    """The networks that are done, and what was found on them. What is interrupted is counted when it is done anew.

    Who answered is called up on the `roll`, for rounds of health.
    """

    def __init__(self, roll: Roll | None = None) -> None:
        self._roll = roll if roll is not None else Roll()
        self._far = False
        self.done: list[str] = []
        self.tally = Tally()
        self._network: str | None = None
        self._current = Tally()

    def left(self, networks: tuple[str, ...]) -> tuple[str, ...]:
        """The networks that are still to be swept."""
        self._network, self._current = None, Tally()
        return tuple(network for network in networks if network not in self.done)

    def looking(self, network: str) -> None:
        """A network's turn has come, so the one before it is done."""
        self._settle()
        self._network = network

    def seen(self, seen: Seen) -> None:
        """Who was seen."""
        self._far = seen.far
        self._current.sightings += len(seen.sightings)

    def answered(self, answer: Answer) -> None:
        """One device answered, or did not."""
        self._current.examinations += answer.examination is not None
        self._current.silent += answer.examination is None
        if answer.examination is not None:
            self._roll.answered(answer.target)
        elif not answer.why and not self._far:
            self._roll.only_seen(answer.target)

    def finish(self) -> Tally:
        """All networks are done: the figures, and the next sweep begins with the first."""
        self._settle()
        found, self.tally, self.done = self.tally, Tally(), []
        return found

    def _settle(self) -> None:
        if self._network is not None:
            self.done.append(self._network)
            for name in ("sightings", "examinations", "silent"):
                setattr(self.tally, name, getattr(self.tally, name) + getattr(self._current, name))
        self._network, self._current = None, Tally()


USES_LIMIT = 64


def credential_uses(habits: str) -> tuple[list[dict[str, Any]], int]:
    """How each credential fares with the devices of these habits (JSON): the JSON forms of CredentialUse.

    And how many devices refused one and took none.
    """
    found: dict[str, dict[str, int]] = defaultdict(lambda: {"devices": 0, "refused": 0, "silent": 0})
    refusing = 0
    for habit in json.loads(habits).values():
        taken = habit["credential"]
        if taken:
            found[taken]["devices"] += 1
        for name, refused in habit["tried"].items():
            found[name]["refused" if refused else "silent"] += name != taken
        refusing += not taken and any(habit["tried"].values())
    names = sorted(found)[:USES_LIMIT]
    return [{"name": printable(name)[:64]} | found[name] for name in names], refusing
