"""Commands that run a collector and check its configuration."""

from __future__ import annotations

import asyncio
from typing import Any

from collector import config
from collector.cli.frame import Arguments, add, command
from collector.config import Config


def _serve(settings: Config, arguments: Arguments) -> int:
    from collector import service  # noqa: PLC0415 - servers and pages: a second to load, needed here alone

    del arguments
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    asyncio.run(
        service.serve(settings, lambda where: print(_where(settings, where.web_port, where.agents_port), flush=True))
    )
    return 0


def _where(settings: Config, web_port: int, agents_port: int) -> str:
    host = settings.web_listen.rpartition(":")[0]
    agents = settings.agents_listen.rpartition(":")[0]
    return f"pages at https://{host}:{web_port}/, agents at {agents}:{agents_port}"


def _check_config(settings: Config, arguments: Arguments) -> int:
    print(
        config.example_file() if arguments.example else f"good: pages at {settings.web_listen}, data in {settings.data}"
    )
    return 0


def add_to(group: Any) -> None:
    """Add these commands to the parser."""
    init = add(group, "init", command("init", "trust", "school", "urn", "owner"), "set up the trust and its owner")
    init.add_argument("--trust", default="My trust", help="name of the trust")
    init.add_argument("--school", default="My school", help="name of its first school")
    init.add_argument("--urn", default="", help="the school's Unique Reference Number, if it has one")
    init.add_argument("--owner", default="owner", help="name of the owner's account")
    add(group, "serve", _serve, "run the collector: agents, pages, API, metrics")
    add(group, "link", command("link"), "print a one-time link that signs the owner in, good for 15 minutes")
    check = add(group, "check-config", _check_config, "read the configuration and say whether it is good")
    check.add_argument("--example", action="store_true", help="print a commented configuration instead")
