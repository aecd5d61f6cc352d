"""Walks in disguise: made-up values of the same form, the same everywhere, in indexes too; the product stays."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
import test_interpret as recorded_devices
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.corrections import specimen
from collector.corrections.disguise import Disguise, Known
from stocktake import ber, snmprec
from stocktake.values import Binding, SnmpBindings

SALT = b"salt of this test"
SYSTEM = "1.3.6.1.2.1.1"
DEVICES = Path(__file__).parents[1] / "devices"
WALKS = sorted(DEVICES.glob("*/walk.snmprec"))


def text(oid: str, value: str) -> Binding:
    return Binding(oid, ber.OCTET_STRING, value.encode())


def disguised(*bindings: Binding, serials: tuple[str, ...] = (), kept: tuple[str, ...] = ()) -> dict[str, bytes]:
    known = Known(serials=frozenset(serials), kept=frozenset(kept))
    return {binding.oid: binding.value for binding in Disguise(SALT, known).walk(bindings)}


def made(walk: Path, **corrected: str) -> specimen.Specimen:
    found = specimen.make(
        {"walk": SnmpBindings(recorded_devices.recorded(walk))}, corrected, ["Elm Primary School"], SALT
    )
    assert found is not None
    return found


# ------------------------------------------------------------------------------------------------ values


def test_names_places_and_people_are_made_up_in_the_same_form() -> None:
    told = {"4": "Ann O'Neill, x1234", "5": "SW-hall-01", "6": "Room 12, Elm Primary"}
    found = disguised(*(text(f"{SYSTEM}.{n}.0", value) for n, value in told.items()))
    for n, real in told.items():
        shown = found[f"{SYSTEM}.{n}.0"].decode()
        assert shown != real
        assert [(c.isdigit(), c.isupper(), c.islower()) for c in shown] == [
            (c.isdigit(), c.isupper(), c.islower()) for c in real
        ]


def test_one_value_is_the_same_made_up_value_in_text_in_octets_and_in_indexes() -> None:
    mac, name = bytes.fromhex("001b21aabbcc"), "elm-core"
    found = disguised(
        Binding("1.3.6.1.2.1.2.2.1.6.1", ber.OCTET_STRING, mac),
        text("1.3.6.1.4.1.9.9.999.1.1.1.0", "at 00:1B:21:AA:BB:CC, 001b.21aa.bbcc and 001B21AABBCC"),
        Binding(f"1.3.6.1.2.1.17.4.3.1.2.{'.'.join(map(str, mac))}", ber.INTEGER, b"\x07"),
        Binding("1.3.6.1.4.1.9.9.999.1.1.2.0", ber.OCTET_STRING, b"\x80\x00\xff" + mac),
        text(f"{SYSTEM}.5.0", name), text(f"{SYSTEM}.1.0", f"Linux {name} 5.4 #1 SMP"),
        text("1.3.6.1.4.1.9.9.999.1.1.3.0", f"{name.upper()}.school.uk"),
        Binding(f"1.3.6.1.4.1.9.9.999.2.1.8.{'.'.join(str(ord(c)) for c in name)}", ber.INTEGER, b"\x01"),
    )  # fmt: skip
    new, other = found["1.3.6.1.2.1.2.2.1.6.1"], found[f"{SYSTEM}.5.0"].decode()
    assert (new[:3], new != mac, len(new)) == (mac[:3], True, 6)
    low, bare = new.hex(), new.hex().upper()
    assert found["1.3.6.1.4.1.9.9.999.1.1.1.0"].decode() == (
        f"at {new.hex(':').upper()}, {low[:4]}.{low[4:8]}.{low[8:]} and {bare}"
    )
    assert f"1.3.6.1.2.1.17.4.3.1.2.{'.'.join(map(str, new))}" in found
    assert found["1.3.6.1.4.1.9.9.999.1.1.2.0"] == b"\x80\x00\xff" + new
    assert found[f"{SYSTEM}.1.0"].decode() == f"Linux {other} 5.4 #1 SMP"
    assert found["1.3.6.1.4.1.9.9.999.1.1.3.0"].decode() == f"{other.upper()}.school.uk"
    assert f"1.3.6.1.4.1.9.9.999.2.1.8.{'.'.join(str(ord(c)) for c in other)}" in found


def test_addresses_are_made_up_in_values_and_indexes_but_not_versions_and_masks() -> None:
    real = "192.168.7.9"
    found = disguised(
        Binding(f"1.3.6.1.2.1.4.20.1.1.{real}", ber.IP_ADDRESS, bytes([192, 168, 7, 9])),
        Binding(f"1.3.6.1.2.1.4.20.1.3.{real}", ber.IP_ADDRESS, bytes([255, 255, 252, 0])),
        Binding(f"1.3.6.1.2.1.4.22.1.2.3.{real}", ber.OCTET_STRING, bytes.fromhex("001b21aabbcc")),
        text("1.3.6.1.4.1.9.9.999.1.1.1.0", f"http://{real}/admin"),
        text(f"{SYSTEM}.1.0", "Version 10.2.0.5, loader 1.0.0.1"),
        Binding("1.3.6.1.2.1.4.20.1.1.127.0.0.1", ber.IP_ADDRESS, bytes([127, 0, 0, 1])),
    )
    (new,) = (value for oid, value in found.items() if oid.startswith("1.3.6.1.2.1.4.20.1.1.10."))
    dotted = ".".join(map(str, new))
    assert dotted != real
    assert found[f"1.3.6.1.2.1.4.20.1.3.{dotted}"] == bytes([255, 255, 252, 0])
    assert f"1.3.6.1.2.1.4.22.1.2.3.{dotted}" in found
    assert found["1.3.6.1.4.1.9.9.999.1.1.1.0"].decode() == f"http://{dotted}/admin"
    assert found[f"{SYSTEM}.1.0"] == b"Version 10.2.0.5, loader 1.0.0.1"
    assert found["1.3.6.1.2.1.4.20.1.1.127.0.0.1"] == bytes([127, 0, 0, 1])


def test_the_engine_id_and_ipv6_neighbours_are_made_up() -> None:
    inside = bytes.fromhex("fe80000000000000021b21fffeaabbcc")
    found = disguised(
        Binding("1.3.6.1.6.3.10.2.1.1.0", ber.OCTET_STRING, bytes.fromhex("8000000903001b21aabbcc")),
        Binding(f"1.3.6.1.2.1.4.35.1.4.2.2.16.{'.'.join(map(str, inside))}", ber.OCTET_STRING, bytes(6)),
    )
    engine = found["1.3.6.1.6.3.10.2.1.1.0"]
    assert (engine[:5].hex(), len(engine), b"\xaa\xbb\xcc" in engine) == ("8000000903", 11, False)
    assert not any("170.187.204" in oid for oid in found)


def test_a_serial_number_keeps_its_first_half_and_a_device_named_as_its_product_keeps_the_product() -> None:
    found = disguised(
        text("1.3.6.1.2.1.47.1.1.1.1.11.1", "FOC2016X0AB"), text(f"{SYSTEM}.5.0", "Catalyst"),
        text(f"{SYSTEM}.1.0", "Catalyst of FOC2016X0AB"), serials=("FOC2016X0AB",), kept=("Catalyst",),
    )  # fmt: skip
    serial = found["1.3.6.1.2.1.47.1.1.1.1.11.1"].decode()
    assert (serial[:5], serial != "FOC2016X0AB", len(serial)) == ("FOC20", True, 11)
    assert found[f"{SYSTEM}.1.0"].decode() == f"Catalyst of {serial}"
    assert found[f"{SYSTEM}.5.0"] == b"Catalyst", "as it came from its factory"


def test_without_the_salt_nobody_finds_the_value_by_trying() -> None:
    mac = bytes.fromhex("001b21aabbcc")
    assert Disguise(b"one").mac(mac) != Disguise(b"two").mac(mac)
    assert b"one" not in repr(Disguise(b"one")).encode()


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from([
    f"{SYSTEM}.5.0", "1.3.6.1.2.1.2.2.1.6.1", "1.3.6.1.2.1.17.4.3.1.1.0.1.2.3.4.5", "1.3.6.1.2.1.4.35.1.4.1.2.3",
    "1.3.6", "1.3.6.1.6.3.10.2.1.1.0", "1.3.6.1.2.1.4.20.1.1.999999.1.2.3",
]), st.sampled_from([2, 4, 5, 6, 64, 65, 68, 70, 128]), st.binary(max_size=40)), max_size=6))  # fmt: skip
def test_nothing_that_a_device_sends_upsets_it(rows: list[tuple[str, int, bytes]]) -> None:
    bindings = [Binding(*row) for row in rows]
    names = frozenset({"straße İ", "\udcff odd"})
    assert len(Disguise(SALT, Known(names=names, serials=frozenset({"1234567"}))).walk(bindings)) == len(bindings)


def test_a_large_walk_takes_seconds_at_most() -> None:
    macs = [bytes([0, 27, 33, n >> 8, n & 255, 7]) for n in range(2000)]
    bindings = [Binding(f"1.3.6.1.2.1.17.4.3.1.1.{'.'.join(map(str, mac))}", ber.OCTET_STRING, mac) for mac in macs]
    bindings += [text(f"1.3.6.1.2.1.31.1.1.1.18.{n}", f"to room {n}") for n in range(2000)]
    begun = time.process_time()
    assert len(disguised(*bindings)) == 4000
    assert time.process_time() - begun < 5


# ------------------------------------------------------------------------------------------------ test cases


@pytest.mark.parametrize("walk", WALKS, ids=lambda path: path.parent.name)
def test_every_recorded_device_reads_the_same_in_disguise(walk: Path, tmp_path: Path) -> None:
    case = made(walk)
    assert case.odd == ()
    real = json.loads(walk.with_name("expect.json").read_text("utf-8"))
    assert {name: case.expected[name] for name in ("class", "maker", "model", "firmware")} == {
        name: real[name] for name in ("class", "maker", "model", "firmware")
    }
    for name in ("serial", "name"):
        told, product = case.expected[name], " ".join(str(real[n]) for n in ("class", "maker", "model"))
        assert told is None or told != real[name] or told.lower() in product.lower()
    drop = put(case, tmp_path)
    recorded_devices.test_a_recorded_device_is_read_as_expected(drop, dict(case.expected))
    recorded_devices.test_a_recorded_device_shows_its_identifiers_and_components(drop, dict(case.expected))


def put(case: specimen.Specimen, folder: Path) -> Path:
    home = folder / case.folder
    home.mkdir()
    for name, content in case.files().items():
        (home / name).write_text(content, "ascii")
    return home / "walk.snmprec"


def test_dropped_in_it_fails_in_the_corrected_cell_and_only_there(tmp_path: Path) -> None:
    walk = DEVICES / "hp-2530-24g" / "walk.snmprec"
    right = {"model": "2530-24G-PoE+ (J9773A)"}
    drop = put(made(walk, **right), tmp_path)
    expected = json.loads(drop.with_name("expect.json").read_text())
    assert drop.parent.name == "hp-2530-24g-poe-j9773a"
    with pytest.raises(AssertionError):
        recorded_devices.test_a_recorded_device_is_read_as_expected(drop, expected)
    recorded_devices.test_a_recorded_device_is_read_as_expected(drop, expected | {"model": "J9773A 2530-24G-PoEP"})
    for other in (
        recorded_devices.test_every_fact_points_to_the_binding_it_was_read_from,
        recorded_devices.test_the_order_of_bindings_and_groups_changes_nothing,
    ):
        other(drop)
    recorded_devices.test_a_recorded_device_shows_its_identifiers_and_components(drop, expected)


def test_a_corrected_name_is_expected_in_disguise_and_a_corrected_maker_in_the_serial_identifier() -> None:
    walk = DEVICES / "hp-2530-24g" / "walk.snmprec"
    case = made(walk, name="Science block, cupboard 2", maker="Cisco")
    lines = {line.partition("|")[0]: line.rpartition("|")[2] for line in case.walk.splitlines()}
    assert case.expected["name"] == lines[f"{SYSTEM}.6.0"] != "Science block, cupboard 2"
    assert case.expected["identifiers"][0] == f"SERIAL cisco:{case.expected['serial']}"
    assert "Science" not in case.walk


def test_a_hostile_maker_makes_no_path_and_no_answers_make_no_case() -> None:
    walk = DEVICES / "hp-2530-24g" / "walk.snmprec"
    assert made(walk, maker="../../etc/..", model="/\x00 ☃").folder == "etc"
    assert made(walk, maker="☃", model="☃").folder == "unknown-device"
    assert specimen.make({}, {}, [], SALT) is None


def test_a_test_case_is_plain_text_that_reads_back() -> None:
    case = made(DEVICES / "hp-2530-24g" / "walk.snmprec")
    assert snmprec.parse(case.walk.splitlines()).unreadable == ()
    assert case.walk.isascii()
