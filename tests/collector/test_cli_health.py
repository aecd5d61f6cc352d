"""Health as an operator types it: a condition is acknowledged and that ended; limits are listed, set and unset."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from trusts import Trust, group, system

from collector import cli, london
from collector.store import conditions, register
from collector.store import journal as journal_rows
from fresh_store import fresh_store
from stocktake import ber
from stocktake.values import Binding, SnmpBindings

Type = Callable[..., tuple[int, str, str]]
UPS, MAINS = "1.3.6.1.2.1.33.1", 3
WALK = timedelta(minutes=5)
LIMIT = ("ups", "runtime_warning_minutes")


def ups(minutes: int) -> object:
    """What a UPS on mains tells of itself (RFC 1628)."""
    told = ((f"{UPS}.2.3.0", minutes), (f"{UPS}.2.4.0", 100), (f"{UPS}.4.1.0", MAINS))
    return group("ups", SnmpBindings(tuple(Binding(oid, 2, ber.encode_integer(value)) for oid, value in told)))


class Bench:
    """A collector that knows a UPS whose battery lasts 20 minutes, where 30 are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=20)
        self.store = fresh_store(folder / "stocktake.db")
        self.trust = Trust(self.store)
        self.walk(times=2)
        with self.store.reader() as connection:
            self.device = register.devices(connection, self.trust.id)[0].device_id

    def walk(self, times: int = 1) -> None:
        """Its health walks."""
        for _ in range(times):
            self.trust.say(self.now, system("ups"), ups(20))
            self.now += WALK

    def state(self) -> tuple[str, bool]:
        """How its UPS is, and whether somebody knows."""
        with self.store.reader() as connection:
            rows = conditions.of_device(connection, self.trust.id, self.device, london.day_of(datetime.now(UTC)))
        (row,) = (row for row in rows if row.aspect == "ups" and not row.component)
        return row.state, row.acknowledged

    def journal(self) -> list[str]:
        """What was done."""
        with self.store.reader() as connection:
            return [entry.action for entry in journal_rows.entries(connection, self.trust.id)]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def typed(bench: Bench, capsys: pytest.CaptureFixture[str]) -> Type:
    """Types a command; returns status, stdout, stderr. One process writes, so the bench's store is closed meanwhile."""
    (bench.folder / "collector.toml").touch()
    head = ["--config", str(bench.folder / "collector.toml"), "--data", str(bench.folder), "--log-level", "error"]

    def run(*words: str) -> tuple[int, str, str]:
        bench.store.close()
        status = cli.main([*head, *words])
        bench.store = bench.trust.store = fresh_store(bench.folder / "stocktake.db")
        out, err = capsys.readouterr()
        return status, out.strip(), err.strip()

    return run


def test_a_condition_is_acknowledged_listed_and_notifies_again(bench: Bench, typed: Type) -> None:
    assert bench.state() == ("warning", False)
    until = (london.day_of(datetime.now(UTC)) + timedelta(days=3)).isoformat()
    said = ("acknowledge", bench.device, "ups", "--owner", "Sam", "--until", until, "--reason")
    status, out, err = typed(*said, " ")
    assert (status, out) == (2, "")
    assert err.endswith("say why: a condition is acknowledged with a reason")
    status, out, _ = typed(*said, "a battery is ordered")
    assert status == 0
    assert out.startswith(f"ups of {bench.device} is acknowledged to the end of {until} (acknowledgement ")
    assert bench.state() == ("warning", True)
    listed = typed("acknowledgements")[1].splitlines()
    assert "a battery is ordered" in listed[1]
    made = listed[1].split()[0]
    assert made in out
    assert typed("acknowledgement", "end", made)[1].endswith("the condition notifies again")
    assert bench.state() == ("warning", False)
    assert typed("acknowledgements")[1] == "nothing is acknowledged"
    assert typed("acknowledgement", "end", made)[0] == 2
    assert bench.journal()[-2:] == ["condition_acknowledged", "acknowledgement_ended"]


def test_a_limit_is_set_judged_by_and_unset(bench: Bench, typed: Type) -> None:
    assert typed("limits", "list", "--own")[1] == "the trust has no limit of its own"
    status, out, _ = typed("limits", "set", *LIMIT, "15", "--reason", "our servers are small")
    assert status == 0
    assert out.startswith("runtime_warning_minutes of ups, for every class, is 15 now; 1 device judged anew, 0 changed")
    bench.walk(2)
    assert bench.state() == ("ok", False)
    assert "the trust: our servers are small" in typed("limits", "list", "--own")[1]
    lines = typed("limits", "list")[1].splitlines()
    assert sum(LIMIT[1] in line for line in lines) == 1
    assert any("DfE" in line for line in lines)
    assert typed("limits", "unset", *LIMIT)[0] == 0
    assert typed("limits", "unset", *LIMIT)[0] == 2
    bench.walk(2)
    assert bench.state() == ("warning", False)
    assert bench.journal()[-2:] == ["health_limit_set", "health_limit_unset"]


def test_a_limit_that_there_is_not_is_refused_in_a_sentence(typed: Type) -> None:
    status, _, err = typed("limits", "set", "ups", "made_up", "15")
    assert status == 2
    assert "there is no limit 'made_up' of 'ups'" in err
    with pytest.raises(SystemExit):
        typed("limits", "set", *LIMIT, "15", "--class", "no such class")
