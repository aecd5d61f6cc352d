"""The journal against everybody who could want to change it, with what an agent kept of it as the witness."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from trusts import START, Trust

from collector import cli, journal
from collector.errors import CollectorError
from collector.intake.certificates import Authority, signed_by
from collector.store import Store, Transaction
from collector.store import journal as rows
from collector.store import schema as t

ENTRIES = 40


@pytest.fixture
def trust(store: Store) -> Trust:
    """A trust whose journal is filled."""
    return Trust(store)


@pytest.fixture
def kept(trust: Trust) -> journal.Checkpoint:
    """What an agent witnessed of a journal that has many entries."""

    def write(connection: Transaction) -> journal.Checkpoint | None:
        begun = journal.checkpoint(connection, trust.id)
        for number in range(ENTRIES - (begun.position if begun else 0)):
            detail: dict[str, str | int] = {"token": f"t{number}"}
            journal.append(connection, trust.id, actor="owner", action="token_made", detail=detail, now=START)
        return journal.checkpoint(connection, trust.id)

    end = trust.store.write(write)
    assert end is not None
    return end


def trust_of(connection: Transaction) -> str:
    """The only trust that has a journal here."""
    return str(connection.scalars(select(t.journal.c.trust_id)).first())


def flip(connection: Transaction, position: int) -> None:
    """Change who did it."""
    connection.execute(update(t.journal).where(t.journal.c.position == position).values(actor="somebody else"))


def take_out(connection: Transaction, position: int) -> None:
    """Delete one entry."""
    connection.execute(delete(t.journal).where(t.journal.c.position == position))


def take_out_and_close(connection: Transaction, position: int) -> None:
    """Delete one entry and move those after it up."""
    take_out(connection, position)
    for later in range(position + 1, ENTRIES + 1):
        where = t.journal.c.position == later
        connection.execute(update(t.journal).where(where).values(position=later - 1))


def swap(connection: Transaction, position: int) -> None:
    """Put two entries in each other's place."""
    for old, new in ((position, 0), (position + 1, position), (0, position + 1)):
        connection.execute(update(t.journal).where(t.journal.c.position == old).values(position=new))


def put_in(connection: Transaction, position: int) -> None:
    """Make room and put an entry there, with the hash of the one before it."""
    for later in range(ENTRIES, position - 1, -1):
        connection.execute(update(t.journal).where(t.journal.c.position == later).values(position=later + 1))
    rows.add(connection, trust_of(connection), rows.Entry(position, START, "owner", "token_made", "{}", bytes(32)))


def cut_off(connection: Transaction, position: int) -> None:
    """Delete everything from one entry on."""
    connection.execute(delete(t.journal).where(t.journal.c.position >= position))


def compute_anew(connection: Transaction, position: int) -> None:
    """Cut off, and go on with other entries whose hashes follow: what somebody with the whole database can do."""
    trust_id = trust_of(connection)
    cut_off(connection, position)
    for _ in range(ENTRIES + 5 - position):
        journal.append(connection, trust_id, actor="nobody", action="nothing", detail={}, now=START)


@pytest.mark.parametrize("position", [2, 17, ENTRIES - 1])
@pytest.mark.parametrize("attack", [flip, take_out, take_out_and_close, swap, put_in, cut_off, compute_anew])
def test_what_is_done_to_the_journal_is_found_against_an_agents_checkpoint(
    trust: Trust, kept: journal.Checkpoint, attack: Callable[[Transaction, int], None], position: int
) -> None:
    with trust.store.reader() as connection:
        assert journal.verify(connection, trust.id, [kept]) == ""
    trust.store.write(lambda connection: attack(connection, position))
    with trust.store.reader() as connection:
        told = journal.verify(connection, trust.id, [kept])
    assert told, f"{attack.__name__} at {position} was not found"
    assert any(str(near) in told for near in range(position, ENTRIES + 2)), told


def test_a_checkpoint_is_signed_for_its_trust_and_place_alone(
    trust: Trust, kept: journal.Checkpoint, tmp_path: Path
) -> None:
    authority, other = (Authority.open(tmp_path / name, START) for name in ("ours", "other"))
    with trust.store.reader() as connection:
        signed = journal.checkpoint(connection, trust.id, authority.sign)
    assert signed is not None
    assert (signed.position, signed.hash) == (kept.position, kept.hash)
    assert signed_by(authority.certificate, signed.signature, signed.octets(trust.id))
    assert not signed_by(other.certificate, signed.signature, signed.octets(trust.id))
    assert not signed_by(authority.certificate, signed.signature, signed.octets("another trust"))
    moved = journal.Checkpoint(signed.position - 1, signed.hash, signed.signature)
    assert not signed_by(authority.certificate, moved.signature, moved.octets(trust.id))


def test_a_witness_is_read_from_what_agents_and_exports_write(kept: journal.Checkpoint) -> None:
    told = kept.to_json()
    assert journal.witnesses(json.dumps(told)) == [kept]
    assert journal.witnesses(json.dumps({"rows": 3, "journal": told})) == [kept]
    assert journal.witnesses(json.dumps(told | {"earlier": [told]})) == [kept, kept]
    for nonsense in ("", "[]", "{}", "7", '{"position": 1}', '{"position": "x", "hash": "00"}', '{"journal": 3}'):
        with pytest.raises(CollectorError, match=r"witness\.json"):
            journal.witnesses(nonsense)


def test_the_command_line_verifies_against_what_others_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--data", str(tmp_path / "data")]
    assert cli.main([*at, "init", "--trust", "Beacon", "--school", "Oak Lane", "--urn", "123456"]) == 0
    capsys.readouterr()
    assert cli.main([*at, "verify"]) == 0
    assert "the journal holds" in capsys.readouterr().out
    assert cli.main([*at, "journal", "--most", "1"]) == 0
    assert "_made" in capsys.readouterr().out
    manifest = tmp_path / "register.csv.manifest.json"
    for _ in range(2):  # the second export is an entry that the first one's manifest precedes
        assert cli.main([*at, "export", "--form", "csv", str(tmp_path / "register.csv")]) == 0
    capsys.readouterr()
    assert cli.main([*at, "verify", "--witness", str(manifest)]) == 0
    assert "1 of them as others saw them" in capsys.readouterr().out
    told = json.loads(manifest.read_text())
    told["journal"]["position"] += 1
    manifest.write_text(json.dumps(told))
    assert cli.main([*at, "verify", "--witness", str(manifest)]) == 2
    assert "not signed by this collector" in capsys.readouterr().err
    unsigned = tmp_path / "witness.json"
    unsigned.write_text(json.dumps({"position": 1, "hash": "00" * 32, "signature": ""}))
    assert cli.main([*at, "verify", "--witness", str(unsigned)]) == 2
    assert "not signed by this collector" in capsys.readouterr().err
    assert cli.main([*at, "verify", "--witness", str(tmp_path / "none")]) == 2
    assert "cannot be read" in capsys.readouterr().err
