"""What tests of the collector share: a running estate, and a store on each database that is supported."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from collector import service
from collector.intake.certificates import Authority
from collector.store import Store
from estate import Estate, set_up
from fresh_store import migrated_file
from programs import find_program


@pytest_asyncio.fixture
async def estate(tmp_path: Path) -> AsyncIterator[Estate]:
    """A collector with two schools, running."""
    config = set_up(tmp_path)
    async with service.running(config) as where:
        authority = Authority.open(config.authority_folder, service._now())
        yield Estate(config, where.agents_port, where.web_port, authority.der)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own, without a database name; it speaks on a Unix socket only."""
    if find_program("initdb") is None:
        pytest.skip("not installed: postgresql")
    with tempfile.TemporaryDirectory(prefix="stkpg") as folder:
        server = _Server(Path(folder))
        server.start()
        yield f"postgresql://postgres@/{{name}}?host={folder}&port=5432"
        server.stop()


class _Server:
    """PostgreSQL refuses to run as root, so root lends it the account that Debian's package made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.prefix:
            subprocess.run(["chown", "postgres", folder], check=True)

    def run(self, program: str, *arguments: str) -> None:
        found = find_program(program)
        assert found
        command = [*self.prefix, found, *arguments]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, timeout=60)

    def start(self) -> None:
        data = str(self.folder / "data")
        self.run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        settings = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off"
        self.run("pg_ctl", "-D", data, "-w", "-t", "30", "-l", str(self.folder / "log"), "-o", settings, "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'stocktake.db'}"
        return
    with _database(request.getfixturevalue("postgres"), "template0") as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind that has today's schema, which was not migrated step by step for this test."""
    if request.param == "sqlite":
        shutil.copy(migrated_file(), tmp_path / "stocktake.db")
        yield f"sqlite:///{tmp_path / 'stocktake.db'}"
        return
    with _database(request.getfixturevalue("postgres"), request.getfixturevalue("migrated_database")) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_database(postgres: str) -> str:
    """The name of an empty store on PostgreSQL, brought to today's schema once for all tests."""
    _do(postgres, "CREATE DATABASE migrated TEMPLATE template0")
    Store.open(postgres.format(name="migrated")).close()
    return "migrated"


@contextlib.contextmanager
def _database(postgres: str, template: str) -> Iterator[str]:
    """A database for one test; with hundreds of them left to the end, the server's folder takes long to be removed."""
    name = f"t{uuid.uuid4().hex}"
    _do(postgres, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield postgres.format(name=name)
    _do(postgres, f"DROP DATABASE {name} WITH (FORCE)")


def _do(postgres: str, statement: str) -> None:
    import psycopg  # noqa: PLC0415 - only where PostgreSQL is

    with psycopg.connect(postgres.format(name="postgres"), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]  # the names are ours


@pytest.fixture
def store(migrated_url: str) -> Iterator[Store]:
    """An open store on a fresh database."""
    opened = Store.open(migrated_url)
    yield opened
    opened.close()
