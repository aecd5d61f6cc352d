"""When things came on the market: the data files, and the bounds that come of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from collector.age import About, Grade, Says, Told, launches
from collector.age.assess import clues
from collector.age.estimate import Confidence, Estimate, estimate
from collector.age.launches import MODELS, PROCESSORS, BadRow
from collector.facts import maker_key

SEEN = date(2026, 11, 22)
ROWS = [(file, row) for file in (MODELS, PROCESSORS) for row in launches.rows(file)]


def device(kind: str, maker: str = "", model: str = "", serial: str = "", **facts: str) -> About:
    said = {"maker": maker, "model": model, "serial": serial} | facts
    told = {name: (Told(name, value, since=SEEN),) for name, value in said.items() if value}
    return About(kind, maker, model, serial, told=told, first_seen=SEEN)


def module(kind: str) -> About:
    return About("memory", component="memory/DIMM 0", told={"type": (Told("type", kind),)})


def family(kind: str, maker: str, model: str) -> str:
    found = launches.product(device(kind, maker, model))
    return found.family if found else ""


# ------------------------------------------------------------------------------------------------ the data files


def test_there_are_rows_of_what_schools_own() -> None:
    makers = {row.maker for row in launches.rows(MODELS)}
    assert makers >= {"hp", "dell", "cisco", "ubiquiti", "ruckus", "apple", "microsoft", "synology", "brother", "apc"}
    assert {row.maker for row in launches.rows(PROCESSORS)} == {"intel", "amd", "apple"}
    assert len(ROWS) > 400


@pytest.mark.parametrize("file", [MODELS, PROCESSORS])
def test_no_row_is_in_the_shadow_of_another(file: str) -> None:
    for row in launches.rows(file):
        assert launches.find(file, row.maker, row.example, row.kind) is row, row.family


@pytest.mark.parametrize("file", [MODELS, PROCESSORS])
def test_every_row_is_dated_in_a_possible_time_and_names_a_source(file: str) -> None:
    for row in launches.rows(file):
        assert date(2000, 1, 1) < row.launch < SEEN, row.family
        assert row.checked is None or row.launch < row.checked <= SEEN, row.family
        assert row.end_of_sale is None or row.end_of_sale - row.launch > timedelta(days=180), row.family
        assert len(row.source) > 8, row.family
        assert row.maker == maker_key(row.maker), row.family


def test_families_are_named_once() -> None:
    names = [row.family for _, row in ROWS]
    assert len(names) == len(set(names))


GOOD = "hp\tGen8\tGen ?8\tDL380p Gen8\t2012-02-13\t2016-12\t\tHP, announcement\t"


def with_cell(column: int, value: str) -> str:
    cells = GOOD.split("\t")
    cells[column] = value
    return "\t".join(cells)


def test_a_month_is_its_first_day_at_the_start_and_its_last_at_the_end() -> None:
    (row,) = launches.read("m.tsv", ["# maker …", "", with_cell(4, "2012-02")])
    assert (row.launch, row.end_of_sale, row.end_of_support, row.checked) == (
        date(2012, 2, 1), date(2016, 12, 31), None, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        (GOOD + "\textra", "10 columns, not 9"),
        (with_cell(1, " "), "no family"),
        (with_cell(7, ""), "no source"),
        (with_cell(2, "Gen(8"), "unterminated subpattern"),
        (with_cell(3, "DL380 Gen9"), "does not fit its example DL380 Gen9"),
        (with_cell(4, "Q1 2012"), "Q1 2012 is no day and no month"),
        (with_cell(4, "2012-02-30"), "day is out of range"),
        (with_cell(5, "2011-12"), "not in this order"),
        (with_cell(8, "today"), "today is no day"),
    ],
)
def test_a_bad_row_says_file_line_and_what_is_wrong(line: str, wrong: str) -> None:
    with pytest.raises(BadRow, match=rf"^models\.tsv line 3: .*{wrong}"):
        list(launches.read("models.tsv", ["# comment", GOOD, line]))


# ------------------------------------------------------------------------------------------------ finding


@pytest.mark.parametrize(
    ("kind", "maker", "model", "known"),
    [
        ("server", "HP", "ProLiant DL380p Gen8", "ProLiant Gen8"),
        ("server", "HPE", "ProLiant ML350 Gen6", "ProLiant G6"),
        ("server", "HPE", "ProLiant MicroServer Gen8", "ProLiant MicroServer Gen8"),
        ("server", "HPE", "ProLiant DL380 Gen10 Plus", "ProLiant Gen10 Plus"),
        ("switch", "HP", "J9775A 2530-48G", "HP 2530"),
        ("chassis", "Aruba", "JL663A", "Aruba CX 6300"),
        ("switch", "Aruba", "HPE ANW 6300 VSF Stack", "Aruba CX 6300"),
        ("switch", "HP", "1920S 24G 2SFP JL381A", "HPE 1920S"),
        ("access point", "Aruba", "635", "Aruba AP-6xx (Wi-Fi 6E)"),
        ("printer", "HP", "HP LaserJet 4300", "HP LaserJet of 2002 to 2007"),
        ("printer", "HP", "HP LaserJet Pro MFP 4102fdn", "HP LaserJet of 2022 and later (4000 series)"),
        ("server", "Dell", "PowerEdge R300", "PowerEdge 10G"),
        ("server", "Dell", "PowerEdge R730xd", "PowerEdge 13G"),
        ("server", "Dell", "PowerEdge R6515", "PowerEdge 15G"),
        ("desktop", "Dell", "OptiPlex 7010", "OptiPlex 3010, 7010 and 9010"),
        ("desktop", "Dell", "OptiPlex SFF Plus 7010", "OptiPlex of 2023 (7010 by form factor)"),
        ("laptop", "Dell", "Latitude 3310", "Latitude of 2019"),
        ("switch", "Cisco", "WS-C2960X-48FPD-L", "Catalyst 2960-X and 2960-XR"),
        ("access point", "Meraki", "MR33", "Meraki MR33, MR42, MR52, MR53"),
        ("switch", "Ubiquiti", "USW-24P-250", "UniFi switches of the first generation"),
        ("nas", "Synology", "RS2212RP+", "Synology of the 2012 cycle"),
        ("nas", "Synology", "DS1815+", "Synology of the 2015 cycle"),
        ("tablet", "Apple", "iPad11,6", "iPad (8th generation)"),
        ("tablet", "Microsoft", "Surface Pro 7+", "Surface Pro 7+"),
        ("server", "Raspberry Pi", "Raspberry Pi 4 Model B Rev 1.4", "Raspberry Pi 4 Model B"),
        # what only looks like one of them
        ("desktop", "HP", "HP Pro 3500 Series", ""),
        ("laptop", "Dell", "Inspiron N4030", ""),
        ("management controller", "Dell", "PowerEdge M1000e", ""),
        ("switch", "Cisco", "WS-C6506-E", ""),
        ("switch", "Somebody", "2530", ""),
    ],
)
def test_a_model_is_known_by_maker_class_and_name(kind: str, maker: str, model: str, known: str) -> None:
    assert family(kind, maker, model) == known


@pytest.mark.parametrize(
    ("brand", "bare"),
    [
        ("Intel(R) Core(TM) i5-7200U CPU @ 2.50GHz", "Intel Core i5-7200U"),
        ("11th Gen Intel(R) Core(TM) i3-1115G4 @ 3.00GHz", "Intel Core i3-1115G4"),
        ("Pentium(R) Dual-Core  CPU      E5300  @ 2.60GHz", "Intel Pentium Dual-Core E5300"),
        ("AMD Ryzen 5 PRO 5650U with Radeon Graphics", "AMD Ryzen 5 PRO 5650U with Radeon Graphics"),
        ("", ""),
    ],
)
def test_a_brand_is_read_without_what_tells_nothing(brand: str, bare: str) -> None:
    assert launches.bare_brand(brand) == bare


@pytest.mark.parametrize(
    ("brand", "launch"),
    [
        ("Intel(R) Core(TM) i5-7200U CPU @ 2.50GHz", date(2016, 8, 30)),
        ("Intel(R) Core(TM) i7-6700 CPU @ 3.40GHz", date(2015, 8, 5)),
        ("Intel(R) Core(TM) i7-3820 CPU @ 3.60GHz", date(2011, 11, 14)),
        ("Intel(R) Core(TM) i7-3820QM CPU @ 2.70GHz", date(2012, 4, 23)),
        ("Intel(R) Xeon(R) CPU E5-2620 v2 @ 2.10GHz", date(2013, 9, 10)),
        ("Intel(R) Xeon(R) CPU E5-2620 0 @ 2.00GHz", date(2012, 3, 6)),
        ("Intel(R) N100", date(2023, 1, 3)),
        ("AMD Ryzen 5 3500U with Radeon Vega Mobile Gfx", date(2019, 1, 6)),
        ("AMD EPYC 7313P 16-Core Processor", date(2021, 3, 15)),
        ("Apple M1", date(2020, 11, 10)),
        ("Genuine Intel(R) CPU", None),
        ("ARMv7 Processor rev 4 (v7l)", None),
    ],
)
def test_a_processor_is_known_by_its_generation(brand: str, launch: date | None) -> None:
    assert launches.processor(device("desktop", processor=brand)) == launch


# ------------------------------------------------------------------------------------------------ bounds


def test_a_row_keeps_a_distance_and_two_years_where_nobody_compared_it() -> None:
    (unchecked,) = launches.read("m.tsv", [GOOD])
    (checked,) = launches.read("m.tsv", [GOOD + "2026-11-22"])
    assert (unchecked.earliest, checked.earliest) == (date(2010, 2, 13), date(2011, 10, 16))


def test_a_model_bounds_from_below_and_softly_from_above() -> None:
    launch, end = launches.clues(device("server", "HP", "ProLiant DL380p Gen8"))
    assert (launch.says, launch.grade, launch.spans[0].earliest) == (Says.NOT_BEFORE, Grade.LAUNCH, date(2010, 2, 13))
    assert (end.says, end.grade, end.spans[0].latest) == (Says.NOT_AFTER, Grade.HINT, date(2017, 12, 31))
    assert "ProLiant Gen8 was launched in February 2012 (HP, announcement" in launch.words


def test_processor_and_memory_bound_a_computer() -> None:
    found = list(
        launches.clues(device("desktop", processor="Intel(R) Core(TM) i5-7200U CPU @ 2.50GHz"), (module("DDR4"),))
    )
    assert [(clue.rule, clue.spans[0].earliest) for clue in found if clue.says is Says.NOT_BEFORE] == [
        ("launch.processor", date(2016, 5, 2)),
        ("launch.memory", date(2014, 2, 1)),
    ]


def test_a_virtual_machine_has_the_processor_of_its_host() -> None:
    machine = device("virtual machine", "VMware", "VMware7,1", processor="Intel(R) Xeon(R) CPU E5-2620 v2 @ 2.10GHz")
    assert list(launches.clues(machine)) == []


def made_when(about: About) -> Estimate:
    return estimate(clues(about))


def test_a_server_whose_serial_number_reads_as_a_switchs_stays_2016() -> None:
    """CZ162913BZ, a DL380p Gen8 built in week 29 of 2016: a switch's rule would say June 2021."""
    found = made_when(device("server", "HP", "ProLiant DL380p Gen8", "CZ162913BZ"))
    assert found.best is not None
    assert found.best.isocalendar()[:2] == (2016, 29)
    assert found.confidence is Confidence.HIGH
    assert not found.contradicted


def test_a_cx_switch_cannot_be_of_2011() -> None:
    found = made_when(device("switch", "Aruba", "6300M 24SFP+ 4SFP56", "SG19KMX0MQ"))
    assert found.best is not None
    assert (found.best.year, found.best.month) == (2021, 9)


def test_an_old_printer_is_not_of_the_decade_after() -> None:
    """B9 of a Brother HL-5370DW is February 2009 or 2019, and its sale had ended by 2014."""
    found = made_when(device("printer", "Brother", "HL-5370DW", "E69896B9J154306"))
    assert found.best is not None
    assert (found.best.year, found.best.month) == (2009, 2)


def test_a_decade_that_model_and_sighting_leave_open_stays_open() -> None:
    found = made_when(device("switch", "HP", "J9775A 2530-48G", "CN38FP42K1"))
    assert found.best is None
    assert [span.earliest.year for span in found.candidates] == [2013, 2023]
