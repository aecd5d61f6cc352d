"""A collector that runs as it does in a trust, on loopback, with two schools: what end-to-end tests talk to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from collector import commands, console
from collector.config import Config
from collector.store import Store, evidence, places
from fresh_store import fresh_store
from handmade_agent import Client, enrol


@dataclass
class Estate:
    """The running collector and what tests need of it."""

    config: Config
    port: int
    web_port: int
    ca: bytes

    async def command(self, name: str, **said: object) -> str:
        output = await asyncio.to_thread(console.ask, self.config.console, name, said)
        assert output is not None
        return output

    async def token(self, school: str = "Oak Lane") -> str:
        return await self.command("token", school=school)

    async def agent(self, school: str = "Oak Lane", **fields: object) -> Client:
        key, answer = await enrol(self.port, self.ca, await self.token(school), **fields)
        return Client(self.port, self.ca, key, answer.certificate, answer.agent_id)


def set_up(folder: Path) -> Config:
    config = Config(data=folder, agents_listen="127.0.0.1:0", web_listen="127.0.0.1:0")
    store = fresh_store(config.store_url.removeprefix("sqlite:///"))
    commands.execute(commands.open_desk(config, store), "init", {"trust": "Elm Trust", "school": "Oak Lane"})
    commands.execute(commands.open_desk(config, store), "add_school", {"name": "Beech Hill", "urn": "123456"})
    store.close()
    return config


async def settled(config: Config) -> None:
    """Wait until everything that arrived is understood."""
    for _ in range(1000):
        with Store.glance(config.store_url) as connection:
            trust_id = places.trust_ids(connection)[0][0]
            if not evidence.pending_count(connection, trust_id):
                return
        await asyncio.sleep(0.02)
    raise AssertionError("reports still wait")
