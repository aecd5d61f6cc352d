"""`make demo`: three simulated schools with three agents and one collector, everything real in between.

Recorded devices answer real SNMP on loopback addresses (127.50.x.y); no packet leaves this machine. Everything lies in
var/demo and is made anew each time.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from demo import farm, schools
from local import ROOT, Local, LocalError, fresh, stop_on_sigterm

RECORDINGS = ROOT / "tests" / "devices"
AGENT = (
    f'snmp_port = {schools.PORT}\nsync_interval = "30s"\nreport_host = false\ncredentials_file = "{{credentials}}"\n'
)


def main() -> int:
    """Start all, print the link, wait for Ctrl-C."""
    stop_on_sigterm()
    local = Local(fresh(ROOT / "var" / "demo"), 8445, 8446)
    try:
        with _farm() as count:
            _start(local)
            print(_greeting(local, count), flush=True)
            local.wait()
    except LocalError as error:
        print(f"make demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    finally:
        local.stop()
    return 0


def _start(local: Local) -> None:
    first, *others = schools.SCHOOLS
    local.collector("init", "--trust", "Three Rivers Trust", "--school", first.name, "--urn", first.urn)
    local.start_collector()
    for school in others:
        local.collector("school", school.name, "--urn", school.urn)
    credentials = local.folder / "credentials.toml"
    credentials.touch(0o600)
    credentials.write_text('[[credential]]\nname = "demo"\nversion = "2c"\ncommunity = "public"\n', "utf-8")
    for number, school in enumerate(schools.SCHOOLS, 1):
        extra = AGENT.format(credentials=credentials)
        local.start_agent(f"agent-{number}", school.name, networks=[school.network], extra=extra)


@contextmanager
def _farm() -> Iterator[int]:
    """The devices of all schools, answering from a thread as long as the context is open; gives their number."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="farm", daemon=True)
    thread.start()
    devices = {at: device for _, found in schools.all_devices(RECORDINGS) for at, device in found.items()}
    try:
        opened = asyncio.run_coroutine_threadsafe(farm.serve(devices, schools.PORT), loop).result(10)
        yield len(opened)
    except OSError as error:
        raise LocalError(f"the simulated devices cannot listen on UDP port {schools.PORT}: {error}") from error
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _greeting(local: Local, count: int) -> str:
    listed = "\n".join(f"  {school.name:20} {school.network}" for school in schools.SCHOOLS)
    return f"""
Three simulated schools, {count} devices that answer real SNMP on loopback, three agents, one collector.

{listed}

  Sign in (once, within 15 minutes):  {local.collector("link")}
  Your browser will warn of a certificate it does not know: it is this collector's own.

  The register:  .venv/bin/stocktake-collector --config {local.folder / "collector.toml"} devices
  Logs:          {local.folder}/*.log

Devices appear within a minute. Ctrl-C ends the demo.
"""


if __name__ == "__main__":
    sys.exit(main())
