"""The agent's configuration: every key with its meaning, default and bounds stands in this file and nowhere else.

From the same table come reading, checking and the commented example (`stocktake-agent check-config --example`). This
module knows no other part of the agent. Device secrets stand in a file of their own, which only its owner may read.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import socket
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from agent.errors import ConfigurationError
from stocktake import kinds
from stocktake.settings import REQUIRED, Setting, SettingsError, Table, example, read_file
from stocktake.values import Credential, Secret

DEFAULT_PATH = Path("/etc/stocktake/agent.toml")
DEFAULT_STATE_DIRECTORY = Path("/var/lib/stocktake-agent")
DEFAULT_COLLECTOR_PORT = 443

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

AUTH_PROTOCOLS = ("MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512")
PRIVACY_PROTOCOLS = ("DES", "AES", "AES-192", "AES-256")


@dataclass(frozen=True, slots=True)
class Config:
    """What the technician wrote, or the defaults. The keys' meanings stand in `SCHEMA`; networks are canonical CIDR."""

    state_directory: Path = DEFAULT_STATE_DIRECTORY
    collector: str = ""
    name: str = field(default_factory=socket.gethostname)
    networks: tuple[str, ...] = ()
    network_limits: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    exclude_macs: tuple[str, ...] = ()
    packets_per_second: int = 500
    packets_per_second_per_host: int = 40
    quiet_hours: tuple[str, ...] = ()
    report_host: bool = True
    sweep_interval: timedelta = 6 * HOUR
    host_interval: timedelta = DAY
    load_interval: timedelta = 5 * MINUTE
    sync_interval: timedelta = 5 * MINUTE
    snmp_port: int = 161
    credentials_file: Path | None = None
    spool_size: int = 128 * 10**6
    spool_keep: timedelta = 48 * HOUR


_DEFAULT = Config(name="")

_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"

SCHEMA: tuple[Setting, ...] = (
    Setting(
        "state_directory", kinds.path(), _DEFAULT.state_directory,
        "Where the agent keeps its certificate, its spool and what it learnt from the collector.",
        f'"{DEFAULT_STATE_DIRECTORY}"',
    ),
    Setting(
        "collector", kinds.endpoint(DEFAULT_COLLECTOR_PORT), "",
        "Where the collector is. Not written: what was given to `stocktake-agent enrol`.",
        '"stocktake.example.org:443"',
    ),
    Setting(
        "name", kinds.text("a name of at most 64 characters", r"[^\x00-\x1f\x7f]{1,64}"), "",
        "What people call this agent. Not written: the machine's own name.",
        '"Oak Lane server room"',
    ),
    Setting(
        "networks", kinds.many(kinds.network()), (),
        "Networks to sweep, besides those that the collector names. Without any network nothing is sent to any device.",
        '["10.1.0.0/22"]',
    ),
    Setting(
        "network_limits", kinds.many(kinds.network()), (),
        "The outer limit: no device outside these networks ever gets a packet, whatever the collector says.\n"
        "Not written: what was answered to `stocktake-agent enrol`.",
        '["10.1.0.0/16"]',
    ),
    Setting(
        "exclude", kinds.many(kinds.network()), (),
        "Addresses and networks that never get a packet.",
        '["10.1.0.250", "10.1.3.0/28"]',
    ),
    Setting(
        "exclude_macs", kinds.many(kinds.mac_prefix()), (),
        "Devices that are never examined, by MAC or by the first octets of their maker's MACs.",
        '["00:80:77", "00:1b:21:00:00:01"]',
    ),
    Setting(
        "packets_per_second", kinds.whole_number(1, 2000), _DEFAULT.packets_per_second,
        "The most packets a second to all devices together.", "500",
    ),
    Setting(
        "packets_per_second_per_host", kinds.whole_number(1, 200), _DEFAULT.packets_per_second_per_host,
        "The most packets a second to any one device.", "40",
    ),
    Setting(
        "quiet_hours", kinds.many(kinds.text("a span of the day", rf"{_CLOCK}-{_CLOCK}", '"08:30-15:30"')), (),
        "Spans of the day, by this machine's clock, in which nothing is sent to devices. They may pass midnight.",
        '["08:45-09:15", "23:00-01:00"]',
    ),
    Setting(
        "report_host", kinds.flag(), _DEFAULT.report_host,
        "Whether this machine itself belongs to the school and is reported.", "true",
    ),
    Setting(
        "sweep_interval", kinds.duration(5 * MINUTE, 30 * DAY), _DEFAULT.sweep_interval,
        "Between two sweeps, where the collector does not say otherwise.", '"6h"',
    ),
    Setting(
        "host_interval", kinds.duration(HOUR, 30 * DAY), _DEFAULT.host_interval,
        "Between two full readings of this machine, where the collector does not say otherwise.", '"1d"',
    ),
    Setting(
        "load_interval", kinds.duration(5 * MINUTE, DAY), _DEFAULT.load_interval,
        "Between two readings of this machine's load.", '"5m"',
    ),
    Setting(
        "sync_interval", kinds.duration(timedelta(seconds=30), DAY), _DEFAULT.sync_interval,
        "Between two questions to the collector what to do, where it does not say otherwise.", '"5m"',
    ),
    Setting("snmp_port", kinds.whole_number(1, 65535), _DEFAULT.snmp_port, "The UDP port asked by SNMP.", "161"),
    Setting(
        "credentials_file", kinds.path(), None,
        "A file with SNMP credentials, besides those that the collector delivers. Only its owner may read it.",
        '"/etc/stocktake/credentials.toml"',
    ),
    Setting(
        "spool_size", kinds.size(10**6, 4 * 10**9), _DEFAULT.spool_size,
        "The most room that evidence may take on disk, sent or not: a week of a large site.", '"128MB"',
    ),
    Setting(
        "spool_keep", kinds.duration(HOUR, 30 * DAY), _DEFAULT.spool_keep,
        "How long evidence is kept after the collector has it, in case the collector must restore a backup.", '"48h"',
    ),
)  # fmt: skip


def _check_limits(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    if not values["network_limits"]:
        return
    for network in values["networks"]:
        if not inside(network, values["network_limits"]):
            limits = ", ".join(values["network_limits"])
            yield "networks", f"{network} is outside network_limits ({limits}); widen network_limits or leave it out"


def inside(network: str, limits: Iterable[str]) -> bool:
    """Whether a network lies wholly inside one of the limits; all are canonical CIDR."""
    return clip(network, limits) == (network,)


def clip(network: str, limits: Iterable[str]) -> tuple[str, ...]:
    """The parts of a network that lie inside the limits: itself, the limits inside it, or nothing."""
    wanted = ipaddress.ip_network(network)
    parts = [_common(wanted, ipaddress.ip_network(limit)) for limit in limits]
    if wanted in parts:
        return (network,)
    return tuple(dict.fromkeys(str(part) for part in parts if part is not None))


_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _common(one: _Network, other: _Network) -> _Network | None:
    # two networks are apart, or one holds the other
    narrow, wide = (one, other) if one.prefixlen >= other.prefixlen else (other, one)
    within = one.version == other.version and wide.network_address <= narrow.network_address <= wide.broadcast_address  # type: ignore[operator]  # versions are equal
    return narrow if within else None


def networks_of(words: Sequence[str]) -> tuple[str, ...]:
    """Networks as written on a command line, canonical; ConfigurationError that says what to write instead."""
    kind = kinds.network()
    found = []
    for word in words:
        try:
            found.append(kind.read(word))
        except kinds.Unfit as unfit:
            raise ConfigurationError(f"{unfit}; write {unfit.instead or kind.expects}.") from None
    return tuple(dict.fromkeys(found))


def load(path: Path | None = None, default_path: Path = DEFAULT_PATH) -> Config:
    """The configuration of a file. Without `path` the default file is read, and it may be missing.

    Raises:
        ConfigurationError: with a sentence for every problem.
    """
    if path is None and not default_path.exists():
        return Config()
    try:
        values = read_file(path or default_path, SCHEMA, _check_limits)
    except SettingsError as error:
        raise ConfigurationError(str(error)) from None
    values["name"] = values["name"] or socket.gethostname()
    return Config(**values)


def example_file() -> str:
    """The commented example: every key, with its meaning and default."""
    heading = "The Stocktake agent. Every key may be left out; a line that begins with # is a comment."
    credentials = example(CREDENTIALS_SCHEMA, "The file that credentials_file names (mode 0600):")
    commented = "".join(f"# {line}".rstrip() + "\n" for line in credentials.splitlines())
    return f"{example(SCHEMA, heading)}\n{commented}"


# ------------------------------------------------------------------------------------------------ credentials


def _check_credential(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    check = _check_version_3 if values["version"] == "3" else _check_community
    yield from check(values)


def _check_community(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    if not values["community"].reveal():
        yield "version", f'version "{values["version"]}" needs a community; write community = "…"'
    for key in ("user", "auth_protocol", "privacy_protocol"):
        if values[key]:
            yield key, f'version "{values["version"]}" has none; leave it out or write version = "3"'


def _check_version_3(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    if not values["user"]:
        yield "version", 'version "3" needs a user; write user = "…"'
    for protocol, key in (("auth_protocol", "auth_key"), ("privacy_protocol", "privacy_key")):
        if bool(values[protocol]) != bool(values[key].reveal()):
            missing = key if values[protocol] else protocol
            yield "version", f"{protocol} and {key} go together; write {missing} as well"
    if values["privacy_protocol"] and not values["auth_protocol"]:
        yield "privacy_protocol", "SNMPv3 has no privacy without authentication; write auth_protocol and auth_key"


_NO_SECRET = Secret("")

CREDENTIALS_SCHEMA: tuple[Table, ...] = (
    Table(
        "credential",
        (
            Setting("name", kinds.text("a name of at most 64 characters", r"[^\x00-\x1f\x7f]{1,64}"), REQUIRED,
                    "What people call it.", '"switches"'),
            Setting("version", kinds.choice("1", "2c", "3"), REQUIRED, "The version of SNMP.", '"3"'),
            Setting("community", kinds.secret(1, 255), _NO_SECRET, "The community of versions 1 and 2c."),
            Setting("user", kinds.text("a user of at most 32 characters", r"[^\x00-\x1f\x7f]{1,32}"), "",
                    "The user of version 3.", '"stocktake"'),
            Setting("auth_protocol", kinds.choice(*AUTH_PROTOCOLS), "", "How version 3 authenticates.", '"SHA-256"'),
            Setting("auth_key", kinds.secret(8, 255), _NO_SECRET, "The passphrase of authentication."),
            Setting("privacy_protocol", kinds.choice(*PRIVACY_PROTOCOLS), "", "How version 3 encrypts.", '"AES"'),
            Setting("privacy_key", kinds.secret(8, 255), _NO_SECRET, "The passphrase of privacy."),
            Setting("networks", kinds.many(kinds.network()), (), "Where it may be tried. Not written: everywhere."),
        ),
        "A credential: how to speak SNMP to devices of some networks. The order is the order of trying.",
        many=True,
        check=_check_credential,
    ),
)  # fmt: skip


def load_credentials(path: Path) -> tuple[Credential, ...]:
    """The credentials of a file that only its owner may read.

    Raises:
        ConfigurationError: also where group or others may read or write the file.
    """
    try:
        mode = path.stat().st_mode
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ConfigurationError(
                f"{path}: others than its owner may read or write it (mode {stat.S_IMODE(mode):04o}), and it holds "
                f"secrets; run: chmod 600 {path}"
            )
        blocks = read_file(path, CREDENTIALS_SCHEMA)["credential"]
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from None
    except SettingsError as error:
        raise ConfigurationError(str(error)) from None
    return tuple(Credential(**block) for block in blocks)


def described(config: Config) -> list[str]:
    """The configuration as lines `key = value`, for check-config; it holds no secret."""
    return [f"{each.name} = {_described(getattr(config, each.name))}" for each in dataclasses.fields(config)]


def _described(value: object) -> str:
    if isinstance(value, timedelta):
        return f'"{kinds.span_text(value)}"'
    if isinstance(value, tuple):
        return "[" + ", ".join(_described(item) for item in value) + "]"
    return str(value) if isinstance(value, int) else f'"{value or ""}"'
