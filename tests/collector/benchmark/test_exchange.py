"""The file that trusts exchange: its form is published, and whatever is not of it is refused with a sentence."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.benchmark import exchange
from collector.benchmark.exchange import Cell, File, Leaving
from collector.benchmark.measures import BY_KEY
from collector.benchmark.similar import GROUPS
from collector.errors import CollectorError

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs/benchmark.schema.json").read_text("utf-8"))
SECRET = "secret" + "0" * 40
DAY = date(2026, 11, 22)


def cell(**said: Any) -> Cell:
    usual = {
        "group": "primary", "measure": "median_age", "schools": 7, "quarter": 250, "half": 400, "three_quarters": 550,
        "unknown": 10, "as_of": DAY,
    }  # fmt: skip
    return Cell(**usual | said)


def sums(*cells: Cell, **said: Any) -> File:
    usual = {"format": exchange.FORMAT, "version": 1, "trust": "0123456789abcdef", "issued": DAY, "digest": ""}
    return File(**usual | {"seal": exchange.seal(SECRET), "cells": cells or (cell(),)} | said)


def resealed(written: bytes, change: dict[str, Any]) -> bytes:
    """A file with other values and a digest that fits, as somebody makes who means harm."""
    said = json.loads(written) | change | {"digest": ""}
    plain = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return json.dumps(said | {"digest": hashlib.sha256(plain).hexdigest()}).encode()


def test_the_published_schema_is_the_form_and_takes_what_is_written() -> None:
    assert exchange.schema() == SCHEMA, "write docs/benchmark.schema.json anew"
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    left = Leaving(format=exchange.FORMAT, version=1, trust="0123456789abcdef", issued=DAY, secret=SECRET, digest="")
    for said in (sums(name="Elm Trust", note="Less\nprinters"), left):
        jsonschema.validate(json.loads(exchange.write(said)), SCHEMA)


def test_a_file_comes_back_as_it_was_written_and_another_program_finds_the_same_digest() -> None:
    written = exchange.write(sums(name="Elm Trust ✓"))
    found = exchange.read(written)
    assert isinstance(found, File)
    assert (found.cells, found.name) == ((cell(),), "Elm Trust ✓")
    assert exchange.read(resealed(written, {})) == found


WRITTEN = exchange.write(sums())
CELL = json.loads(WRITTEN)["cells"][0]


@pytest.mark.parametrize(
    "change",
    [
        {"serial": "FOC2016X0AB"}, {"cells": [{"group": "primary"}]}, {"trust": "ELM"}, {"trust": "0" * 40},
        {"note": "x" * 2001}, {"issued": "soon"}, {"kind": "other"}, {"cells": [CELL] * 500},
        *({"cells": [CELL | one]} for one in (
            {"schools": 4}, {"half": -1}, {"half": 4.5}, {"half": 10**12}, {"unknown": 101}, {"group": "Oak Lane"},
            {"measure": "00:1b:21:00:00:10"}, {"device": "elm-core"}, {"schools": True},
        )),
    ],
    ids=lambda change: str(change)[:60],
)  # fmt: skip
def test_reader_and_schema_refuse_the_same(change: dict[str, Any]) -> None:
    bad = resealed(WRITTEN, change)
    with pytest.raises(CollectorError, match="is not as its form has it"):
        exchange.read(bad)
    known = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    assert not known.is_valid(json.loads(bad))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not as its form has it"), (b"[]", "not as its form"), (b"{}", "no file of a benchmark"),
        (b"\xff\xfe", "not as its form"), (b"[" * 100_000, "not as its form"), (b'{"x":' * 40_000, "not as its form"),
        (b" " * 300_000, "larger than 256 kB"), (b'{"format":"stocktake-benchmark","version":2}', "version 2 and this"),
        (b'{"format":["x"],"version":1}', "no file of a benchmark"),
        (WRITTEN.replace(b"400", b"401"), "its digest is another"),
        (resealed(WRITTEN, {"cells": [CELL] * 2}), "tells a measure of a group twice"),
        (resealed(WRITTEN, {"cells": [CELL | {"half": 600}]}), "not in order"),
    ],
)  # fmt: skip
def test_what_is_no_such_file_gets_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(CollectorError, match=sentence):
        exchange.read(content)


def put(at: int, other: bytes) -> bytes:
    return WRITTEN[:at] + other + WRITTEN[at + len(other) :]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400) | st.builds(put, st.integers(0, len(WRITTEN) - 1), st.binary(min_size=1, max_size=4)))
def test_whatever_comes_is_read_or_refused(content: bytes) -> None:
    refused = ""
    try:
        exchange.read(content)
    except CollectorError as error:
        refused = str(error)
    assert len(refused) < 400


def test_what_people_wrote_comes_without_control_characters() -> None:
    written = resealed(WRITTEN, {"name": "Elm\x1b[31m \u202etsurT", "note": "one\r\n\n\n\n\ntwo\x00 \u2066x"})
    found = exchange.read(written)
    assert isinstance(found, File)
    assert (found.name, found.note) == ("Elm[31m tsurT", "one\n\ntwo x")


def test_the_form_has_no_place_for_a_device_or_a_school() -> None:
    names = {field.name for kind in (File, Cell, Leaving) for field in msgspec.structs.fields(kind)}
    assert names == {
        "format", "version", "trust", "issued", "seal", "cells", "digest", "name", "note", "group", "measure",
        "schools", "quarter", "half", "three_quarters", "unknown", "as_of", "secret",
    }  # fmt: skip
    assert tuple(exchange.Group.__args__) == GROUPS
    for key in BY_KEY:
        msgspec.convert(key, exchange.Key)
