"""How values are said, what a device is made of, how evidence is decoded, what is missing, and how it looks."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from web_estate import NOW, edid

from collector.store.register import AgentRow, FactRow, SchoolRow
from collector.web import decoded, parts, unseen, words
from collector.web.decoded import Dump, Grid
from stocktake import ber, wire
from stocktake import values as v

STYLE = Path(__file__).parents[3] / "collector" / "web" / "static" / "stocktake.css"
GB = 2**30


# ------------------------------------------------------------------------------------------------ words


def test_a_time_is_said_where_its_readers_are() -> None:
    say = words.moment(ZoneInfo("Europe/London"))
    summer = say(datetime(2026, 7, 1, 8, 5, 9, tzinfo=UTC))
    assert ">1 Jul 2026 09:05</time>" in summer
    assert 'datetime="2026-07-01T08:05:09Z"' in summer
    assert "never" in say(None)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(-60, "just now"), (59, "just now"), (60, "1 minute ago"), (7199, "1 hour ago"), (200_000, "2 days ago")],
)
def test_how_long_ago_is_one_unit(seconds: int, said: str) -> None:
    assert words.ago(NOW - timedelta(seconds=seconds), NOW) == said


@pytest.mark.parametrize(
    ("value", "unit", "about", "said"),
    [
        (16 * GB, "bytes", "memory/DIMM 0 size", "16 GB"),
        (512_110_190_592, "bytes", "disk/sda size", "512.1 GB"),
        (2_000_398_934_016, "bytes", "disk/sdb size", "2 TB"),
        (900, "bytes", "disk/x size", "900 bytes"),
        (1, "bytes", "", "1 byte"),
        (1_000_000_000, "bits_per_second", "", "1 Gbit/s"),
        (100, "bits_per_second", "", "100 bit/s"),
        (90_000, "seconds", "", "1 day"),
        (41.5, "celsius", "", "41.5 °C"),
        (80, "percent", "", "80 %"),
        (2019, "", "", "2019"),
        (1_234_567, "", "", "1,234,567"),
        (12_345, "pages", "", "12,345 pages"),
        (0.5, "", "", "0.5"),
        (True, "", "", "yes"),
        (False, "bytes", "", "no"),
        ("as it is", "bytes", "", "as it is"),
        (-5, "celsius", "", "-5 °C"),
        (float("inf"), "bytes", "", "inf"),
        (float("nan"), "", "", "nan"),
        (10**40, "bytes", "", str(10**40)),
    ],
)
def test_a_statement_is_said_with_its_unit(value: float | str, unit: str, about: str, said: str) -> None:
    assert words.stated(value, unit, about) == said


@given(st.one_of(st.floats(), st.integers(), st.booleans(), st.text()), st.sampled_from(
    ["", "bytes", "seconds", "bits_per_second", "celsius", "percent", "pages"]))  # fmt: skip
def test_no_value_is_too_odd_to_be_said(value: float | bool | str, unit: str) -> None:
    assert isinstance(words.stated(value, unit), str)


def test_names_are_said_as_people_write_them() -> None:
    assert words.fact_name("os.name") == "OS name"
    assert words.fact_name("product_number") == "Product number"
    assert words.group_name("memory_and_processor") == "memory and processor"
    assert words.class_name("ups") == "UPS"
    assert words.method_name("SNMP_V2C") == "SNMP v2c"
    assert words.method_name("something new") == "something new"
    assert words.outcome_name("CUT") == "stopped early"
    assert words.identifier_name("LOCAL_MAC") == "local MAC, at its site"
    assert words.verdict_name("new") == "a device of its own"


def test_every_word_of_the_protocol_has_a_saying() -> None:
    assert {method.name for method in v.Method} == set(words._METHODS)
    assert {outcome.name for outcome in v.Outcome} == set(words._OUTCOMES)


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("Elm Primary", '"Elm Primary"'),
        ("St Mary's & St John's", "\"St Mary's & St John's\""),
        ("$(reboot)", "'$(reboot)'"),
        ('a" b', "'a\" b'"),
    ],
)
def test_a_name_in_a_command_cannot_become_another_command(name: str, argument: str) -> None:
    assert words.quoted(name) == argument


@given(st.text())
def test_plain_text_keeps_its_length_and_loses_what_cannot_be_seen(text: str) -> None:
    said = words.plain(text)
    assert isinstance(said, str)
    assert len(said) == len(text)
    assert not {c for c in said if ord(c) < 32} - {"\n", "\t"}
    assert words.plain(said) == said


def test_our_own_markup_passes_as_it_is() -> None:
    assert words.plain(Markup("<b>")) == Markup("<b>")
    assert words.plain(7) == 7


# ------------------------------------------------------------------------------------------------ parts


def fact(name: str, value: str | int, component: str = "", **changes: object) -> FactRow:
    row = FactRow(
        component, name, value, "", 50, True, "rule", "group", "1.2", "SNMP_V2C", "a", "agent", 1, NOW, NOW, NOW
    )  # fmt: skip
    return dataclasses.replace(row, **changes)  # type: ignore[arg-type]  # the names are the row's own


def test_of_what_several_pieces_of_evidence_chose_the_heaviest_stands() -> None:
    light, heavy = fact("maker", "Intel", weight=5), fact("maker", "Cisco", weight=60)
    unchosen = fact("maker", "Wrong", weight=99, chosen=False)
    assert parts.standing([light, unchosen, heavy]) == {("", "maker"): heavy}
    newer = fact("maker", "HP", weight=60, last_observed=NOW + timedelta(days=1))
    assert parts.standing([newer, heavy])["", "maker"] is newer


def test_every_statement_says_what_became_of_it() -> None:
    said = [
        fact("maker", "Cisco", weight=60), fact("maker", "Cisco", weight=50), fact("maker", "Intel", weight=5),
        fact("mac", "a", weight=50), fact("mac", "b", chosen=False),
    ]  # fmt: skip
    (group,) = parts.fact_groups(said)
    assert [(f.name, f.value, mark) for f, mark in group.facts] == [
        ("mac", "a", ""), ("mac", "b", "also"),
        ("maker", "Cisco", ""), ("maker", "Cisco", "agrees"), ("maker", "Intel", "outweighed"),
    ]  # fmt: skip


def test_components_become_tables_in_the_order_people_ask_for() -> None:
    said = [fact("name", f"Gi{n}", f"interface/{n}") for n in (10, 9, 1)]
    said += [fact("size", 1, "disk/sda"), fact("serial", "x", "disk/sdb"), fact("odd", "y", "zebra/1")]
    tables = parts.part_tables(said)
    assert [table.kind for table in tables] == ["disk", "interface", "zebra"]
    assert [name for name, _ in tables[1].rows] == ["1", "9", "10"]
    assert tables[0].columns == ("serial", "size")
    assert tables[0].rows[0][1] == (None, said[3])
    assert tables[2].title == "Zebra"


def test_a_table_of_components_has_an_end() -> None:
    (table,) = parts.part_tables([fact("name", "x", f"interface/{n}") for n in range(parts.ROWS_LIMIT + 7)])
    assert (len(table.rows), table.more) == (parts.ROWS_LIMIT, 7)


@given(st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), max_size=9))
def test_no_name_of_a_component_is_too_odd(names: list[tuple[str, str]]) -> None:
    said = [fact(name, "x", component) for name, component in names]
    parts.part_tables(said)
    assert sum(len(group.facts) for group in parts.fact_groups(said)) == len(said)


# ------------------------------------------------------------------------------------------------ evidence


def grids(content: v.Content) -> dict[str, Grid | Dump]:
    _, blocks = decoded.blocks(wire.encode_content(content))
    return {block.title: block for block in blocks}


def test_bindings_show_type_value_and_octets() -> None:
    bindings = (
        v.Binding("1.3.6.1.2.1.1.3.0", ber.TIME_TICKS, b"\x01\x00"),
        v.Binding("1.3.6.1.2.1.2.2.1.6.1", ber.OCTET_STRING, bytes.fromhex("001b21ff0010")),
        v.Binding("1.3.6.1.2.1.4.20.1.1", ber.IP_ADDRESS, bytes([10, 1, 0, 5])),
        v.Binding("1.3.6.1.2.1.1.2.0", ber.OBJECT_IDENTIFIER, b"\xff"),
        v.Binding("1.3.6.1.2.1.1.9", ber.NO_SUCH_OBJECT, b""),
        v.Binding("1.3.6.1.2.1.1.6.0", ber.OCTET_STRING, "Büro\0".encode()),
        v.Binding("1.3.6.1.9", 0x99, b"\x01"),
    )
    grid = grids(v.SnmpBindings(bindings))["Variable bindings"]
    assert isinstance(grid, Grid)
    assert [row[1:3] for row in grid.rows] == [
        ("TimeTicks", "256"), ("OCTET STRING", ""), ("IpAddress", "10.1.0.5"), ("OID", ""), ("no such object", ""),
        ("OCTET STRING", "Büro"), ("type 0x99", ""),
    ]  # fmt: skip
    assert grid.rows[1][3] == "00 1b 21 ff 00 10"


def test_every_kind_of_content_is_shown_with_its_name() -> None:
    seen = v.Sighting("10.0.0.1", "00:1b:21:00:00:01")
    table = v.SmbiosTable(b"_SM3_", b"\x01\x02", (("sys_vendor", "Dell"),))
    shown = {
        v.Sightings((seen,), swept=True): ("Sightings", {"What was told", "Sightings"}),
        v.EdidBlocks((v.EdidBlock("DP-1", edid()),)): ("EDID blocks", {"Blocks", "Block: DP-1"}),
        table: ("SMBIOS table", {"Entry point", "Table", "Pieces"}),
        v.Disks((v.Disk("sda", smart_json=b"{}"),)): ("Disks", {"Disks", "SMART JSON: sda"}),
        v.Power((), mains_online=True): ("Power", {"What was told"}),
        v.Load((0.5, 0.25), 3.0): ("Load", {"What was told"}),
        v.ImportedRows((v.ImportedRow((("serial", "A1"),)),)): ("Imported rows", {"Rows"}),
        v.PlatformSecurity(tpm_present=False): ("Platform security", {"What was told"}),
    }  # fmt: skip
    for content, (kind, titles) in shown.items():
        found, blocks = decoded.blocks(wire.encode_content(content))
        assert (found, {block.title for block in blocks}) == (kind, titles)


def test_an_observed_zero_is_shown_and_what_was_not_told_is_not() -> None:
    grid = grids(v.MemoryAndProcessor(memory_bytes=0, cores=None))["What was told"]
    assert isinstance(grid, Grid)
    assert grid.rows == (("Memory bytes", "0"),)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_evidence_are_octets_and_a_sentence(octets: bytes) -> None:
    kind, blocks = decoded.blocks(octets)
    assert kind
    assert isinstance(blocks, list)
    assert decoded.dump("x", octets).size == len(octets)


def test_a_dump_has_offsets_text_and_an_end() -> None:
    shown = decoded.dump("x", b"Stocktake \x00\xff" + b"A" * 10_000)
    assert shown.lines[0] == ("000000", "53 74 6f 63 6b 74 61 6b 65 20 00 ff 41 41 41 41", "Stocktake ··AAAA")
    assert shown.lines[1][0] == "000010"
    assert shown.more == 10_012 - decoded.DUMP_LIMIT


# ------------------------------------------------------------------------------------------------ what is missing


def agent(**changes: object) -> AgentRow:
    row = AgentRow(
        "a", "server", "elm", "Elm", "Main", "1", NOW, None, NOW + timedelta(days=20), NOW, NOW, 0, (), {}, ()
    )  # fmt: skip
    return dataclasses.replace(row, **changes)  # type: ignore[arg-type]  # the names are the row's own


ELM = SchoolRow("elm", "Elm", "", 1, {}, 1, NOW, 0)


def missing(school: SchoolRow, *agents: AgentRow) -> dict[str, str]:
    found = unseen.gaps([school], agents, NOW)
    return {gap.sentence: gap.items[0].note for gap in found}


def test_where_all_is_well_nothing_is_missing() -> None:
    assert missing(ELM, agent()) == {}


def test_what_is_missing_is_said_with_its_measure() -> None:
    assert missing(ELM) == {"No agent, so nothing there is seen": ""}
    assert missing(ELM, agent(revoked=NOW)) == {"No agent, so nothing there is seen": ""}
    assert missing(ELM, agent(last_report=None)) == {"Agents that have never reported": ""}
    silent = agent(last_report=NOW - timedelta(days=3))
    assert missing(ELM, silent) == {"Agents that have been silent for more than a day": "last report 3 days ago"}
    ending = agent(certificate_expires=NOW + timedelta(days=2))
    assert missing(ELM, ending) == {"Agents whose certificate ends and was not renewed": "in 2 days"}
    ended = agent(certificate_expires=NOW)
    assert missing(ELM, ended) == {"Agents whose certificate ends and was not renewed": "ended"}
    full = agent(numbers={"spool_dropped_reports": 1204, "last_sweep_silent": 1.0})
    assert missing(ELM, full) == {
        "Agents that lost reports, as their spool was full": "1,204 reports",
        "Devices that were asked by SNMP and did not answer": "1 device",
    }
    assert missing(ELM, agent(troubles=("x", "y"))) == {"Agents that report trouble": "2 troubles"}
    unread = dataclasses.replace(ELM, unread=3)
    assert missing(unread, agent()) == {"Evidence that could not be read": "3 pieces of evidence"}


@pytest.mark.parametrize("told", [0, -1, float("nan"), float("inf"), "3", None, True])
def test_a_number_that_tells_nothing_is_no_gap(told: object) -> None:
    assert missing(ELM, agent(numbers={"last_sweep_silent": told})) == {}


def test_a_long_list_of_gaps_has_an_end() -> None:
    (gap,) = unseen.gaps([dataclasses.replace(ELM, school_id=str(n)) for n in range(100)], [], NOW)
    assert (len(gap.items), gap.more) == (60, 40)


# ------------------------------------------------------------------------------------------------ style


def palettes() -> list[dict[str, str]]:
    """The colours of the light palette, and of the dark one, by name."""
    found = re.findall(r":root \{(.*?)\}", STYLE.read_text("utf-8"), re.DOTALL)[:2]
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in found]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", palettes(), ids=["light", "dark"])
def test_every_colour_of_text_can_be_read_on_every_ground_it_stands_on(palette: dict[str, str]) -> None:
    grounds = {
        "ink": ("paper", "sheet", "warn-soft", "link-soft"), "soft": ("paper", "sheet", "warn-soft", "link-soft"),
        "link": ("paper", "sheet", "link-soft"), "warn": ("paper", "warn-soft", "link-soft"),
        "bad": ("bad-soft", "paper"), "paper": ("link",),
    }  # fmt: skip
    for text, behind in grounds.items():
        for ground in behind:
            assert contrast(palette[text], palette[ground]) >= 4.5, (text, ground)


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("it ended on 2023-07-31; more until 2026-01-02", "it ended on 31 Jul 2023; more until 2 Jan 2026"),
        ("bought on 2026-13-45", "bought on 2026-13-45"),
        ("serial AB2023-07-311", "serial AB2023-07-311"),
        ("", ""),
    ],
)  # fmt: skip
def test_days_in_sentences_are_said_as_people_write_them(kept: str, said: str) -> None:
    assert words.dated(kept) == said
