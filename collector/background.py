"""Work beside requests: it is done in the order in which it was asked for, in a thread that ends when nothing waits.

It knows neither what the work is nor for whom; whoever has it done keeps one line of it for each trust (`keeping`).
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from collector.errors import CollectorError

log = logging.getLogger(__name__)

Work = Callable[[], object]


@dataclass(slots=True)
class Waiting:
    """Work that waits or is under way, and who waits for its end."""

    work: Work
    done: threading.Event = field(default_factory=threading.Event)


class Jobs:
    """Named work, one piece after another. Threads may ask at once."""

    def __init__(self, name: str) -> None:
        """Nothing waits yet. `name`: of the thread."""
        self._name = name
        self._lock = threading.Lock()
        self._waiting: OrderedDict[Hashable, Waiting] = OrderedDict()

    def begin(self, key: Hashable, work: Work) -> threading.Event:
        """Have work done, and return at once what is set at its end. What is named alike and waits is done once."""
        with self._lock:
            idle = not self._waiting
            found = self._waiting.setdefault(key, Waiting(work))
            if idle:
                threading.Thread(target=self._go_on, name=self._name, daemon=True).start()
        return found.done

    def names(self) -> frozenset[Hashable]:
        """What is under way, or waits."""
        with self._lock:
            return frozenset(self._waiting)

    def _go_on(self) -> None:
        """Do what waits, and end: the thread ends with the last piece, whoever asks later begins another."""
        going = True
        while going:
            with self._lock:
                key, waiting = next(iter(self._waiting.items()))
            try:
                waiting.work()
            except Exception:  # the one place that isolates work in the background: the next piece is done all the same
                log.exception("work in the background failed: %s", self._name)
            with self._lock:
                del self._waiting[key]
                going = bool(self._waiting)
            waiting.done.set()


class Results:
    """What came of named work, of the last `most` pieces of it."""

    def __init__(self, name: str, most: int) -> None:
        """Nothing is known yet. `name`: of the thread."""
        self._jobs, self._most = Jobs(name), most
        self._lock = threading.Lock()
        self._found: OrderedDict[Hashable, object] = OrderedDict()

    def take(self, key: Hashable, work: Work) -> object | None:
        """What came of the work, a CollectorError included; None while it is under way, or waits: it begins with that.

        Work that fails in another way has a line in the log, and a CollectorError for whoever asked.
        """
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        self._jobs.begin(key, lambda: self._do(key, work))
        return None

    def _do(self, key: Hashable, work: Work) -> None:
        if key in self._found:
            return  # it was done between the look and the asking
        found = _outcome(work)
        with self._lock:
            self._found[key] = found
            while len(self._found) > self._most:
                self._found.popitem(last=False)


def _outcome(work: Work) -> object:
    try:
        return work()
    except CollectorError as error:
        return error
    except Exception:  # whoever asked is told, and not only the log
        log.exception("something could not be reckoned")
        return CollectorError("this could not be reckoned; the log says why")
