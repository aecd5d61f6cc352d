"""Work in the background: in its order, once, and whatever becomes of the piece before."""

from __future__ import annotations

import threading

import pytest

from collector.background import Jobs, Results
from collector.errors import CollectorError
from waiting import eventually


def test_what_waits_is_done_in_its_order_and_what_is_named_alike_once() -> None:
    jobs, go, done = Jobs("trial"), threading.Event(), []
    jobs.begin("first", go.wait)
    ends = [jobs.begin(name, lambda name=name: done.append(name)) for name in ("b", "a", "b")]  # type: ignore[misc]
    assert jobs.names() == {"first", "b", "a"}
    go.set()
    assert all(end.wait(20) for end in ends)
    assert done == ["b", "a"]
    assert eventually(lambda: not jobs.names())


def test_work_that_fails_is_logged_and_keeps_nothing_from_being_done(caplog: pytest.LogCaptureFixture) -> None:
    jobs, done = Jobs("trial"), []
    assert jobs.begin("bad", lambda: 1 / 0).wait(20)
    assert jobs.begin("good", lambda: done.append(1)).wait(20)
    assert done == [1]
    assert "ZeroDivisionError" in caplog.text


def test_results_are_found_once_they_are_there_and_the_oldest_are_forgotten() -> None:
    results = Results("trial", 2)
    for key in ("a", "b", "c"):
        assert results.take(key, lambda key=key: f"made {key}") is None  # type: ignore[misc]
        assert eventually(lambda key=key: results.take(key, lambda: "again")) == f"made {key}"  # type: ignore[misc]
    assert results.take("a", lambda: "made again") is None
    assert results.take("c", lambda: "again") == "made c"


def test_work_that_fails_tells_whoever_asked() -> None:
    def refuse() -> object:
        raise CollectorError("there are no caps")

    results = Results("trial", 2)
    for work, said in ((refuse, "no caps"), (lambda: 1 / 0, "the log says why")):
        assert said in str(eventually(lambda work=work, said=said: results.take(said, work)))  # type: ignore[misc]
