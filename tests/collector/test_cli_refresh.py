"""Plans at the command line: shown, exported, decided, said and taken back; mistakes answered with a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import plan_estate
from collector import cli, plan_asks
from collector.errors import CollectorError
from fresh_store import fresh_store

Type = Callable[..., tuple[int, str, str]]
ELM = ("--school", "Elm Primary School")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collector with a trust of three schools, for all tests here: each says of other devices."""
    made = tmp_path_factory.mktemp("plan-cli")
    (made / "collector.toml").touch()
    (made / "data").mkdir(mode=0o700)
    store = fresh_store(made / "data" / "stocktake.db")
    plan_estate.three(store)
    store.close()
    return made


@pytest.fixture
def typed(folder: Path, capsys: pytest.CaptureFixture[str]) -> Type:
    """Types a command of plans; returns status, stdout, stderr."""

    def run(*words: str) -> tuple[int, str, str]:
        base = ("--config", str(folder / "collector.toml"), "--data", str(folder / "data"), "--log-level", "error")
        try:
            status = cli.main([*base, "plan", *words])
        except SystemExit as left:  # argparse says what is wrong itself
            status = int(left.code or 0)
        out, err = capsys.readouterr()
        return status, out.strip(), err.strip()

    return run


def test_a_plan_is_shown_by_class_and_year_for_the_trust_or_a_school(typed: Type) -> None:
    status, out, _ = typed("show", "--years", "5")
    assert status == 0
    assert out.splitlines()[0] == "Plan of Three Trees Trust, pounds without VAT"
    assert any(line.startswith("server") for line in out.splitlines())
    mine = json.loads(typed("show", "--json", *ELM)[1])
    assert "Oak" not in json.dumps(mine)
    assert "'Beech' is not a school here" in typed("show", "--school", "Beech")[2]


@pytest.mark.parametrize("form", ["xlsx", "json", "returns"])
def test_a_plan_is_written_once_and_never_over_another_file(typed: Type, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"plan.{form}"
    assert "rows of the plan" in typed("export", form, str(path))[1]
    assert path.stat().st_size > 500
    assert "is there already: name another file" in typed("export", form, str(path))[2]


def test_what_is_said_is_taken_back_by_the_command_that_was_printed(typed: Type) -> None:
    status, out, _ = typed("line", "add", "--what", "Broadband", "--line", "Connectivity", "--cost", "1200",
                           "--starts", "1/4/2026", "--yearly")  # fmt: skip
    assert status == 0
    command = out.rpartition("stocktake-collector plan ")[2].split()
    assert typed(*command)[0] == 0
    assert "was taken back already" in typed(*command)[2]


def test_a_maintained_school_makes_its_own_return(typed: Type, tmp_path: Path) -> None:
    told = typed("terms", "--start", "4", "--vat", "20", "--kind", "maintained", *ELM)
    assert told[1] == "years begin on 1 April, 20 % VAT is added at Elm Primary School (maintained: CFR)"
    typed("export", "returns", str(tmp_path / "r.csv"))
    lines = (tmp_path / "r.csv").read_text("utf-8-sig").splitlines()
    assert {line.split(",")[1] for line in lines if line.startswith("CFR")} == {"Elm Primary School"}
    assert {line.split(",")[1] for line in lines if line.startswith("BFR")} == {"Three Trees Trust"}


def test_what_is_decided_is_answered_as_it_was_understood(typed: Type) -> None:
    pinned = typed("pin", "oak-laptop-0", "--year", "2027", "--reason", "the grant")
    assert pinned[1] == "oak-laptop-0 is decided: replaced in 2027/28"
    kept = typed(
        "extend", "--room", "ICT suite", "--until", "31/8/2028", "--reason", "spares", "--school", "Oak Academy"
    )
    assert kept[1] == "room ICT suite at Oak Academy is decided: kept until 31/08/2028"
    assert typed("retire", "oak-server-0", "--reason", "cloud")[1].endswith("let go without replacement")
    assert typed("release", "oak-server-0")[1] == "oak-server-0: its dates decide again"
    assert "its dates decide already" in typed("release", "oak-server-0")[2]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("policy", "set", "class", "laptop", "life=-3"), "“-3” is no number of months"),
        (("policy", "set", "class", "laptop", "life"), "'life' is no FIELD=VALUE, such as life=60"),
        (("policy", "unset", "class", "phone"), "it is as it comes already"),
        (("terms", "--start", "9", "--vat", "lots"), "“lots” is no percentage"),
        (("budget", "set", "--year", "27", "--cap", "5"), "“27” is no year"),
        (("line", "remove", "nonsense"), "there is no line 'nonsense' in the plan"),
        (("pin", "--year", "2027", "--reason", "x"), "name a device, or a room of a school"),
        (("pin", "--room", "ICT suite", "--year", "2027", "--reason", "x"), "say at which school"),
        (("upgrade", "elm-laptop-0", "--reason", "x"), "invalid choice: 'upgrade'"),
    ],
)  # fmt: skip
def test_a_mistake_gets_a_sentence_and_changes_nothing(typed: Type, words: tuple[str, ...], sentence: str) -> None:
    status, _, err = typed(*words)
    assert status != 0
    assert sentence in err


@pytest.mark.parametrize(
    ("octets", "sentence"),
    [
        (b"PK\x03\x04nonsense", "the workbook cannot be read"),
        (b"", "the file holds no rows"),
        (b"a,b\n1,2\n", "the first row has to name the columns"),
        (b"kind,school,what\nbeer,Elm,x\n", "row 2: “beer” is no kind"),
    ],
)
def test_a_list_that_is_none_is_refused_in_words(typed: Type, tmp_path: Path, octets: bytes, sentence: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(octets)
    assert sentence in typed("import", str(path))[2]


@pytest.mark.parametrize("action", ["upgrade", "add", "spend", "burn"])
def test_nothing_but_a_pin_an_extension_or_a_retirement_can_be_decided(action: str) -> None:
    with pytest.raises(CollectorError, match="cannot be decided: pin, extend or retire"):
        plan_asks.decision(action, {"reason": "x", "year": "2027"})
