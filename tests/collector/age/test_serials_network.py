"""Serial numbers of network makers: what each tells of the date, by maker and product class, and why some do not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.age import About, Clue, Grade, Says, Span, Told
from collector.age import serials as frame
from collector.age.serials import (
    SerialRule,
    allied_telesis,
    avaya,
    cisco,
    dlink,
    edgecore,
    extreme,
    fortinet,
    hp_switches,
    huawei,
    juniper,
    network_undated,
    ruckus,
    zyxel,
)

MODULES = (
    *(allied_telesis, avaya, cisco, dlink, edgecore, extreme, fortinet),
    *(hp_switches, huawei, juniper, network_undated, ruckus, zyxel),
)
#: as the frame orders them: rules for certain kinds of product before those for all
RULES: tuple[SerialRule, ...] = tuple(
    sorted((rule for module in MODULES for rule in module.RULES), key=lambda rule: (not rule.kinds, rule.name))
)


def clue(serial: str, maker: str, kind: str = "switch", model: str = "", *, told_maker: bool = False) -> Clue | None:
    told = {"maker": (Told("maker", maker),)} if told_maker else {}
    about = About(kind=kind, maker=maker, model=model, serial=serial, told=told)
    return next(iter(frame.clues(about, RULES)), None)


def spans(serial: str, maker: str, kind: str = "switch", model: str = "") -> tuple[Span, ...]:
    found = clue(serial, maker, kind, model, told_maker=True)
    assert found is not None, "no rule applies"
    assert found.says is Says.MADE, found.words
    return found.spans


def holds(span: Span, day: date) -> bool:
    return span.earliest <= day <= span.latest


def off(serial: str, maker: str, day: date, kind: str = "switch", model: str = "") -> int:
    """By how many days the best reading is off, which must hold the day."""
    nearest = min(spans(serial, maker, kind, model), key=lambda span: abs((span.middle - day).days))
    assert holds(nearest, day)
    return abs((nearest.middle - day).days)


def why_not(serial: str, maker: str, kind: str = "switch", model: str = "") -> str:
    found = clue(serial, maker, kind, model)
    assert found is not None, "no rule applies"
    assert found.says is Says.NOTHING
    return found.words


# ------------------------------------------------------------------------------------------------ Cisco


@pytest.mark.parametrize(
    ("serial", "kind", "year", "week"),
    [
        ("SAD08300D4W", "switch", 2004, 30),
        ("FOC2506LLVF", "switch", 2021, 6),  # Small Business
        ("PSZ28171BEE", "switch", 2024, 17),
        ("FCH2218XXXX", "phone", 2018, 18),
        ("DNI1446B72Z", "switch", 2010, 46),
        ("JAE2445044T", "server", 2020, 45),  # UCS, explained by Cisco's staff
        ("LIT22033E97", "power supply", 2018, 3),
        ("ACI27200181", "fan", 2023, 20),
        ("APF26310XYZ-B", "transceiver", 2022, 31),  # one end of a copper cable
    ],
)
def test_a_cisco_number_tells_year_since_1996_and_week(serial: str, kind: str, year: int, week: int) -> None:
    (span,) = spans(serial, "Cisco", kind)
    monday = date.fromisocalendar(year, week, 1)
    assert holds(span, monday)
    assert abs((span.middle - monday).days) <= 6
    assert span.days <= 35


@pytest.mark.parametrize(
    ("serial", "recorded"),
    [
        ("AGT1105U2N2", date(2007, 1, 31)),
        ("FNS16301LP8", date(2012, 7, 28)),
        ("FNS1631015F", date(2012, 7, 29)),
    ],
)
def test_optics_coded_by_cisco_hold_the_date_that_they_record(serial: str, recorded: date) -> None:
    assert off(serial, "Cisco", recorded, "transceiver") <= 14


def test_week_54_is_no_week() -> None:
    assert "week 54" in why_not("FOC2554XXXX", "Cisco")


@pytest.mark.parametrize("serial", ["AAA9999Z999", "SN123456789", "JAE11111111", "S1809290080", "FDO2750P"])
def test_what_is_not_of_ciscos_form_is_unknown(serial: str) -> None:
    assert why_not(serial, "Cisco")


def test_meraki_numbers_carry_no_date_and_no_number_of_cisco_is_read_as_one() -> None:
    assert "Meraki" in why_not("Q2KN-8T6V-XXXX", "Meraki", "access point", "MR33")
    assert "Meraki" in why_not("FOC2506LLVF", "Meraki", "switch", "MS120")


def test_a_disk_in_a_cisco_server_has_the_number_of_its_own_maker() -> None:
    assert clue("FOC2506LLVF", "Cisco", "disk") is None


# ------------------------------------------------------------------------------------------------ HP


@pytest.mark.parametrize(
    ("serial", "maker", "year", "month"),
    [
        ("CN50A1Z4BN", "HP", 2015, 10),  # 0 is October
        ("DM2BFD6000", "HP", 2012, 12),  # B is December
        ("DM1AF3E00T", "HP", 2011, 11),  # A is November
        ("CN29FSQ5V0", "HP", 2012, 9),
        ("DM20F3605D", "HP", 2012, 10),
        ("DM18F3F00G", "HP", 2011, 8),
        ("SG19KMX0MQ", "Aruba", 2021, 9),
        ("SG45L5N009", "HPE", 2024, 5),
        ("SG35L510BP", "Aruba", 2023, 5),
        ("CN3AXXX001", "HP", 2013, 11),  # the example of HP's own document
    ],
)
def test_an_hp_switch_tells_the_month_and_leaves_the_decade_open(
    serial: str, maker: str, year: int, month: int
) -> None:
    found = spans(serial, maker)
    assert any(holds(span, date(year, month, 1)) and holds(span, date(year, month, 28)) for span in found)
    assert [span.middle.year % 10 for span in found] == [year % 10] * len(found)
    assert len(found) >= 2
    assert all(span.middle.month == month for span in found)


@pytest.mark.parametrize(
    ("serial", "recorded"),
    [
        ("CN50A1Z4BN", date(2015, 10, 13)),
        ("DM2BFD6000", date(2012, 12, 22)),
        ("CN29FSQ5V0", date(2012, 9, 24)),
        ("DM1AF3E00T", date(2011, 11, 9)),
        ("CN2AFSQ3KX", date(2012, 12, 11)),  # eleven days after the month
        ("DM20F3605D", date(2012, 11, 2)),
        ("DM18F3F00G", date(2011, 9, 3)),
    ],
)
def test_a_comware_module_holds_the_date_that_it_records(serial: str, recorded: date) -> None:
    assert off(serial, "HP", recorded, "module") <= 31


@pytest.mark.parametrize("kind", ["server", "desktop", "laptop", "printer"])
def test_the_switch_rule_never_reads_an_hp_server_or_computer(kind: str) -> None:
    assert clue("CZ162913BZ", "HP", kind) is None


def test_a_power_supply_that_a_server_agent_tells_is_not_read_as_a_switchs() -> None:
    of_server = Told("serial", "CN50A1Z4BN", rule="hp_servers")
    about = About("power supply", "HP", serial="CN50A1Z4BN", component="power supply/1", told={"serial": (of_server,)})
    assert list(frame.clues(about, RULES)) == []


def test_a_transceiver_in_an_hp_switch_may_be_anybodys_until_it_tells_its_maker() -> None:
    assert clue("MY3AFVJ0XX", "HP", "transceiver") is None
    assert spans("MY3AFVJ0XX", "HP", "transceiver")  # here it tells


def test_a_procurve_sold_before_2010_has_two_readings() -> None:
    found = spans("SG947YN0XX", "HP", model="J9145A")
    assert any(holds(span, date.fromisocalendar(2009, 47, 3)) for span in found)
    assert any(holds(span, date(2019, 4, 15)) for span in found)


def test_a_switch_sold_after_2010_has_one_rule_and_a_letter_is_in_no_week() -> None:
    assert min(span.earliest.year for span in spans("SG947YN0XX", "HP", model="J9772A")) == 2019
    assert min(span.earliest.year for span in spans("SG947YN0XX", "Aruba", model="JL255A")) == 2019
    assert min(span.earliest.year for span in spans("SG94KYN0XX", "HP", model="J9145A")) == 2019


@pytest.mark.parametrize(
    ("serial", "kind", "model"),
    [
        ("CNBJHMV0WN", "access point", "225"),
        ("BT0489813", "access point", "105"),
        ("CR0009876", "wireless controller", "Aruba7030-US"),
        ("CN50A1Z4BN", "access point", "AP-515"),
    ],
)
def test_wireless_of_aruba_networks_follows_no_known_rule(serial: str, kind: str, model: str) -> None:
    assert "no rule is known" in why_not(serial, "Aruba", kind, model)


def test_an_msm_controller_follows_the_rule_that_its_own_quick_start_tells() -> None:
    assert any(holds(span, date(2013, 11, 15)) for span in spans("CN3AXXX001", "HP", "wireless controller", "MSM720"))


@pytest.mark.parametrize("serial", ["DEVICESERL", "PWR1SERIAL", "IP058T82038F", "2MZZZZZZZZZZ", "CN99888888"])
def test_what_is_not_of_hps_form_is_unknown(serial: str) -> None:
    assert why_not(serial, "HPE")


def test_3coms_own_numbers_follow_no_known_rule() -> None:
    assert "3Com" in why_not("CN50A1Z4BN", "3Com")


# ------------------------------------------------------------------------------------------------ Extreme and Avaya


@pytest.mark.parametrize(
    ("serial", "recorded"),
    [
        ("1931C-W0153", date(2019, 8, 7)),
        ("1914Q-20413", date(2019, 3, 12)),  # the board is older than the system
    ],
)
def test_an_extreme_switch_tells_year_and_week(serial: str, recorded: date) -> None:
    assert off(serial, "Extreme", recorded) <= 28


def test_an_extreme_switch_of_the_nineties_is_not_of_2098() -> None:
    (span,) = spans("9830F-01234", "Extreme")
    assert span.middle.year == 1998


def test_a_universal_access_point_tells_its_day() -> None:
    assert off("03052009040001", "Extreme", date(2020, 9, 4), "access point", "AP305C") == 0
    assert off("02501608254257", "Aerohive", date(2016, 8, 25), "access point", "AP230") == 0
    assert why_not("03052013040001", "Extreme", "access point", "AP305C")  # month 13


def test_access_points_of_wing_have_fourteen_digits_of_another_rule() -> None:
    assert "WiNG" in why_not("03052009040001", "Extreme", "access point", "AP-7522")


def test_an_enterasys_access_point_tells_year_and_week() -> None:
    (span,) = spans("ENAP10823ABC0001", "Enterasys", "access point", "AP2610")
    assert holds(span, date.fromisocalendar(2008, 23, 3))
    assert spans("ENAP10823ABC0001", "Siemens", "access point", "AP3620")


AVAYA_DAYS = [
    ("15JP5050CL05", date(2015, 12, 10)),
    ("17JP2240CR05", date(2017, 5, 31)),
    ("17JP4530CDD8", date(2017, 11, 7)),
    ("17ND3620D503", date(2017, 9, 4)),
    ("17ND5030D303", date(2017, 12, 12)),
    ("18ND0860D207", date(2018, 2, 23)),
    ("18ND1240D10P", date(2018, 3, 21)),
    ("18ND3330D61N", date(2018, 8, 14)),
    ("17OL2350T590", date(2017, 6, 8)),
]


@pytest.mark.parametrize(("serial", "day"), AVAYA_DAYS)
@pytest.mark.parametrize("maker", ["Avaya", "Nortel", "Extreme"])
def test_an_avaya_switch_tells_the_day_of_the_week(serial: str, day: date, maker: str) -> None:
    assert off(serial, maker, day) == 0


def test_a_sunday_may_open_or_close_its_week_and_there_is_no_eighth_day() -> None:
    (span,) = spans("17JP2210CR05", "Avaya")
    assert holds(span, date(2017, 5, 28))
    assert holds(span, date(2017, 6, 4))
    assert why_not("17JP2280CR05", "Avaya")


# ------------------------------------------------------------------------------------------------ other makers


@pytest.mark.parametrize(
    ("serial", "maker", "kind", "year", "week"),
    [
        ("TB3714070326", "Juniper", "switch", 2014, 7),
        ("VG3716220239", "Juniper", "switch", 2016, 22),
        ("YR3621430016", "Juniper", "switch", 2021, 43),
        ("YR3624060106", "Juniper", "stack member", 2024, 6),
        ("431323000588", "Ruckus", "wireless controller", 2013, 23),
        ("051608001610", "Ruckus", "wireless controller", 2016, 8),
        ("231603507471", "Ruckus", "access point", 2016, 3),
        ("211838000212", "Ruckus", "access point", 2018, 38),
        ("1611AP320000CE601234", "Meru", "access point", 2011, 16),
        ("S162L27100106", "Zyxel", "wireless controller", 2016, 27),
        ("S222L03100069", "Zyxel", "firewall", 2022, 3),
        ("EC1549000075", "Edgecore", "switch", 2015, 49),
        ("EC1549000075", "Edge-Core", "module", 2015, 49),
        ("A04881A151300018", "Allied Telesis", "switch", 2015, 13),
        ("A04882A143100020X4", "Allied Telesis", "module", 2014, 31),
    ],
)
def test_a_number_with_a_week_in_it_tells_the_week(serial: str, maker: str, kind: str, year: int, week: int) -> None:
    (span,) = spans(serial, maker, kind)
    assert holds(span, date.fromisocalendar(year, week, 3))
    assert span.days <= 70


def test_recorded_dates_of_edgecore_and_allied_telesis_lie_in_what_their_numbers_tell() -> None:
    assert off("EC1713000001", "Edgecore", date(2017, 4, 19)) <= 30
    assert off("007868R13360367", "Allied Telesis", date(2013, 10, 1), "module") <= 30


@pytest.mark.parametrize(
    ("serial", "recorded"),
    [
        ("2102120546P0G6000160", date(2016, 6, 17)),
        ("022MLMDMGC000001", date(2016, 12, 30)),
        ("022MLMDMH9000001", date(2017, 9, 26)),
        ("022MLMDMJ5000001", date(2018, 5, 30)),
    ],
)
def test_a_huawei_number_holds_the_date_that_its_board_records(serial: str, recorded: date) -> None:
    assert off(serial, "Huawei", recorded, "module") <= 16


def test_huawei_years_skip_the_letters_that_look_like_digits() -> None:
    for letter, year in (("9", 2009), ("A", 2010), ("H", 2017), ("J", 2018), ("N", 2022), ("P", 2023), ("Y", 2032)):
        (span,) = spans(f"2102359576DM{letter}C000120", "Huawei")
        assert span.middle.year == year
    for letter in "0IOZ":
        assert why_not(f"2102359576DM{letter}C000120", "Huawei")
    assert spans("2102359576DMR1000120", "xFusion", "server")
    assert why_not("4E2310017813", "Huawei")
    assert "H3C" in why_not("210235A0W0X123000123", "H3C")


@pytest.mark.parametrize(
    ("serial", "kind", "year"),
    [
        ("FGT60FTK20056924", "firewall", 2020),
        ("FG100E4Q17011652", "firewall", 2017),
        ("FGT5HD3916803570", "firewall", 2016),
        ("S148FFTF24009449", "switch", 2024),
        ("FGT60D4614037969", "firewall", 2014),
        ("FP231GTF2409AF83", "access point", 2024),
    ],
)
def test_fortinet_tells_the_year_and_no_more(serial: str, kind: str, year: int) -> None:
    (span,) = spans(serial, "Fortinet", kind)
    assert holds(span, date(year, 1, 1))
    assert holds(span, date(year, 12, 31))


@pytest.mark.parametrize("serial", ["FGVM010000123456", "FVVM010000123456", "FAC-VM0A12345678", "FADV040000000000"])
def test_a_virtual_machine_of_fortinet_was_never_made(serial: str) -> None:
    assert "licence" in why_not(serial, "Fortinet", "firewall")


@pytest.mark.parametrize(
    ("serial", "months"),
    [
        ("PVXE1B7000664", {(2011, 7)}),
        ("RZC52H3000001", {(2017, 3)}),
        ("SY331IC000001", {(2018, 12)}),
        ("P1UM298000677", {(2009, 8), (2029, 8)}),
    ],
)
def test_dlink_tells_the_month_and_a_digit_leaves_the_decade_open(serial: str, months: set[tuple[int, int]]) -> None:
    assert {(span.middle.year, span.middle.month) for span in spans(serial, "D-Link")} == months


@pytest.mark.parametrize(
    ("serial", "maker", "kind"),
    [
        ("000000000000", "Ruckus", "wireless controller"),
        ("CKM1234L567", "Ruckus", "switch"),
        ("F8223", "Juniper", "router"),
        ("AG3213AK0210", "Juniper", "firewall"),
        ("XR0123456789", "Juniper", "switch"),
        ("FGT60FTK00000000", "Fortinet", "firewall"),
        ("F03E34F342C3", "Ubiquiti", "switch"),
        ("18B1697FEE2C", "SonicWall", "firewall"),
        ("71B1060EE89D", "MikroTik", "router"),
        ("JPE14080459", "Arista", "switch"),
        ("015351000009999", "Palo Alto", "firewall"),
        ("SM123456Q-12345", "Extreme", "switch"),
        ("LBNNTMRJ0003NP", "Avaya", "switch"),
        ("A270F900C", "Allied Telesis", "module"),
        ("032003526", "Edgecore", "switch"),
        ("222C014000151", "TP-Link", "switch"),
        ("2GH1234K00123", "NETGEAR", "switch"),
    ],
)
def test_what_tells_no_date_says_why(serial: str, maker: str, kind: str) -> None:
    assert len(why_not(serial, maker, kind)) > 10


# ------------------------------------------------------------------------------------------------ all of them


def test_the_frame_finds_every_rule_once() -> None:
    found = [rule.name for rule in frame.rules() if rule in RULES]
    assert sorted(found) == sorted(rule.name for rule in RULES)
    assert len(set(found)) == len(found)
    assert all(rule.source for rule in RULES)


KINDS = ("switch", "router", "firewall", "access point", "wireless controller", "chassis", "module", "power supply")
MODELS = ("", "J9145A", "J9772A", "MSM720", "AP-7522", "AP2610", "AP305C", "MR33", "2930F")


def test_of_rules_for_certain_products_at_most_one_applies() -> None:
    makers = sorted({maker for rule in RULES for maker in rule.makers} | {"3Com", "Meraki", "Aruba"})
    for about in (About(kind, maker, model) for kind in KINDS for maker in makers for model in MODELS):
        applying = [rule.name for rule in RULES if rule.kinds and rule.applies(about)]
        assert len(applying) <= 1, (about, applying)


@given(
    serial=st.text("0123456789ABCDEFGHJKMNPQSTXYZ-", min_size=1, max_size=22),
    maker=st.sampled_from(sorted({maker for rule in RULES for maker in rule.makers})),
    kind=st.sampled_from(KINDS),
    model=st.sampled_from(MODELS),
)
def test_no_serial_number_breaks_a_rule_and_every_answer_is_a_date_or_a_reason(
    serial: str, maker: str, kind: str, model: str
) -> None:
    found = clue(serial, maker, kind, model, told_maker=True)
    if found is None:
        return
    assert found.words
    if found.says is Says.MADE:
        assert found.grade in (Grade.DOCUMENTED, Grade.OBSERVED, Grade.INFERRED)
        assert all(span.earliest.year >= 1996 and span.latest.year <= 2040 for span in found.spans)
