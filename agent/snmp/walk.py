"""Reads scalars and walks tables over a session, to their end or to the limits, whatever the device does.

It knows neither what a table means nor how its answers travel. For every walk it holds that:

1. OIDs of a table strictly increase, against all that came before; one that does not ends it (agents run in circles).
2. A table ends where an OID leaves it, or at endOfMibView: only then is it complete. Everything else cuts it short.
3. A table has at most 50,000 bindings and 8 MB; a device 200,000 bindings and 15 minutes; and where no new OID came
   for 10 seconds, nothing more is asked. Nor is it where the scan contract says so; what came before stays.
4. A device is asked in portions it can answer: 25 rows, 10, 1, then GETNEXT. It steps down where the device says
   tooBig or genErr, is silent (twice, if it answered that much before: packets get lost), or answers rubbish. What
   worked is remembered in its habit. A GETBULK that met with silence is tried again once a smaller one worked, until
   that makes three times.
5. One that answers 25 rows is asked for as many more as should fit into one Ethernet frame, going by the size of its
   last answer, until that is refused, or met with silence as often.
6. Tables share a question until an answer has no room for one row of all of them: values of some are that large, and
   would hold up the others. From then on each is asked by itself.
"""

from __future__ import annotations

import struct
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import lt

from agent.budget import Forbidden
from agent.snmp.habits import LARGEST_BULK, Habit
from agent.snmp.session import Refused, Session, Silent, SnmpError
from stocktake import ber
from stocktake.values import Binding

TABLE_BINDINGS = 50_000
TABLE_OCTETS = 8_000_000
DEVICE_BINDINGS = 200_000
DEVICE_SECONDS = 15 * 60.0
PROGRESS_SECONDS = 10.0
_STEPS = (LARGEST_BULK, 10, 1, 0)
_COLUMNS = 5  # tables that share one question
_COLUMNS_BY_GETNEXT = 10
_SILENCES = 3  # after which a portion is given up, as then it is not packets that get lost
_SCALARS = 20  # scalars in one question
_BINDING_OCTETS = 16  # what a binding weighs besides its text and value
_HEADS_OCTETS = 6  # tags and lengths of a short binding
_MOST_BINDINGS = 64  # in one answer
_LAST = 15  # bindings of an answer that tell how large the next ones will be


@dataclass(frozen=True, slots=True)
class Walked:
    """What came of one table. `reason` says why it is not complete."""

    root: str
    bindings: tuple[Binding, ...]
    complete: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of a group's scalars: those that have a value. `reason` says why some could not be asked."""

    bindings: tuple[Binding, ...]
    complete: bool
    reason: str = ""


class Meter:
    """What one examination of one device may still take. `stopped` says why nothing more, empty while it goes on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun = self._progress = clock()
        self._bindings = 0
        self.stopped = ""
        self.worked: int | None = None  # the last portion that was answered
        self._fitting = LARGEST_BULK  # bindings that should fit into one frame
        self._growths = _SILENCES
        self._silent: Counter[int] = Counter()  # how often a portion met with silence since it was last answered

    def hear(self, error: SnmpError | Forbidden) -> None:
        """Stop where an error means that the device is gone, or that the contract forbids more."""
        if isinstance(error, Forbidden) or (isinstance(error, Silent) and error.closed):
            self.stopped = str(error)

    def progress(self, bindings: int) -> None:
        """Count new bindings."""
        self._bindings += bindings
        if bindings:
            self._progress = self._clock()

    def portion(self, repetitions: int) -> int:
        """How many bindings to ask for: a full frame of them where the largest portion was answered."""
        grown = self._growths and repetitions == LARGEST_BULK == self.worked
        return max(repetitions, self._fitting) if grown else repetitions

    def answered(self, repetitions: int, found: Sequence[Binding], room: int) -> int:
        """Learn from the answer to a portion: which one to go on with. `room` is `Session.room`."""
        self.worked = repetitions
        self._silent[repetitions] = 0
        if found:
            last = found[-_LAST:]
            names = len(last) * (len(last[-1].oid) // 2 + _HEADS_OCTETS)  # an arc is two characters to an octet
            octets = names + sum([len(binding.value) for binding in last])
            self._fitting = min(_MOST_BINDINGS, room * len(last) // octets)
        larger = _STEPS[max(0, _STEPS.index(repetitions) - 1)]
        return larger if repetitions and 0 < self._silent[larger] < _SILENCES else repetitions

    def failed(self, repetitions: int, asked: int, error: SnmpError) -> None:
        """Learn from a portion that failed, and how much it was."""
        if asked > LARGEST_BULK:
            self._growths = self._growths - 1 if isinstance(error, Silent) else 0
        elif isinstance(error, Silent):
            self._silent[repetitions] += 1

    def excuse(self) -> None:
        """Begin to wait for progress anew: what was silent is not the device as a whole."""
        self._progress = self._clock()

    def exhausted(self) -> str:
        """Why nothing more may be asked, or an empty text."""
        now = self._clock()
        if self.stopped:
            return self.stopped
        if self._bindings >= DEVICE_BINDINGS:
            return f"the device has more than {DEVICE_BINDINGS} objects"
        if now - self._begun >= DEVICE_SECONDS:
            return f"the examination took more than {DEVICE_SECONDS / 60:g} minutes"
        if now - self._progress >= PROGRESS_SECONDS:
            return f"nothing new came for {PROGRESS_SECONDS:g} s"
        return ""


# ------------------------------------------------------------------------------------------------ scalars


async def fetch(session: Session, oids: Sequence[str], meter: Meter) -> Fetched:
    """The scalars that have a value. A question that is too big, or fails, is asked again in halves.

    Silence is asked once more, as packets get lost; where it lasts, the rest is left.
    """
    found: list[Binding] = []
    reason, silent = "", False
    waiting = [list(oids[at : at + _SCALARS]) for at in range(0, len(oids), _SCALARS)]
    while waiting:
        asked = waiting.pop(0)
        if exhausted := meter.exhausted():
            return Fetched(tuple(found), complete=False, reason=exhausted)
        try:
            answer = await session.get(asked)
        except (Silent, Forbidden) as error:
            meter.hear(error)
            if silent or meter.stopped:
                return Fetched(tuple(found), complete=False, reason=str(error))
            silent = True
            waiting.insert(0, asked)
            continue
        except SnmpError as error:
            silent = False
            if len(asked) > 1:
                waiting[:0] = [asked[: len(asked) // 2], asked[len(asked) // 2 :]]
            else:
                reason = f"{asked[0]}: {error}"
            continue
        silent = False
        meter.progress(len(answer))
        found += (binding for binding in answer if binding.tag not in ber.EXCEPTIONS)
    return Fetched(tuple(found), complete=not reason, reason=reason)


# ------------------------------------------------------------------------------------------------ tables


@dataclass(slots=True)
class _Table:
    """One table while it is walked. `at` is the greatest OID so far, `order` what that is compared by."""

    root: str
    at: str
    order: bytes = b""
    inside: bytes = b""  # what the order of all objects of the table begins with
    bindings: list[Binding] = field(default_factory=list)
    octets: int = 0
    ended: bool = False
    complete: bool = False
    reason: str = ""

    def __post_init__(self) -> None:
        self.order, self.inside = _orders[self.at], _orders[self.root]

    def take(self, found: Sequence[Binding]) -> int:
        """Take what the device says comes next, up to where that ends the table: how many new bindings that makes."""
        if not found:
            return 0
        oids, tags, values = zip(*found, strict=True)
        orders = list(map(_orders.__getitem__, oids))
        octets = sum(map(len, oids)) + sum(map(len, values)) + _BINDING_OCTETS * len(found)
        if not self._all_belong(orders, tags) or not self._has_room(octets, len(found)):
            return self._take_singly(found)
        self.bindings += found
        self.octets += octets
        self.at, self.order = oids[-1], orders[-1]
        return len(found)

    def _all_belong(self, orders: Sequence[bytes], tags: Iterable[int]) -> bool:
        """Whether all of them are rows of this table in their order. What stands between two objects of a table does.

        All are looked at at once, which takes a third of the time: the answers in the midst of a table are so.
        """
        return (
            self.order < orders[0]
            and all(map(lt, orders, orders[1:]))
            and orders[-1].startswith(self.inside)
            and ber.EXCEPTIONS.isdisjoint(tags)
        )

    def _has_room(self, octets: int, bindings: int) -> bool:
        return self.octets + octets <= TABLE_OCTETS and len(self.bindings) + bindings <= TABLE_BINDINGS

    def _take_singly(self, found: Sequence[Binding]) -> int:
        taken = len(self.bindings)
        for binding in found:
            if self._ends(binding):
                break
            octets = len(binding.value) + len(binding.oid) + _BINDING_OCTETS
            if not self._has_room(octets, 1):
                self.cut(f"the table has more than {TABLE_BINDINGS} objects or {TABLE_OCTETS // 10**6} MB")
                break
            self.bindings.append(binding)
            self.octets += octets
            self.at, self.order = binding.oid, _orders[binding.oid]
        return len(self.bindings) - taken

    def _ends(self, binding: Binding) -> bool:
        """End the table where a binding does not belong into it."""
        order = _orders[binding.oid]
        if binding.tag in ber.EXCEPTIONS:
            self.ended = self.complete = True
        elif order <= self.order:
            self.cut(f"the device goes in circles: {binding.oid[:80]} after {self.at[:80]}")
        elif not order.startswith(self.inside):
            self.ended = self.complete = True
        return self.ended

    def cut(self, reason: str) -> None:
        """The table is given up."""
        self.ended, self.reason = True, reason


class _Orders(dict[str, bytes]):
    """What OIDs that a session returned are compared by: their arcs in four octets each. Forgotten where they are many.

    Devices have the same columns, and most of them the same rows.
    """

    def __missing__(self, oid: str) -> bytes:
        if len(self) >= _ORDERS_LIMIT:
            self.clear()
        arcs = [*map(int, oid.split("."))]  # what a session returns was read by the strict reader
        self[oid] = order = struct.pack(f">{len(arcs)}I", *arcs)
        return order


_ORDERS_LIMIT = 8_192
_orders = _Orders()


async def walk(session: Session, roots: Sequence[str], meter: Meter, habit: Habit) -> tuple[Walked, ...]:
    """The tables under these OIDs, in their order. Several share one question."""
    tables = [_Table(root := ".".join(map(str, ber.oid_key(each))), root) for each in roots]
    left = list(tables)
    most = _COLUMNS_BY_GETNEXT
    while left:
        if exhausted := meter.exhausted():
            for table in left:
                table.cut(exhausted)
            break
        try:
            columns = min(_COLUMNS if habit.repetitions else _COLUMNS_BY_GETNEXT, most)
            if not await _step(session, left[:columns], meter, habit):
                most = 1
        except Forbidden as error:
            meter.hear(error)
        left = [table for table in left if not table.ended]
    return tuple(
        Walked(root, tuple(table.bindings), table.complete, table.reason)
        for root, table in zip(roots, tables, strict=True)
    )


async def _step(session: Session, tables: list[_Table], meter: Meter, habit: Habit) -> bool:
    """Ask once for what follows in these tables, in smaller and smaller portions until the device answers.

    False where its answer had no room for one row of all of them. The clock of the meter is not asked here: a device
    that ignores GETBULK needs 9 seconds to show it, once.
    """
    failure: SnmpError | None = None
    asked = -1
    for repetitions in _portions(meter, habit):
        before, asked = asked, repetitions if failure else meter.portion(repetitions)
        if isinstance(failure, Refused) and asked == before:
            continue  # saying it twice does not help
        try:
            found = await session.next([table.at for table in tables], _rows(asked, len(tables)))
        except SnmpError as error:
            failure = error
            meter.hear(error)
            meter.failed(repetitions, asked, error)
            if _one_may_be_to_blame(error, tables) or meter.stopped:
                break
            continue
        habit.repetitions = meter.answered(repetitions, found, session.room)
        _take(tables, found, meter)
        return len(found) >= len(tables)
    if isinstance(failure, Silent) or len(tables) == 1:
        _cut_all(tables, str(failure))
    else:
        await _step_alone(session, tables, meter, habit)
    return True


async def _step_alone(session: Session, tables: list[_Table], meter: Meter, habit: Habit) -> None:
    """Ask once for each table by itself."""
    for table in tables:
        await _step(session, [table], meter, habit)


def _portions(meter: Meter, habit: Habit) -> tuple[int, ...]:
    """Rows to ask for in one question, largest first; what worked before stands twice."""
    first = _STEPS.index(habit.repetitions) if habit.repetitions in _STEPS else 0
    again = _STEPS[first : first + 1] if meter.worked == _STEPS[first] else ()
    return (*again, *_STEPS[first:])


def _one_may_be_to_blame(error: SnmpError, tables: list[_Table]) -> bool:
    """Whether a refusal may be due to one of several tables: then each is asked for alone."""
    return isinstance(error, Refused) and error.status != ber.TOO_BIG and len(tables) > 1


def _rows(repetitions: int, columns: int) -> int:
    """Rows to ask for, so that all columns together are about as many bindings as one column alone would be."""
    return max(1, repetitions // columns) if repetitions else 0


def _take(tables: list[_Table], found: Sequence[Binding], meter: Meter) -> None:
    """Deal the bindings of an answer out to the tables that were asked for, row by row (RFC 3416 4.2.3)."""
    if not found:
        _cut_all(tables, "the device answered with nothing")
    elif len(tables) == 1:
        meter.progress(tables[0].take(found))
    else:
        meter.progress(sum([table.take(found[number :: len(tables)]) for number, table in enumerate(tables)]))


def _cut_all(tables: list[_Table], reason: str) -> None:
    for table in tables:
        table.cut(reason)
