"""The `people` commands and what the configuration says of signing in: as an operator types them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from collector import access, cli
from collector.access import Scope
from collector.config import Config, load
from collector.errors import CollectorError
from collector.store import places
from fresh_store import fresh_store

Type = Callable[..., tuple[int, str, str]]
SIGN_IN = {
    "sign_in_with": '"entra"', "sign_in_issuer": '"https://login.example.org/t/v2.0"', "sign_in_client": '"stocktake"',
    "sign_in_secret_file": '"/etc/stocktake/sign-in.secret"', "sign_in_allowed": '["tenant"]',
    "sign_in_address": '"https://stocktake.example.org"',
}  # fmt: skip


def written(folder: Path, **lines: str) -> Path:
    file = folder / "collector.toml"
    file.write_text("".join(f"{name} = {value}\n" for name, value in lines.items()))
    return file


@pytest.fixture
def trust(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Type:
    """Types a command on a collector with a trust of one school; returns status, stdout, stderr."""
    file = written(tmp_path, **SIGN_IN)

    def run(*words: str) -> tuple[int, str, str]:
        status = cli.main(["--config", str(file), "--data", str(tmp_path / "data"), "--log-level", "error", *words])
        out, err = capsys.readouterr()
        return status, out.strip(), err.strip()

    assert run("init", "--trust", "Elm Trust", "--school", "Oak Lane", "--owner", "Ada")[0] == 0
    return run


def test_people_are_listed_with_role_schools_and_end(trust: Type) -> None:
    status, out, _ = trust(
        "people", "invite", "Grace", "--role", "auditor", "--at", "oak lane", "--until", "2099-03-31"
    )
    assert status == 0
    assert out.startswith("Grace is auditor; they come in within a day by: https://127.0.0.1:8444/enter/")
    listed = trust("people", "list")[1].splitlines()
    assert listed == ["Ada: owner, the whole trust", "Grace: auditor, Oak Lane, until the end of 2099-03-31"]
    assert trust("people", "change", "grace", "--role", "finance")[1] == "Grace is finance now"
    assert trust("people", "list")[1].splitlines()[1] == "Grace: finance, the whole trust"


def test_somebody_is_reset_linked_and_removed(trust: Type) -> None:
    trust("people", "invite", "Grace", "--role", "finance")
    assert "/enter/" in trust("people", "reset", "Grace")[1]
    assert trust("people", "login", "Grace", "tenant/object")[1] == "Grace comes in by this login"
    assert "belongs to somebody already" in trust("people", "login", "Ada", "tenant/object")[2]
    assert trust("people", "remove", "Grace")[1].startswith("Grace is out; ")
    assert trust("people", "list")[1] == "Ada: owner, the whole trust"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("invite", "Grace", "--role", "auditor", "--at", "Oak Lane"), "has a last day"),
        (("invite", "Grace", "--role", "technician"), "name at least one"),
        (("invite", "Grace", "--role", "finance", "--at", "Oak Lane"), "leave --at out"),
        (("invite", "Grace", "--role", "technician", "--at", "Nowhere"), "Nowhere"),
        (("remove", "Ada"), "only owner"),
        (("remove", "Grace"), "known: Ada"),
    ],
)
def test_a_mistake_is_a_sentence(trust: Type, words: tuple[str, ...], why: str) -> None:
    status, _, err = trust("people", *words)
    assert status == 2
    assert why in err


def test_a_token_can_see_one_school_alone_for_some_days(trust: Type, tmp_path: Path) -> None:
    status, secret, _ = trust("api-token", "Power BI", "--scope", "read", "--days", "3", "--school", "oak lane")
    assert status == 0
    trust("school", "Elm")
    store = fresh_store(tmp_path / "data" / "stocktake.db")
    with store.reader() as connection:
        ((trust_id, _),) = places.trust_ids(connection)
    found = access.check_token(store, trust_id, secret)
    (token,) = access.tokens(store, trust_id)
    store.close()
    assert found is not None
    assert (found.scope, found.schools, len(found.schools or ())) == (Scope.READ, token.schools, 1)
    assert (token.expires - token.created).days == 3
    assert "Nowhere" in trust("api-token", "x", "--school", "Nowhere")[2]


def test_signing_in_by_a_provider_is_said_wholly_or_not_at_all(tmp_path: Path) -> None:
    assert load(written(tmp_path)).sign_in_with == Config().sign_in_with == ""
    whole = load(written(tmp_path, **SIGN_IN))
    assert (whole.sign_in_with, whole.sign_in_allowed) == ("entra", ("tenant",))
    for left_out in SIGN_IN:
        lines = {name: value for name, value in SIGN_IN.items() if name != left_out}
        with pytest.raises(CollectorError, match=f"{left_out}.* is not written") as found:
            load(written(tmp_path, **lines))
        assert "takes all of" in str(found.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sign_in_with", '"okta"'), ("sign_in_issuer", '"http://login.example.org"'), ("sign_in_client", '"a b"'),
        ("sign_in_address", '"https://a.example/path"'), ("sign_in_allowed", '["a tenant"]'),
    ],
)  # fmt: skip
def test_what_a_provider_cannot_be_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(CollectorError, match=name):
        load(written(tmp_path, **SIGN_IN | {name: value}))
