"""`stocktake-collector`: what an operator types. Parses, asks, prints; the work is done elsewhere.

A mistake of the operator is answered with one sentence on stderr and exit status 2, a failed check with 1.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import json
import logging
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from collector import config, console, show
from collector.age import snapshot
from collector.config import Config
from collector.errors import CollectorError
from collector.store import Store, Transaction, places, references, register

Arguments = argparse.Namespace


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    arguments = parser().parse_args(argv)
    logging.basicConfig(level=arguments.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        settings = config.load(arguments.config)
        if arguments.data:
            settings = config.with_data(settings, arguments.data)
        status: int = arguments.run(settings, arguments)
    except CollectorError as error:
        print(f"stocktake-collector: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of our output went away, as in `… | head`
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130
    return status


# ------------------------------------------------------------------------------------------------ commands that write


def _command(name: str, *keys: str) -> Callable[[Config, Arguments], int]:
    """A command that writes: in a collector that runs, else here."""

    def run(settings: Config, arguments: Arguments) -> int:
        print(_execute(settings, name, {key: getattr(arguments, key) for key in keys}))
        return 0

    return run


def _execute(settings: Config, name: str, said: dict[str, Any]) -> str:
    output = console.ask(settings.console, name, said)
    if output is not None:
        return output
    from collector import commands  # noqa: PLC0415 - not needed where a running collector executes them

    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = Store.open(settings.store_url)
    try:
        return commands.execute(commands.open_desk(settings, store), name, said)
    finally:
        store.close()


def _import(settings: Config, arguments: Arguments) -> int:
    if not arguments.file.is_file():
        raise CollectorError(f"{arguments.file} is no file")
    print(_execute(settings, "import", {"path": str(arguments.file.absolute()), "school": arguments.school}))
    return 0


def _support(settings: Config, arguments: Arguments) -> int:
    """With a file, a command that writes; without, one that reads."""
    if arguments.file is not None:
        print(_execute(settings, "support", {"path": str(arguments.file.absolute())}))
        return 0
    with Store.glance(settings.store_url) as connection:
        trust_id = _trust(connection)
        kept = references.of(connection, trust_id, references.SUPPORT)
        rows = references.support(connection, trust_id)
    print(show.support_table(rows, kept.imported if kept else None))
    return 0


def _add_credential(settings: Config, arguments: Arguments) -> int:
    """Secrets are asked for, or read from stdin, one a line: never from the command line."""
    parts = {
        "name": arguments.name, "version": arguments.snmp, "user": arguments.user, "networks": arguments.network,
        "auth_protocol": arguments.auth, "privacy_protocol": arguments.privacy,
    }  # fmt: skip
    if arguments.snmp == "3":
        if not arguments.user:
            raise CollectorError("SNMPv3 needs --user")
        secrets = {"auth_key": _secret("authentication passphrase"), "privacy_key": _secret("privacy passphrase")}
        if min(len(secret) for secret in secrets.values()) < 8:
            raise CollectorError("SNMPv3 passphrases have at least 8 characters (RFC 3414)")
    else:
        secrets = {"community": _secret("community")}
        parts |= {"auth_protocol": "", "privacy_protocol": ""}
    print(_execute(settings, "add_credential", {"credential": parts | secrets, "school": arguments.school}))
    return 0


def _secret(what: str) -> str:
    found = getpass.getpass(f"{what}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if not found:
        raise CollectorError(f"no {what} was given: type it when asked, or give it on stdin, one a line")
    return found


ANSWER_SECONDS = 30.0  # for which the command line waits for what comes of a wish


def _wish(name: str, *keys: str) -> Callable[[Config, Arguments], int]:
    """A wish to an agent: made, then awaited for half a minute. Status 1 where nothing came of it in that time."""

    def run(settings: Config, arguments: Arguments) -> int:
        wish_id = _execute(settings, name, {key: getattr(arguments, key) for key in keys})
        deadline = time.monotonic() + arguments.wait
        while True:
            state, _, said = _execute(settings, "wish", {"wish_id": wish_id}).partition("\n")
            if state == "done" or time.monotonic() >= deadline:
                print(said)
                return 0 if state == "done" else 1
            time.sleep(0.5)

    return run


def _pause(settings: Config, arguments: Arguments) -> int:
    print(_execute(settings, "pause", {"school": arguments.school, "until": arguments.until.isoformat()}))
    return 0


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: write it as 2026-08-31T16:00") from None


# ------------------------------------------------------------------------------------------------ commands that read


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


def _agents(settings: Config, arguments: Arguments) -> int:
    del arguments
    with Store.glance(settings.store_url) as connection:
        print(show.agents_table(register.agents(connection, _trust(connection))))
    return 0


def _devices(settings: Config, arguments: Arguments) -> int:
    with Store.glance(settings.store_url) as connection:
        rows = register.devices(connection, _trust(connection), search=arguments.search, limit=1_000_000)
    print(arguments.form(rows))
    return 0


def _device(settings: Config, arguments: Arguments) -> int:
    with Store.glance(settings.store_url) as connection:
        detail = register.device(connection, _trust(connection), arguments.id)
    if detail is None:
        raise CollectorError(f"no device has the id {arguments.id}: see 'stocktake-collector devices'")
    print(show.device(detail, datetime.now(UTC).date()))
    return 0


def _interpret(settings: Config, arguments: Arguments) -> int:
    """Recorded files, one line each, without a store."""
    from collector import interpret  # noqa: PLC0415 - all knowledge, needed here alone
    from collector.age import assess  # noqa: PLC0415

    del settings
    failed = 0
    for file in arguments.files:
        try:
            reading = interpret.read_file(file.name, file.read_bytes())
        except (OSError, ValueError) as error:
            failed += 1
            print(f"stocktake-collector: {file}: {error}", file=sys.stderr)
            continue
        estimate = assess.assess(assess.dossier(file.name, reading, arguments.seen)).estimate
        told = interpret.answers(file.name, reading) | {"made": show.made(estimate)}
        print(json.dumps(told, ensure_ascii=True) if arguments.jsonl else _summary(told, show.made_words(estimate)))
    return 1 if failed else 0


def _summary(read: dict[str, Any], made: str) -> str:
    said = [f"{name} {read[name]}" for name in ("class", "maker", "model", "serial", "firmware", "name") if read[name]]
    said += [f"made {made}"] if made else []
    return f"{read['walk']}: {', '.join(said) or 'nothing could be told'} ({len(read['facts'])} facts)"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day: write it as 2026-08-31") from None


def _journal(settings: Config, arguments: Arguments) -> int:
    from collector import journal  # noqa: PLC0415 - needed here alone

    del arguments
    with Store.glance(settings.store_url) as connection:
        trust_id = _trust(connection)
        broken = journal.verify(connection, trust_id)
        end = journal.checkpoint(connection, trust_id)
    print(broken or f"the journal holds: {end.position if end else 0:,} entries, {end.hash.hex() if end else 'empty'}")
    return 1 if broken else 0


def _check_config(settings: Config, arguments: Arguments) -> int:
    print(
        config.example_file() if arguments.example else f"good: pages at {settings.web_listen}, data in {settings.data}"
    )
    return 0


def _trust(connection: Transaction) -> str:
    known = places.trust_ids(connection)
    if not known:
        raise CollectorError("this collector has no trust yet: run 'stocktake-collector init' first")
    return known[0][0]


# ------------------------------------------------------------------------------------------------ the parser


def parser() -> argparse.ArgumentParser:
    """The whole command line; a test holds the README against it."""
    made = argparse.ArgumentParser(
        prog="stocktake-collector", description="Understands what agents bring, and answers: what do we have?"
    )
    made.add_argument("--version", action="version", version=_version())
    made.add_argument("--config", type=Path, metavar="FILE", help=f"configuration (default {config.DEFAULT_PATH})")
    made.add_argument("--data", type=Path, metavar="FOLDER", help="data folder; wins over the configuration")
    made.add_argument("--log-level", default="info", choices=("debug", "info", "warning", "error"))
    group = made.add_subparsers(required=True, metavar="COMMAND", title="commands")
    _add_running(group)
    _add_estate(group)
    _add_secrets(group)
    _add_hand(group)
    _add_reading(group)
    return made


def _add(group: Any, name: str, run: Callable[[Config, Arguments], int], help_text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = group.add_parser(name, help=help_text, description=help_text)
    parser.set_defaults(run=run)
    return parser


def _add_running(group: Any) -> None:
    init = _add(group, "init", _command("init", "trust", "school", "urn", "owner"), "set up the trust and its owner")
    init.add_argument("--trust", default="My trust", help="name of the trust")
    init.add_argument("--school", default="My school", help="name of its first school")
    init.add_argument("--urn", default="", help="the school's Unique Reference Number, if it has one")
    init.add_argument("--owner", default="owner", help="name of the owner's account")
    _add(group, "serve", _serve, "run the collector: agents, pages, API, metrics")
    _add(group, "link", _command("link"), "print a one-time link that signs the owner in, good for 15 minutes")
    check = _add(group, "check-config", _check_config, "read the configuration and say whether it is good")
    check.add_argument("--example", action="store_true", help="print a commented configuration instead")


def _add_estate(group: Any) -> None:
    school = _add(group, "school", _command("add_school", "name", "urn"), "add a school")
    school.add_argument("name")
    school.add_argument("--urn", default="", help="its Unique Reference Number, if it has one")
    network = _add(group, "network", _command("add_network", "school", "cidr"), "name a network for agents to sweep")
    network.add_argument("school", help="a school, or School/Site")
    network.add_argument("cidr", metavar="NETWORK", help="for example 10.1.0.0/22")
    token = _add(
        group, "token", _command("token", "school"), "print a one-time token that enrols an agent within 72 hours"
    )
    token.add_argument("--school", required=True, help="the school where the agent stands, or School/Site")
    _add(group, "agents", _agents, "list the agents")
    revoke = _add(group, "revoke", _command("revoke_agent", "agent_id"), "shut an agent out")
    revoke.add_argument("agent_id", metavar="AGENT")


def _add_secrets(group: Any) -> None:
    credential = _add(
        group, "credential", _add_credential, "keep an SNMP credential; secrets are asked for or read from stdin"
    )
    credential.add_argument("name", help="what people call it")
    credential.add_argument("--snmp", choices=("1", "2c", "3"), default="3", help="SNMP version (default 3)")
    credential.add_argument("--user", default="", help="SNMPv3 user")
    credential.add_argument("--auth", default="SHA", help="SNMPv3 authentication: MD5, SHA, SHA-224 … SHA-512")
    credential.add_argument("--privacy", default="AES", help="SNMPv3 privacy: DES, AES, AES-192, AES-256")
    credential.add_argument("--network", action="append", default=[], help="where it may be tried; may be repeated")
    credential.add_argument("--school", default="", help="for one school only")
    forget = _add(group, "forget-credential", _command("remove_credential", "name"), "forget an SNMP credential")
    forget.add_argument("name")
    token = _add(group, "api-token", _command("api_token", "name", "scope", "days"), "print a token for programs, once")
    token.add_argument("name", help="who will use it")
    token.add_argument("--scope", choices=("read", "metrics"), default="read", help="the API, or /metrics only")
    token.add_argument("--days", type=int, default=365, help="how long it is good (at most 365)")


def _add_hand(group: Any) -> None:
    trial = _add(
        group, "try-credential", _wish("try_credential", "name", "address", "school"),
        "have an agent ask one device by one credential, and say what it answered",
    )  # fmt: skip
    trial.add_argument("name", help="of the credential")
    trial.add_argument("address", help="of the device")
    trial.add_argument("--school", required=True, help="the school where the device stands, or School/Site")
    look = _add(group, "look", _wish("look", "what", "school"), "have a device or a network looked at now")
    look.add_argument("what", metavar="DEVICE|NETWORK", help="a device's id, or a network such as 10.1.0.0/22")
    look.add_argument("--school", default="", help="where several schools have that network")
    for wish in (trial, look):
        wish.add_argument("--wait", type=float, default=ANSWER_SECONDS, metavar="SECONDS", help="at most (default 30)")
    pause = _add(group, "pause", _pause, "have nothing sent to a school's devices until a time")
    pause.add_argument("school", help="a school, or School/Site")
    pause.add_argument("--until", type=_time, required=True, metavar="TIME", help="local time, as 2026-08-31T16:00")
    resume = _add(group, "resume", _command("resume", "school"), "end the pause of a school")
    resume.add_argument("school", help="a school, or School/Site")


def _add_reading(group: Any) -> None:
    devices = _add(group, "devices", _devices, "print the register as it stands now")
    form = devices.add_mutually_exclusive_group()
    form.add_argument("--csv", dest="form", action="store_const", const=show.devices_csv, help="as CSV")
    form.add_argument("--json", dest="form", action="store_const", const=show.devices_json, help="as JSON")
    devices.add_argument("--search", default="", help="only rows that hold this text")
    devices.set_defaults(form=show.devices_table)
    device = _add(group, "device", _device, "print everything that is said of one device, with its evidence")
    device.add_argument("id", metavar="ID")
    read = _add(
        group, "interpret", _interpret, "read recorded .snmprec walks, SMBIOS tables and EDID blocks, without a store"
    )
    read.add_argument("files", nargs="+", type=Path, metavar="FILE")
    read.add_argument("--seen", type=_day, default=datetime.now(UTC).date(), metavar="DAY",
                      help="when the device was seen: nothing was made later (default today)")  # fmt: skip
    read.add_argument("--jsonl", action="store_true", help="one line of JSON a file, with every fact")
    _add(
        group,
        "reinterpret",
        _command("reinterpret"),
        "read all kept evidence again with today's rules, and list what changed",
    )
    taken = _add(group, "import", _import, "take in evidence that 'stocktake-agent scan --save' wrote")
    taken.add_argument("file", type=Path, metavar="FILE")
    taken.add_argument("--school", required=True, help="the school it was scanned at, or School/Site")
    support = _add(
        group, "support", _support,
        "say where the ends of support come from; with FILE, take in a newer snapshot of endoflife.date",
    )  # fmt: skip
    support.add_argument("file", type=Path, nargs="?", metavar="FILE", help=f"what {snapshot.FULL} answers")
    _add(group, "verify", _journal, "walk the journal's hash chain and say whether it holds")


def _version() -> str:
    try:
        return f"stocktake-collector {version('stocktake')}"
    except PackageNotFoundError:
        return "stocktake-collector (not installed)"


if __name__ == "__main__":
    sys.exit(main())
