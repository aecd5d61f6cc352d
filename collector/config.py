"""The collector's configuration: every key with its meaning, default and bounds, here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from collector.errors import ConfigError
from stocktake import kinds
from stocktake.settings import Setting, SettingsError, example, read_file
from stocktake.values import Secret

DEFAULT_PATH = Path("/etc/stocktake/collector.toml")
DEFAULT_DATA = Path("/var/lib/stocktake-collector")

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Config:
    """What the operator wrote, or the defaults. The keys' meanings stand in `SCHEMA`."""

    data: Path = DEFAULT_DATA
    store: Secret = field(default_factory=lambda: Secret(""))
    agents_listen: str = "127.0.0.1:8443"
    web_listen: str = "127.0.0.1:8444"
    names: tuple[str, ...] = ()
    sweep_interval: timedelta = HOUR
    host_interval: timedelta = DAY
    sync_interval: timedelta = MINUTE
    keep_tables: timedelta = 14 * DAY
    keep_strangers: timedelta = 396 * DAY
    keep_counts: timedelta = 396 * DAY
    sign_in_with: str = ""
    sign_in_issuer: str = ""
    sign_in_client: str = ""
    sign_in_secret_file: Path = Path()
    sign_in_allowed: tuple[str, ...] = ()
    sign_in_address: str = ""

    @property
    def store_url(self) -> str:
        """Where the store is: the URL that was written, else SQLite in the data folder."""
        return self.store.reveal() or f"sqlite:///{(self.data / 'stocktake.db').absolute()}"

    @property
    def authority_folder(self) -> Path:
        """Where the CA and the server's key lie."""
        return self.data / "authority"

    @property
    def key_file(self) -> Path:
        """The key under which device credentials are encrypted; keep its backup apart from the database's."""
        return self.data / "credentials.key"

    @property
    def erasures(self) -> Path:
        """Keyed hashes of what was erased: it outlives the database, so keep its backup with the key file's."""
        return self.data / "erasures.jsonl"

    @property
    def console(self) -> Path:
        """The socket through which commands reach a collector that runs."""
        return self.data / "console.sock"


_DEFAULT = Config()

SCHEMA: tuple[Setting, ...] = (
    Setting(
        "data", kinds.path(), DEFAULT_DATA,
        "The folder of the embedded database, the certificate authority and the key of the device credentials.",
        f'"{DEFAULT_DATA}"',
    ),
    Setting(
        "store", kinds.secret(1, 1000), Secret(""),
        "Where the register is kept. Not written: an SQLite file in the data folder.\n"
        "Several collectors can share one PostgreSQL.",
        '"postgresql://stocktake:PASSWORD@localhost/stocktake"',
    ),
    Setting(
        "agents_listen", kinds.endpoint(8443), _DEFAULT.agents_listen,
        "Where agents come in: the only port that schools' firewalls must let out, 443 in production.\n"
        "Other machines reach it only if it is not a loopback address.",
        f'"{_DEFAULT.agents_listen}"',
    ),
    Setting(
        "web_listen", kinds.endpoint(8444), _DEFAULT.web_listen,
        "Where pages, API and metrics are served, by HTTPS.",
        f'"{_DEFAULT.web_listen}"',
    ),
    Setting(
        "names", kinds.many(kinds.text("a host name or address", r"[A-Za-z0-9.:_-]{1,253}", '"stocktake.school"')), (),
        "Names and addresses under which people reach the pages, for the certificate and against forged hosts.",
        '["stocktake.example.org"]',
    ),
    Setting(
        "sweep_interval", kinds.duration(5 * MINUTE, 7 * DAY), HOUR,
        "How often agents sweep their networks, inside their own limits.", '"1h"',
    ),
    Setting(
        "host_interval", kinds.duration(HOUR, 7 * DAY), DAY,
        "How often agents read the machine they run on.", '"1d"',
    ),
    Setting(
        "sync_interval", kinds.duration(timedelta(seconds=10), HOUR), MINUTE,
        "How often agents ask for news.", '"1m"',
    ),
    Setting(
        "keep_tables", kinds.duration(DAY, 14 * DAY), 14 * DAY,
        "How long neighbour and forwarding tables, counters and load are kept once they are superseded, and how long\n"
        "addresses that machines made up are kept in any of them.", '"14d"',
    ),
    Setting(
        "keep_strangers", kinds.duration(30 * DAY, 3660 * DAY), 396 * DAY,
        "How long devices are kept that nobody recorded, that only an address identifies, and that are not seen any\n"
        "more: 13 months.", '"396d"',
    ),
    Setting(
        "keep_counts", kinds.duration(DAY, 3660 * DAY), 396 * DAY,
        "How long it is kept how many machines were counted on a network on a day.", '"396d"',
    ),
    Setting(
        "sign_in_with", kinds.choice("entra", "google"), "",
        "By which identity provider people come in, beside links and passwords. The owner links each to an account.",
        '"entra"',
    ),
    Setting(
        "sign_in_issuer", kinds.text("the address of an issuer, by https", r"https://[A-Za-z0-9._/-]{1,240}|http://127\.0\.0\.1:[0-9]{1,5}",
        '"https://accounts.google.com"'), "",
        "What the provider calls itself; of Entra ID the address of your own tenant.",
        '"https://login.microsoftonline.com/TENANT/v2.0"',
    ),
    Setting(
        "sign_in_client", kinds.text("a client id", r"[A-Za-z0-9._-]{1,200}", '"00000000-0000"'), "",
        "The id of this collector at the provider.", '"00000000-0000-0000-0000-000000000000"',
    ),
    Setting(
        "sign_in_secret_file", kinds.path(), Path(),
        "A file that holds the secret of this collector at the provider, and nothing else.",
        '"/etc/stocktake/sign-in.secret"',
    ),
    Setting(
        "sign_in_allowed", kinds.many(kinds.text("a tenant or domain", r"[A-Za-z0-9.-]{1,253}", '"example.org"')), (),
        "The tenants (their ids) or Google domains whose people may come in.", '["TENANT"]',
    ),
    Setting(
        "sign_in_address", kinds.text("an address by https", r"https://[A-Za-z0-9.:-]{1,260}", '"https://stocktake.example.org"'),
        "",
        "The address of these pages as the provider knows it; people come back to /oidc/back under it.",
        '"https://stocktake.example.org"',
    ),
)  # fmt: skip


def _checks(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Whoever names an identity provider says all of it."""
    names = [name for name in values if name.startswith("sign_in_")]
    missing = [name for name in names if values[name] in ("", (), Path())]
    if missing and len(missing) < len(names):
        yield missing[0], f"is not written: to come in by an identity provider takes all of {', '.join(names)}"


def load(path: Path | None) -> Config:
    """The configuration of a file; without one, of the default file if it is there, else the defaults."""
    if path is None and not DEFAULT_PATH.exists():
        return _DEFAULT
    try:
        return Config(**read_file(path or DEFAULT_PATH, SCHEMA, _checks))
    except SettingsError as error:
        raise ConfigError(str(error)) from None


def example_file() -> str:
    """A commented configuration file."""
    return example(SCHEMA, "Configuration of stocktake-collector. Every key may be left out.")


def with_data(config: Config, folder: Path) -> Config:
    """The same configuration with another data folder."""
    return replace(config, data=folder)
