"""What every test of Stocktake stands on: programs and privileges named by markers, and two guards around each test.

`needs("snmpd", …)` and `root` skip a test where a program or the right to make network namespaces is missing. With
`STOCKTAKE_NO_SKIP=1` (CI) nothing may be skipped for any reason: every skip is reported as a failure. The guards: a
test leaves no thread behind, and the test process itself speaks to nothing but loopback. It knows nothing of what is
tested.
"""

from __future__ import annotations

import functools
import ipaddress
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

#: where Debian keeps programs that are not on everybody's PATH
PROGRAM_FOLDERS = ("/usr/sbin", "/sbin", "/usr/local/sbin")

#: threads that libraries keep for the life of the process: gRPC's pollers, asyncio's pool of an open loop
LASTING_THREADS = ("grpc", "_poll_wrapper", "asyncio_", "AnyIO", "pytest_timeout", "pydevd", "execnet")

THREAD_PATIENCE_SECONDS = 2.0

#: whole ways of the data, and files that take a minute or more: each is one worker's, and they are begun first
LONGEST = {"end_to_end", "test_web_accessible.py", "test_erasure_everywhere.py", "test_web_people_access.py"}


# ------------------------------------------------------------------------------------------------ markers


def find_program(name: str) -> str | None:
    """The path of a program on PATH, in the system folders, or in PostgreSQL's own; None where it is not installed."""
    postgres = sorted(str(folder) for folder in Path("/usr/lib/postgresql").glob("*/bin"))
    return shutil.which(name) or shutil.which(name, path=os.pathsep.join([*PROGRAM_FOLDERS, *postgres]))


@functools.cache
def can_make_namespaces() -> bool:
    """Whether this process may make network namespaces; tried once, on one that is removed at once."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or find_program("ip") is None:
        return False
    name = f"stp-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False)
    subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
    return made.returncode == 0


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose markers name something that this machine does not have."""
    for marker in item.iter_markers("needs"):
        missing = [program for program in marker.args if find_program(program) is None]
        if missing:
            pytest.skip(f"not installed: {', '.join(missing)}")
    if item.get_closest_marker("root") and not can_make_namespaces():
        pytest.skip("needs root and network namespaces")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left alone with a long file at the end."""
    items.sort(key=lambda item: LONGEST.isdisjoint(item.path.parts))


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure where CI forbids skipping; an expected failure (xfail) is no skip."""
    if not report.skipped or hasattr(report, "wasxfail") or os.environ.get("STOCKTAKE_NO_SKIP") != "1":
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"STOCKTAKE_NO_SKIP=1 allows no skip, but this test would be skipped. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Refuse skips of tests, whether by marker, by fixture or by a call of pytest.skip."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Refuse skips of whole files (pytest.importorskip, allow_module_level)."""
    report = yield
    _refuse_skip(report)
    return report


# ------------------------------------------------------------------------------------------------ guards


@pytest.fixture(autouse=True)
def _no_thread_stays_behind() -> Iterator[None]:
    """Fail a test that leaves a thread running, after some patience for threads that are just ending."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + THREAD_PATIENCE_SECONDS
    while left := _new_threads(before):
        if time.monotonic() > deadline:
            pytest.fail(f"the test left threads behind: {', '.join(sorted(thread.name for thread in left))}")
        time.sleep(0.01)


def _new_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    now = (thread for thread in threading.enumerate() if thread not in before and thread.is_alive())
    return [thread for thread in now if not any(name in thread.name for name in LASTING_THREADS)]


def is_local(host: object) -> bool:
    """Whether a host of a socket address is this machine: loopback, localhost, or the machine's own name."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if not isinstance(host, str) or host in ("", "localhost", socket.gethostname()):
        return True  # no name means any of our own addresses, as when listening
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _destination(event: str, args: tuple[Any, ...]) -> object:
    """The host that a socket call speaks to; None where it names none or is no internet socket."""
    if event == "socket.getaddrinfo":
        return args[0]
    if event not in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        return None
    if args[0].family not in (socket.AF_INET, socket.AF_INET6) or not isinstance(args[1], tuple):
        return None
    return args[1][0]


def _speak_to_loopback_only(event: str, args: tuple[Any, ...]) -> None:
    """Audit hook: refuse to resolve or reach anything but this machine; numeric addresses may be resolved."""
    if not event.startswith("socket."):
        return
    host = _destination(event, args)
    if host is None or is_local(host) or (event == "socket.getaddrinfo" and _is_number(host)):
        return
    raise PermissionError(f"a test tried to reach {host!r} ({event}); tests speak to loopback only")


def _is_number(host: object) -> bool:
    try:
        ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return True


sys.addaudithook(_speak_to_loopback_only)
