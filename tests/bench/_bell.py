"""What a thousand idle agents cost the collector while they wait at its bell: memory, and processor time while idle.

`measure(figures)` is called by the benchmark of reach. The agents are real ends of the wire in a process of their own.
"""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from _figures import Figures
from _memory import pss_mb

from agent import bell
from collector.intake.bell import Bell
from collector.intake.certificates import Authority
from collector.intake.doorway import Doorway
from collector.store import Store, Transaction, agents, places
from stocktake.tokens import BELL_SERVER_NAME

AGENTS = 1_000
IDLE_SECONDS = 10.0
SECRET = b"s" * 32


def measure(figures: Figures) -> None:
    """The figures of a thousand agents."""
    _allow_files()
    with tempfile.TemporaryDirectory(prefix="stbell-") as folder:
        memory, share = asyncio.run(_measured(Path(folder)))
    figures.at_most(f"{AGENTS:,} agents waiting at the bell, memory of the collector", memory, 60, "MB")
    figures.at_most(f"{AGENTS:,} agents waiting at the bell, processor while idle", share, 2, "% of a core")


def _allow_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 4 * AGENTS), hard), hard))


async def _measured(folder: Path) -> tuple[float, float]:
    """MB that the waiting agents take here, and the share of a core in percent."""
    now = datetime.now(UTC)
    store = Store.open(f"sqlite:///{folder / 'store.db'}")
    trust_id = store.write(lambda connection: _trust(connection, now))
    authority = Authority.open(folder / "ca", now)
    authority.server(folder / "ca", ["localhost"], now)
    chain = (folder / "ca" / "server.crt", folder / "ca" / "server.key")
    tower = Bell(store, SECRET, chain, lambda: datetime.now(UTC))
    doorway = Doorway({BELL_SERVER_NAME: tower.enter})
    port = await doorway.open("127.0.0.1", 0)
    watch = asyncio.create_task(tower.watch())
    before = pss_mb(os.getpid())
    crowd = subprocess.Popen(  # noqa: ASYNC220  # before anybody waits
        [sys.executable, __file__, f"127.0.0.1:{port}", str(folder / "ca"), trust_id],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    try:
        while tower.connected() < AGENTS:  # noqa: ASYNC110  # they come from another process
            await asyncio.sleep(0.1)
        begun = time.process_time()
        await asyncio.sleep(IDLE_SECONDS)
        share = 100 * (time.process_time() - begun) / IDLE_SECONDS
        memory = pss_mb(os.getpid()) - pss_mb(crowd.pid) - before
    finally:
        crowd.kill()
        crowd.wait()
        watch.cancel()
        await doorway.close()
        store.close()
    return memory, share


def _trust(connection: Transaction, now: datetime) -> str:
    trust_id = places.add_trust(connection, "Elm", now)
    school_id = places.add_school(connection, trust_id, "Oak", "", now)
    site_id = places.add_site(connection, trust_id, school_id, "Main")
    for n in range(AGENTS):
        agent = agents.Agent(f"a{n}", site_id, school_id, "server", b"", (), "1", None)
        agents.add(connection, trust_id, agent, version="", expires=now + timedelta(days=9), now=now)
    return trust_id


async def _crowd(place: str, authority: Path, trust_id: str) -> None:
    """A thousand agents, each waiting at the bell, until this process is ended."""
    ca = Authority.open(authority, datetime.now(UTC)).der
    store = Store.open(f"sqlite:///{authority / 'keys.db'}")  # a bell makes keys; nothing is read from this one
    keys = Bell(store, SECRET, (authority / "server.crt", authority / "server.key"), lambda: datetime.now(UTC))
    waiting = [bell.rings(place, ca, keys.key(trust_id, f"a{n}")) for n in range(AGENTS)]
    for each in waiting:
        await anext(each)
    await asyncio.Event().wait()


if __name__ == "__main__":
    _allow_files()
    if len(sys.argv) == 1:
        made = Figures()
        measure(made)
        made.done()
    asyncio.run(_crowd(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
