"""Rows of products: what recognises one, what it then tells, what is asked for it; every table there is is sound."""

from __future__ import annotations

import importlib
import re
from itertools import chain

import pytest

from collector import knowledge
from collector.facts import CLASSES, Fact, choose
from collector.products import LINUX, NOBODY, ONLY_ASKED, Product, ProductTable, Weights
from collector.walks import DESCRIPTION, OBJECT_ID, Walk
from stocktake import ber
from stocktake.values import Binding

ACME, OTHER = "1.3.6.1.4.1.99999", "1.3.6.1.4.1.77777"
NET_SNMP = f"1.3.6.1.4.1.{LINUX}"
TABLE = ProductTable(
    "acme", Weights(vote=80, maker=60, words=55, objects=70),
    Product("99999", "switch", "Acme", r"^Acme (?P<model>\S+)", {"serial": ".2.1.0", "firmware": (".3.*", ".4.0")},
            instead={"Controller": "wireless controller", "AP$": "access point"}),
    Product("99999.5", "router", "Acme", texts={".1.0": r"version (?P<firmware>[\d.]+)"}),
    Product("99999.6", "kvm", "Acme", r"^KVM", shared=True),
    Product("99999.6", "console server", "Acme", r"^Console", shared=True, vote=120),
    Product("99999.7", "phone", words=r"^Phone (?P<model>\S+)"),
    Product("99999.7", "pbx", words=r"^Exchange (?P<model>\S+)"),
    Product("88888.1", "ups", "Beta", objects={ONLY_ASKED: ".1.0"}, behind=(LINUX, *NOBODY)),
    Product("66666", "camera", "Gamma", r"^Gamma (?P<model>\S+)", anywhere=True),
    Product("", "printer", "Delta", r"\bdelta (?P<model>\S+)"),
    Product("55555", "server", objects={"name": "1.3.6.1.2.1.1.5.0"}),
)  # fmt: skip


def facts(object_id: str, description: str = "", objects: dict[str, str] | None = None) -> dict[str, Fact]:
    bindings = [Binding(OBJECT_ID, ber.OBJECT_IDENTIFIER, ber.encode_oid(object_id))]
    texts = {DESCRIPTION: description, **(objects or {})}
    bindings += [Binding(oid, ber.OCTET_STRING, value.encode()) for oid, value in texts.items()]
    told = TABLE.read(Walk({"walk": bindings}).named("acme"))
    return {fact.name: fact for fact in choose(fact for fact in told if isinstance(fact, Fact))}


def values(object_id: str, description: str = "", objects: dict[str, str] | None = None) -> dict[str, object]:
    return {name: fact.value for name, fact in facts(object_id, description, objects).items()}


# ------------------------------------------------------------------------------------------------ what recognises one


def test_a_number_names_the_product_and_its_words_and_objects_tell_the_rest() -> None:
    told = facts(f"{ACME}.1.24", "Acme GS24 switch", {f"{ACME}.2.1.0": "AC0000042"})
    assert {name: fact.value for name, fact in told.items()} == {
        "class": "switch", "maker": "Acme", "model": "GS24", "serial": "AC0000042",
    }  # fmt: skip
    assert told["class"].rule == "acme.object_id"
    assert [told[name].weight for name in ("class", "maker", "model", "serial")] == [80, 60, 55, 70]


def test_the_longest_number_stands() -> None:
    assert values(f"{ACME}.5.1", "Acme R1", objects={f"{ACME}.5.1.0": "version 3.1, built"}) == {
        "class": "router", "maker": "Acme", "firmware": "3.1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("description", "device_class"), [("KVM 8", "kvm"), ("console 16", "console server"), ("Toaster", None)]
)
def test_under_a_shared_number_the_words_must_fit_too(description: str, device_class: str | None) -> None:
    assert values(f"{ACME}.6.1", description).get("class") == device_class


def test_of_rows_with_one_number_the_first_whose_words_fit_stands_else_the_last() -> None:
    assert values(f"{ACME}.7", "Phone 7") == {"class": "phone", "model": "7"}
    assert values(f"{ACME}.7", "Exchange 9") == {"class": "pbx", "model": "9"}
    assert values(f"{ACME}.7", "Something new") == {"class": "pbx"}


@pytest.mark.parametrize("object_id", [NET_SNMP, "0.0", "1.3.6.1.4.1.0"])
def test_behind_a_number_that_names_nobody_the_answer_of_its_objects_names_it(object_id: str) -> None:
    told = facts(object_id, "Linux localhost", {"1.3.6.1.4.1.88888.1.1.0": "on"})
    assert (told["class"].value, told["maker"].value) == ("ups", "Beta")
    assert (told["class"].rule, told["class"].source.locator) == ("acme.answers", "1.3.6.1.4.1.88888.1")
    assert set(told) == {"class", "maker"}
    assert values(object_id, "Linux localhost") == {}


def test_words_name_a_product_without_a_number_and_one_that_they_name_anywhere() -> None:
    assert values(OTHER, "The Delta X1") == {"class": "printer", "maker": "Delta", "model": "X1"}
    assert values(OTHER, "Gamma C3") == {"class": "camera", "maker": "Gamma", "model": "C3"}
    assert values(OTHER, "Acme GS24") == {}


# ------------------------------------------------------------------------------------------------ what it tells


@pytest.mark.parametrize(
    ("description", "device_class"),
    [("Acme GS24", "switch"), ("Acme Controller", "wireless controller"), ("Acme AP", "access point")],
)
def test_a_word_of_the_description_makes_another_class(description: str, device_class: str) -> None:
    assert values(ACME, description)["class"] == device_class


def test_the_first_row_of_a_column_that_says_anything_tells_and_a_further_object_is_lighter() -> None:
    column = {f"{ACME}.3.1": "", f"{ACME}.3.2": "2.0"}
    told = facts(ACME, objects={**column, f"{ACME}.4.0": "1.9"})
    assert (told["firmware"].value, told["firmware"].weight) == ("2.0", 70)
    told = facts(ACME, objects={f"{ACME}.4.0": "1.9"})
    assert (told["firmware"].value, told["firmware"].weight) == ("1.9", 60)


def test_a_row_asks_for_its_objects_of_the_devices_it_may_be() -> None:
    asks = {ask.name: ask for ask in TABLE.asks}
    assert list(asks) == ["acme_99999", "acme_99999_5", "acme_88888_1", "acme_55555"]
    assert asks["acme_99999"].scalars == (f"{ACME}.2.1.0", f"{ACME}.4.0")
    assert asks["acme_99999"].tables == (f"{ACME}.3",)
    assert asks["acme_88888_1"].scalars == ("1.3.6.1.4.1.88888.1.1.0",)
    assert asks["acme_88888_1"].condition.object_id_prefixes == (
        "1.3.6.1.4.1.88888.1", NET_SNMP, "0.0", "1.3.6.1.4.1.0",
    )  # fmt: skip
    assert asks["acme_55555"].scalars == ("1.3.6.1.2.1.1.5.0",)


# ------------------------------------------------------------------------------------------------ the tables there are


def tables() -> dict[str, ProductTable]:
    modules = (importlib.import_module(f"collector.knowledge.{file.name}") for file in knowledge.files())
    named = ((module.__name__, value) for module in modules for value in vars(module).values())
    return {name: value for name, value in named if isinstance(value, ProductTable)}


def test_many_files_are_tables_and_their_groups_are_asked_for() -> None:
    assert len(tables()) > 10
    wanted = {ask.name for file in knowledge.files() for ask in file.asks}
    assert {ask.name for table in tables().values() for ask in table.asks} <= wanted


@pytest.mark.parametrize(("name", "table"), tables().items(), ids=tables())
def test_every_row_of_every_table_is_sound(name: str, table: ProductTable) -> None:
    seen = [(row.number, row.words) for row in table.products]
    assert len(seen) == len(set(seen)), f"{name} has a row twice"
    for row in table.products:
        assert {row.device_class, *row.instead.values()} <= {*CLASSES, ""}, row
        assert row.number or row.words, "a row that nothing recognises"
        assert re.fullmatch(r"\d+(\.\d+)*|", row.number), row
        assert not row.shared or row.words, "a shared number needs words"
        assert not row.behind or row.objects or row.texts, "nothing is asked that could answer"
        oids = [*chain.from_iterable((o,) if isinstance(o, str) else o for o in row.objects.values()), *row.texts]
        assert all(re.fullmatch(r"\.?\d+(\.\d+)*(\.\*)?", oid) for oid in oids), row


def test_words_are_tried_only_where_the_letters_stand_that_all_that_fit_hold() -> None:
    tried = ProductTable("tried", Weights(), Product("", "phone", words=r"\bEta (?P<model>\S+)", sign="eta "))
    description = Binding(DESCRIPTION, ber.OCTET_STRING, b"The ETA 4200")
    told = tried.read(Walk({"walk": [description]}).named("tried"))
    assert {fact.name: fact.value for fact in told if isinstance(fact, Fact)} == {"class": "phone", "model": "4200"}
    assert not list(tried.read(Walk({"walk": [Binding(DESCRIPTION, ber.OCTET_STRING, b"Iota 4200")]})))


def test_a_table_knows_the_enterprises_of_its_rows() -> None:
    assert TABLE.enterprises == ("", "55555", "66666", "88888", "99999")
