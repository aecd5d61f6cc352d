"""The store: one database, one writer, readers that never wait for it. The only package that holds SQL.

It knows rows and transactions, not what they mean: understanding is done above and handed down as plain values.

Invariants
1. Exactly one connection writes, from one thread. SQLite before 3.51.3 can lose commits when two connections write and
   checkpoint at once; readers are opened `mode=ro`, so they cannot. A lock file keeps a second process from writing.
2. `write` returns after the commit, which is durable (`synchronous=FULL`; PostgreSQL `synchronous_commit=on`).
3. Work that is queued while a commit runs shares the next one (group commit). Each piece of work has a savepoint of its
   own: one that fails is undone alone and raises at its caller alone.
4. The schema only moves forward, one migration a transaction, before anything else is done.
5. SQLite overwrites what is deleted with zeros (`secure_delete`), and `scrub` leaves no page, no log and no free space
   with anything of it. PostgreSQL rewrites the tables that were touched; its own log and replicas are their operator's.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from collector.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

#: what the layers above call a connection inside a transaction: they pass it on and never look into it
Transaction = Connection

Result = TypeVar("Result")
Work = Callable[[Connection], Any]

MIGRATIONS = Path(__file__).parent / "migrations"
GROUP_LIMIT = 64  # pieces of work that share one commit at most


class Store:
    """One open database. Make it with `Store.open`, end it with `close`."""

    def __init__(self, writing: Engine, reading: Engine, lock: contextlib.AbstractContextManager[None]) -> None:
        """Takes engines that are configured and migrated, and the lock that makes this process the only writer."""
        self._writing = writing
        self._reading = reading
        self._lock = lock
        self._closed = False
        self._queue: queue.SimpleQueue[tuple[Work | _Scrub, Future[Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_all, name="store-writer", daemon=True)
        self._thread.start()

    @classmethod
    def open(cls, url: str) -> Store:
        """Open `sqlite:///path` or `postgresql://…`, bring its schema forward, start the writer.

        Raises StoreError where the URL, the file or another writing process makes that impossible.
        """
        parsed = make_url(url)
        lock: contextlib.AbstractContextManager[None]
        if parsed.get_backend_name() == "sqlite":
            if not parsed.database:
                raise StoreError("an SQLite store needs a file, as in sqlite:////var/lib/stocktake/stocktake.db")
            writing = _sqlite_writer(Path(parsed.database))
            lock = _only_writer(Path(parsed.database + ".lock"))
        elif parsed.get_backend_name() == "postgresql":
            writing = create_engine(_psycopg(url), pool_size=1, max_overflow=0, pool_pre_ping=True)
            lock = contextlib.nullcontext()
        else:
            raise StoreError(f"{parsed.get_backend_name()} is not supported: use sqlite:///FILE or postgresql://…")
        lock.__enter__()
        try:
            _migrate(writing)
        except BaseException:
            lock.__exit__(None, None, None)
            raise
        return cls(writing, _reading_engine(url), lock)

    @classmethod
    @contextlib.contextmanager
    def glance(cls, url: str) -> Iterator[Connection]:
        """A connection that reads a store which another process may be writing. StoreError where there is none yet."""
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
            raise StoreError(f"there is no store at {parsed.database}: run 'stocktake-collector init' first")
        reading = _reading_engine(url)
        try:
            with reading.connect() as connection:
                yield connection
        except OperationalError as error:
            raise StoreError(f"the database cannot be read: {error.__cause__ or error}") from error
        finally:
            reading.dispose()

    @contextlib.contextmanager
    def reader(self) -> Iterator[Connection]:
        """A connection that sees the last commit and cannot write."""
        with self._reading.connect() as connection:
            try:
                yield connection
            except BaseException:
                connection.invalidate()  # a statement left in its middle would keep the next reader on an old view
                raise
            if self._closed:  # meanwhile, so nobody will close what goes back to the others
                connection.invalidate()

    def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run work in a transaction and return its result after the commit."""
        return self._submit(work).result()

    async def awrite(self, work: Callable[[Connection], Result]) -> Result:
        """The same without blocking the event loop."""
        return await asyncio.wrap_future(self._submit(work))

    def scrub(self, tables: Iterable[str] = ()) -> None:
        """Rewrite the database, so that no page or log holds what was deleted; of PostgreSQL only these tables.

        Nothing else is written meanwhile. StoreError where it cannot be done; it can be asked for again.
        """
        self._submit(_Scrub(tuple(tables))).result()

    def close(self) -> None:
        """Finish what is queued and close the database."""
        self._queue.put(None)
        self._thread.join()
        self._closed = True
        self._reading.dispose()
        self._writing.dispose()  # the last to close, so that the log of what was written is in the file
        self._lock.__exit__(None, None, None)

    def _submit(self, work: Callable[[Connection], Result] | _Scrub) -> Future[Result]:
        if not self._thread.is_alive():
            raise StoreError("the store is closed")
        future: Future[Result] = Future()
        self._queue.put((work, future))
        return future

    def _write_all(self) -> None:
        while (first := self._queue.get()) is not None:
            if isinstance(first[0], _Scrub):
                self._rewrite(first[0], first[1])
                continue
            group = [(first[0], first[1])]
            while len(group) < GROUP_LIMIT and not self._queue.empty():
                following = self._queue.get()
                if following is None or isinstance(following[0], _Scrub):
                    self._queue.put(following)
                    break
                group.append((following[0], following[1]))
            self._commit(group)
        while not self._queue.empty() and (left := self._queue.get()) is not None:
            left[1].set_exception(StoreError("the store is closed"))

    def _rewrite(self, scrub: _Scrub, future: Future[Any]) -> None:
        try:
            with self._writing.connect() as connection:
                scrub.run(connection)
        except (SQLAlchemyError, OSError) as error:
            future.set_exception(StoreError(f"the database could not be rewritten: {error}"))
        else:
            future.set_result(None)

    def _commit(self, group: list[tuple[Work, Future[Any]]]) -> None:
        done: list[tuple[Future[Any], Any]] = []
        try:
            with self._writing.begin() as connection:
                for work, future in group:
                    with _failing_alone(future), connection.begin_nested():
                        done.append((future, work(connection)))
        except (SQLAlchemyError, OSError) as error:  # the commit itself failed: nothing of the group is there
            self._writing.dispose()  # the next one begins on a connection that nothing happened to
            for _, future in group:
                if not future.done():
                    future.set_exception(StoreError(f"the database could not commit: {error}"))
            return
        for future, result in done:
            future.set_result(result)


@dataclass(frozen=True, slots=True)
class _Scrub:
    """Work of its own kind: it rewrites the database, outside any transaction."""

    tables: tuple[str, ...]

    def run(self, connection: Connection) -> None:
        raw: Any = connection.connection.driver_connection
        if connection.dialect.name == "sqlite":
            raw.execute("VACUUM")
            busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise OSError("somebody was reading all the while")
            return
        raw.autocommit = True
        known = connection.dialect.identifier_preparer
        for name in self.tables:
            raw.execute(f"VACUUM FULL {known.quote(name)}")
        raw.autocommit = False


@contextlib.contextmanager
def _failing_alone(future: Future[Any]) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # noqa: BLE001 - handed to the caller of this work, whose savepoint is undone
        future.set_exception(error)


def _sqlite_writer(path: Path) -> Engine:
    if not path.parent.is_dir():
        raise StoreError(f"the folder {path.parent} does not exist: make it, or name another file")
    # one connection that stays: to open one costs more than most transactions, as it reads the schema and knows no
    # statement yet
    kept = {"check_same_thread": False, "cached_statements": 512}
    writing = create_engine(f"sqlite:///{path}", pool_size=1, max_overflow=0, connect_args=kept)

    @event.listens_for(writing, "connect")
    def _durable(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, so that savepoints work
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000; PRAGMA secure_delete=ON;"
        )

    @event.listens_for(writing, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return writing


def _reading_engine(url: str) -> Engine:
    """An engine whose connections cannot write, whatever is asked of them."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        read_only = f"sqlite:///file:{parsed.database}?mode=ro&uri=true"
        return create_engine(read_only, connect_args={"check_same_thread": False})
    return create_engine(_psycopg(url), execution_options={"postgresql_readonly": True}, pool_pre_ping=True)


def _psycopg(url: str) -> URL:
    return make_url(url).set(drivername="postgresql+psycopg")


@contextlib.contextmanager
def _only_writer(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock_file(descriptor, path)
        yield
    finally:
        os.close(descriptor)  # the lock goes with it; the file stays


def _lock_file(descriptor: int, path: Path) -> None:
    try:
        import fcntl  # noqa: PLC0415 - Unix only; a collector on Windows locks the same file its own way
    except ImportError:
        import msvcrt  # noqa: PLC0415 - Windows only

        lock: Callable[[], None] = lambda: msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # noqa: E731
    else:
        lock = lambda: fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # noqa: E731 - one of two ways
    try:
        lock()
    except OSError:
        raise StoreError(f"another process is writing to this store ({path} is locked): stop it first") from None


def _migrate(engine: Engine) -> None:
    from alembic import command  # noqa: PLC0415 - a glance at the store should not load it
    from alembic.migration import MigrationContext  # noqa: PLC0415

    try:
        with engine.begin() as connection:
            if MigrationContext.configure(connection).get_current_heads() == (_newest_revision(),):
                return
            config = _migrations()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except SQLAlchemyError as error:
        raise StoreError(f"the database cannot be opened: {error.__cause__ or error}") from error


def _migrations() -> AlembicConfig:
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


@functools.cache
def _newest_revision() -> str | None:
    """The schema that this release knows; read once, since it is two dozen files."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - as above

    return ScriptDirectory.from_config(_migrations()).get_current_head()
