"""What is remembered of each device between examinations: what it answers at once, its credential, what it was asked.

Plain data that survives a restart as JSON, bounded in size. It holds names of credentials, never their secrets. This
module asks nobody anything.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

LARGEST_BULK = 25
_GROUPS_LIMIT = 1_000  # of one device; a plan has fewer
CREDENTIALS_A_DAY = 3
DEVICES_LIMIT = 65_536


@dataclass(slots=True)
class Habit:
    """One device's: rows it answers in one GETBULK (0: ask by GETNEXT), and what became of credentials.

    `credential` is the name of the one that last worked. `day` is the ISO date of `tried`: name → whether the device
    refused it outright (True) or only was silent (False). `unheard` is the credential that last met with silence, until
    one works: the next one's turn comes after it. `asked` is what `agent.plan.due` goes by, and `face` whom it is true
    of: another face was never asked. `empty`: when groups were asked that never told anything (`agent.plan.silent`).
    """

    repetitions: int = LARGEST_BULK
    credential: str = ""
    day: str = ""
    tried: dict[str, bool] = field(default_factory=dict)
    unheard: str = ""
    face: str = ""
    asked: dict[str, int] = field(default_factory=dict)
    empty: dict[str, int] = field(default_factory=dict)

    def may_try(self, name: str, day: str) -> bool:
        """Whether a credential may be tried today: at most 3 different ones a day, and none again that was refused."""
        if name == self.credential or day != self.day:
            return True
        if name in self.tried:
            return not self.tried[name]
        return len(self.tried) < CREDENTIALS_A_DAY

    def failed(self, name: str, day: str, *, refused: bool) -> None:
        """Remember that a credential did not work today."""
        if day != self.day:
            self.day, self.tried = day, {}
        self.tried[name] = refused
        if refused and name == self.credential:
            self.credential = ""

    def worked(self, name: str) -> None:
        """Remember that a credential works."""
        self.credential, self.unheard = name, ""
        self.tried.pop(name, None)

    def meet(self, face: str) -> None:
        """Forget what was asked where somebody else answers there now."""
        if face != self.face:
            self.face, self.asked, self.empty = face, {}, {}

    def told(self, key: str, now: int, *, anything: bool) -> None:
        """Remember that a group was asked to its end, and whether it told anything; one that did once is not empty."""
        if anything:
            self.empty.pop(key, None)
        elif key in self.empty or not self.asked.get(key):
            self.empty[key] = now
        self.asked[key] = now

    def restarted(self, when: float) -> None:
        """The device began anew (seconds since the epoch): what it did not tell before is to be asked now."""
        self.empty = {key: asked if asked >= when else 0 for key, asked in self.empty.items()}


class Habits:
    """The habits of many devices, by `address@network` (two networks may have the same addresses); oldest go first."""

    def __init__(self) -> None:
        self._habits: OrderedDict[str, Habit] = OrderedDict()

    def of(self, address: str, network: str) -> Habit:
        """The habit of one device, to be read and changed."""
        key = f"{address}@{network}"
        habit = self._habits.setdefault(key, Habit())
        self._habits.move_to_end(key)
        if len(self._habits) > DEVICES_LIMIT:
            self._habits.popitem(last=False)
        return habit

    def forget_asked(self) -> None:
        """Every group of every device is due again; how devices like to be asked stays."""
        for habit in self._habits.values():
            habit.asked, habit.empty = {}, {}

    def forget_faces(self, holds: Callable[[str], bool]) -> None:
        """Forget devices whose address holds what must not be kept, and of all others whom their habits are of.

        A face is a digest of a MAC among others, and could be guessed from; each device is asked everything once more.
        """
        for key in [key for key in self._habits if holds(key)]:
            del self._habits[key]
        for habit in self._habits.values():
            habit.face = ""

    def to_json(self) -> str:
        """All of it as text."""
        return json.dumps({key: asdict(habit) for key, habit in self._habits.items()})

    @classmethod
    def from_json(cls, text: str) -> Habits:
        """What `to_json` wrote; what cannot be read is forgotten, as habits are only a help."""
        habits = cls()
        try:
            entries = json.loads(text)
        except ValueError:
            return habits
        for key, entry in list(entries.items())[-DEVICES_LIMIT:] if isinstance(entries, dict) else ():
            if isinstance(entry, dict) and (habit := _habit(entry)):
                habits._habits[key] = habit
        return habits


def stored(content: Mapping[str, Any] | None, agent_id: str) -> Habits:
    """The habits that an agent kept. What it asked under another identity does not count: another collector has it."""
    kept = content or {}
    habits = Habits.from_json(str(kept.get("habits", "{}")))
    if kept.get("agent") != agent_id:
        habits.forget_asked()
    return habits


def _habit(entry: dict[str, Any]) -> Habit | None:
    repetitions, tried = entry.get("repetitions"), entry.get("tried")
    if not isinstance(repetitions, int) or not 0 <= repetitions <= LARGEST_BULK or not isinstance(tried, dict):
        return None
    day, credential = str(entry.get("day", "")), str(entry.get("credential", ""))
    unheard, face, asked = str(entry.get("unheard", "")), str(entry.get("face", "")), entry.get("asked")
    held = {str(name): bool(no) for name, no in tried.items()}
    return Habit(repetitions, credential, day, held, unheard, face, _times(asked), _times(entry.get("empty")))


def _times(entry: object) -> dict[str, int]:
    if not isinstance(entry, dict) or len(entry) > _GROUPS_LIMIT:
        return {}
    return {str(key): seconds for key, seconds in entry.items() if isinstance(seconds, int) and seconds >= 0}
