"""Serial numbers of computers, servers, printers, power, storage and cameras: documented examples, and traps."""

from __future__ import annotations

from datetime import date

import pytest

from collector.age import About, Clue, Grade, Says, not_after, not_before, of_week
from collector.age.estimate import estimate
from collector.age.serials import clues, rules

SEEN = date(2026, 11, 22)


def about(kind: str, maker: str, serial: str, model: str = "") -> About:
    return About(kind, maker, model, serial)


def clue(kind: str, maker: str, serial: str, model: str = "") -> Clue:
    (found,) = clues(about(kind, maker, serial, model))
    return found


def likeliest(found: Clue) -> list[str]:
    """The middle month of every span that is past."""
    return [span.middle.strftime("%Y-%m") for span in found.spans if span.middle <= SEEN]


def has_week(found: Clue, *weeks: tuple[int, int]) -> bool:
    """Whether the past spans are these weeks, each with days to spare, and no more."""
    past = [span for span in found.spans if span.earliest <= SEEN]
    whole = [of_week(*week) for week in weeks]
    return len(past) == len(whole) and all(
        span.earliest < week.earliest and week.latest < span.latest and span.middle == week.middle
        for span, week in zip(past, whole, strict=True)
    )


# ------------------------------------------------------------------------------------------------ HP


@pytest.mark.parametrize(
    ("kind", "serial", "weeks"),
    [
        ("server", "USE7231983", [(2007, 23), (2017, 23)]),
        ("server", "CZ270746S1", [(2007, 7), (2017, 7)]),
        ("server", "CZ162913BZ", [(2006, 29), (2016, 29), (2026, 29)]),
        ("hypervisor", "CZ162913BZ", [(2006, 29), (2016, 29), (2026, 29)]),
        ("management controller", "CZ162913BZ", [(2006, 29), (2016, 29), (2026, 29)]),
        ("laptop", "5CG9301ABC", [(2009, 30), (2019, 30)]),
        ("laptop", "CND0321ABC", [(2010, 32), (2020, 32)]),
        ("monitor", "3CQ4390XYZ", [(2004, 39), (2014, 39), (2024, 39)]),
    ],
)
def test_an_hp_computer_tells_the_week_of_every_decade(kind: str, serial: str, weeks: list[tuple[int, int]]) -> None:
    found = clue(kind, "HPE", serial)
    assert has_week(found, *weeks)
    assert found.grade is Grade.DOCUMENTED


def test_a_server_s_number_is_never_read_as_a_switch_s() -> None:
    server, switch = clue("server", "HPE", "CZ162913BZ"), clue("switch", "HPE", "CZ162913BZ")
    assert "2021-06" not in likeliest(server)
    assert server.rule != switch.rule


def test_the_years_in_which_a_model_was_sold_decide_the_decade() -> None:
    launch = not_before(date(2012, 3, 1), Grade.LAUNCH, "launch", "Gen8", "sold since")
    seen = not_after(date(2020, 1, 1), Grade.SEEN, "first sighting", "2020-01-01", "seen")
    found = estimate([clue("server", "HPE", "CZ162913BZ"), launch, seen])
    assert found.best == of_week(2016, 29).middle
    assert len(found.candidates) == 1


def test_without_an_upper_bound_two_decades_stay_open() -> None:
    launch = not_before(date(2012, 3, 1), Grade.LAUNCH, "launch", "Gen8", "sold since")
    seen = not_after(SEEN, Grade.SEEN, "first sighting", SEEN.isoformat(), "seen")
    found = estimate([clue("server", "HPE", "CZ162913BZ"), launch, seen])
    assert [span.middle.year for span in found.candidates] == [2016, 2026]
    assert found.best is None


@pytest.mark.parametrize(
    ("serial", "word"),
    [
        ("2MZZZZZZZZZZ", "masked"),
        ("2M2508A01BCD", "twelve"),
        ("CZ1654ABCD", "week 54"),
        ("CZ1600ABCD", "week 0"),
        ("CNCGZ0Q322", "not of the form"),
        ("AB123456CD", "made-up"),
    ],
)
def test_an_hp_number_that_is_no_date_says_why(serial: str, word: str) -> None:
    found = clue("server", "HP", serial)
    assert found.says is Says.NOTHING
    assert word in found.words


def test_the_week_of_hp_storage_is_inferred() -> None:
    assert clue("storage", "HPE", "2S6512B123").grade is Grade.INFERRED


@pytest.mark.parametrize(
    ("serial", "months"),
    [
        ("ESA4800248", ["1994-08", "2004-08"]),
        ("ESA5900248", ["1995-09", "2005-09"]),
        ("CN1CF1M23C", ["2001-12", "2011-12", "2021-12"]),  # C is December here, and not a month of HP's switches
    ],
)
def test_designjets_have_their_own_months(serial: str, months: list[str]) -> None:
    found = clue("printer", "HP", serial, "HP DesignJet T520")
    assert likeliest(found) == months


def test_laserjets_have_no_known_rule() -> None:
    found = clue("printer", "HP", "VNCRC48198", "HP LaserJet MFP M129-M134")
    assert (found.says, found.rule) == (Says.NOTHING, "serial.hp.printers")


# ------------------------------------------------------------------------------------------------ Dell


@pytest.mark.parametrize(
    ("kind", "serial", "days"),
    [
        ("switch", "CN2829863L0049", ["2006-03-21", "2016-03-21", "2026-03-21"]),
        ("switch", "CN02NK0928298 8AT 0259", ["2008-10-29", "2018-10-29"]),
        ("switch", "TW0CCN8DDNT0032E0450", ["2003-02-14", "2013-02-14", "2023-02-14"]),
        ("module", "KR06GD9C00K006BQ0013", ["2006-11-26", "2016-11-26"]),
        ("ups", "CN-0K804N-75162-2CH-0081-A03", ["2002-12-17", "2012-12-17", "2022-12-17"]),
        ("storage", "CN0PJ27VFCG001CA04QEA01", ["2001-12-10", "2011-12-10", "2021-12-10"]),
        ("monitor", "MF1XX169CTCL", ["2001-06-09", "2011-06-09", "2021-06-09"]),
    ],
)
def test_a_ppid_tells_the_day_of_every_decade(kind: str, serial: str, days: list[str]) -> None:
    found = clue(kind, "Dell", serial)
    assert [span.best.isoformat() for span in found.spans if span.best and span.best <= SEEN] == days


@pytest.mark.parametrize("kind", ["laptop", "server", "storage", "switch", "monitor", "management controller"])
def test_a_service_tag_carries_no_date(kind: str) -> None:
    found = clue(kind, "Dell", "8WM8ST3")
    assert found.says is Says.NOTHING
    assert "service tag" in found.words


def test_the_29th_of_february_is_of_leap_years_alone() -> None:
    found = clue("monitor", "Dell", "MF1XX22TCTCL")
    assert [span.best.year for span in found.spans if span.best] == [2012, 2032]


@pytest.mark.parametrize(
    ("serial", "word"),
    [("0009P4394055001P0000", "form"), ("CN09P4394055001P0000", "media bay"), ("MF1XX26VCTCL", "31")],
)
def test_a_ppid_that_is_no_date_says_why(serial: str, word: str) -> None:
    found = clue("laptop" if len(serial) > 12 else "monitor", "Dell", serial)
    assert found.says is Says.NOTHING
    assert word in found.words


# ------------------------------------------------------------------------------------------------ Apple


@pytest.mark.parametrize(
    ("serial", "weeks"),
    [
        ("C02ZX1ABLVDQ", [(2019, 52)]),
        ("DMPQN1ABG5VJ", [(2015, 45)]),
        ("C02N11ABG3QK", [(2014, 27)]),
        ("F9FXK1ABJF8J", [(2018, 42)]),
        ("C02C11ABMD6N", [(2010, 1), (2020, 1)]),
        ("C02J11ABDNCW", [(2012, 27), (2022, 27)]),
        ("W8924000ABC", [(1999, 24), (2009, 24)]),
    ],
)
def test_apple_tells_the_week_and_wraps_after_ten_years(serial: str, weeks: list[tuple[int, int]]) -> None:
    found = clue("laptop", "Apple", serial)
    assert [(span.middle.isocalendar().year, span.middle.isocalendar().week) for span in found.spans if span.best] == [
        pytest.approx(week, abs=1) for week in weeks
    ]


def test_ten_random_characters_of_apple_are_no_date() -> None:
    assert "random" in clue("tablet", "Apple", "GK7V2X9Q1M").words


# ------------------------------------------------------------------------------------------------ other computers


def test_acer_counts_iso_weeks() -> None:
    assert has_week(clue("laptop", "Acer", "LXPXY0208593403A861601"), (2009, 34), (2019, 34))
    assert has_week(clue("projector", "Acer", "EYJ9901013928000005901"), (2009, 28), (2019, 28))
    assert has_week(clue("laptop", "Acer", "93403226116"), (2009, 34), (2019, 34))


@pytest.mark.parametrize(
    ("serial", "months"),
    [("E6N0CX081235267", ["2014-06"]), ("R4LMTF170999", ["2023-04"]), ("83LMTF150845", ["2008-03"])],
)
def test_asus_tells_year_and_month(serial: str, months: list[str]) -> None:
    assert likeliest(clue("laptop", "ASUS", serial)) == months


@pytest.mark.parametrize("serial", ["MT7016012345", "170395867001234", "S4N0CX081235267"])
def test_asus_boards_and_letters_not_known_are_no_date(serial: str) -> None:
    assert clue("desktop", "ASUS", serial).says is Says.NOTHING


def test_msi_tells_year_and_month_since_2016() -> None:
    assert likeliest(clue("laptop", "MSI", "K1601N0000001")) == ["2016-01"]
    assert "month 13" in clue("laptop", "MSI", "K1613N0000001").words


@pytest.mark.parametrize(
    ("kind", "serial", "months"),
    [
        ("phone", "R58M315CL4T", ["2019-03"]),
        ("tablet", "R38K503SRVD", ["2018-05"]),
        ("tablet", "R38K503SR4", ["2018-05"]),
        ("display", "H4ZN300818", ["2020-03"]),
        ("printer", "Z7QBBABD300123B", ["2013-03"]),
        ("monitor", "HMEY810607", ["2005-08", "2025-08"]),
    ],
)
def test_samsung_counts_from_the_end(kind: str, serial: str, months: list[str]) -> None:
    assert likeliest(clue(kind, "Samsung", serial)) == months


def test_optoma_tells_the_week() -> None:
    assert has_week(clue("projector", "Optoma", "A80V429T0AAAA1001"), (2004, 29), (2014, 29), (2024, 29))
    assert has_week(clue("projector", "Optoma", "Q8FJ915AAAAAC0001"), (2009, 15), (2019, 15))


@pytest.mark.parametrize(
    ("kind", "maker", "serial"),
    [
        ("laptop", "Lenovo", "PF2ABCDE"),
        ("server", "Lenovo", "J701NYHG"),
        ("tablet", "Microsoft", "012345671253"),
        ("laptop", "Toshiba", "7B123987Q"),
        ("desktop", "Fujitsu", "YLGT001234"),
        ("virtual machine", "VMware", "VMware-56 4d 3a 1c"),
        ("virtual machine", "QEMU", "CZ162913BZ"),
        ("monitor", "Acer", "LXLEE0024246"),
    ],
)
def test_computers_without_a_rule_are_unknown_with_a_reason(kind: str, maker: str, serial: str) -> None:
    found = clue(kind, maker, serial)
    assert found.says is Says.NOTHING
    assert found.words


# ------------------------------------------------------------------------------------------------ printers


@pytest.mark.parametrize(
    ("serial", "months"),
    [
        ("U64969H9N199240", ["2009-08", "2019-08"]),
        ("B9J154306", ["2009-02", "2019-02"]),
        ("A5J431816", ["2005-01", "2015-01", "2025-01"]),
        ("U52682A5J111101", ["2005-01", "2015-01", "2025-01"]),
        ("U56545L92984310", ["2009-11", "2019-11"]),
        ("J9J154306", ["2009-09", "2019-09"]),
        ("M6J154306", ["2006-12", "2016-12"]),
    ],
)
def test_brother_leaves_the_letter_i_out(serial: str, months: list[str]) -> None:
    assert likeliest(clue("printer", "Brother", serial)) == months


def test_a_month_i_of_brother_is_refused() -> None:
    assert "month I" in clue("printer", "Brother", "I9J154306").words


@pytest.mark.parametrize(("serial", "digit"), [("W492KB03439", 2), ("E216R220016", 6)])
def test_ricoh_s_year_is_inferred_and_of_every_decade(serial: str, digit: int) -> None:
    found = clue("printer", "Ricoh", serial)
    assert found.grade is Grade.INFERRED
    assert {span.middle.year % 10 for span in found.spans} == {digit}


def test_panasonic_s_letters_are_read_in_both_orders_where_both_are_possible() -> None:
    assert likeliest(clue("printer", "Panasonic", "LHA50800123")) == ["2008-12", "2012-08"]
    assert likeliest(clue("printer", "Panasonic", "APA50800123")) == ["2016-01"]


@pytest.mark.parametrize(
    ("maker", "serial"),
    [
        ("Xerox", "RPC453072"),
        ("Konica Minolta", "AA2M021115700"),
        ("Canon", "MKRA012345"),
        ("Epson", "X3B8022793"),
        ("Kyocera", "LXY4508271"),
        ("Lexmark", "7529C1L"),
        ("Sharp", "0505571100"),
        ("Zebra", "50J154400981"),
    ],
)
def test_printers_without_a_rule_are_unknown_with_a_reason(maker: str, serial: str) -> None:
    found = clue("printer", maker, serial)
    assert found.says is Says.NOTHING
    assert found.words


def test_a_zebra_battery_tells_its_day() -> None:
    found = clue("battery", "Zebra", "TB07HB428I421AGA.T1321")
    assert [span.best for span in found.spans] == [date(2018, 4, 28)]


@pytest.mark.parametrize(
    ("serial", "week"), [("A1280224", (2001, 28)), ("A9090001", (2009, 9)), ("B0050028", (2010, 5))]
)
def test_fargo_s_letter_is_the_decade(serial: str, week: tuple[int, int]) -> None:
    assert has_week(clue("label printer", "Fargo", serial), week)


def test_fargo_s_digits_of_before_2000_are_not_read() -> None:
    assert clue("printer", "Fargo", "80453289").says is Says.NOTHING


# ------------------------------------------------------------------------------------------------ power


@pytest.mark.parametrize(
    ("kind", "serial", "week"),
    [
        ("ups", "AS1907242163", (2019, 7)),
        ("ups", "AS2233161027", (2022, 33)),
        ("pdu", "ZA1732000177", (2017, 32)),
        ("ups", "5A1638E01463", (2016, 38)),
        ("module", "WA9814786862", (1998, 14)),
    ],
)
def test_apc_tells_year_and_week(kind: str, serial: str, week: tuple[int, int]) -> None:
    (span,) = clue(kind, "APC", serial).spans
    inner = of_week(*week)
    assert span.best == inner.best
    assert span.earliest < inner.earliest
    assert span.latest > inner.latest


@pytest.mark.parametrize("serial", ["FFFFFFFFFFFF", "0A0A0A0A0A0A", "QA1234123456", "506255602541", "AS1954242163"])
def test_an_apc_number_that_is_no_date_is_not_read(serial: str) -> None:
    assert clue("ups", "APC", serial).says is Says.NOTHING


@pytest.mark.parametrize(
    ("maker", "serial"), [("Eaton", "G4294C3232"), ("CyberPower", "ABCFT1000001"), ("Riello", "X1")]
)
def test_power_without_a_rule_is_unknown_with_a_reason(maker: str, serial: str) -> None:
    assert clue("ups", maker, serial).words == "no rule is known for its serial numbers"


# ------------------------------------------------------------------------------------------------ storage, cameras


def test_what_qnap_and_synology_seem_to_tell_is_inferred() -> None:
    for serial, maker, month in (
        ("Q157I12451", "QNAP", "2015-07"),
        ("Q149I17439", "QNAP", "2014-09"),
        ("139M8N0094", "Synology", "2013-09"),
        ("1780PDN000918", "Synology", "2017-08"),
        ("2040SQR000918", "Synology", "2020-04"),
    ):
        found = clue("nas", maker, serial)
        assert (likeliest(found), found.grade) == ([month], Grade.INFERRED)


def test_a_month_that_is_none_is_refused() -> None:
    assert "month 0" in clue("nas", "Synology", "3005AWL999111").words


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        ("0820160719AARR624053979WCVU", date(2016, 7, 19)),
        ("DS-7608NI-E2/8P0820160211AAWR123456789WCVU", date(2016, 2, 11)),
        ("DS-2CD2032-I20160520AAWR594199052", date(2016, 5, 20)),
    ],
)
def test_hikvision_embeds_the_day(serial: str, day: date) -> None:
    (span,) = clue("camera", "Hikvision", serial).spans
    assert span.best == day


@pytest.mark.parametrize("serial", ["594199052", "HIK-TEST-SERIAL", "0820161319AARR624053979WCVU"])
def test_a_hikvision_number_without_a_day_is_no_date(serial: str) -> None:
    assert clue("camera", "Hikvision", serial).says is Says.NOTHING


def test_an_axis_number_is_a_mac() -> None:
    assert "MAC" in clue("camera", "Axis", "ACCC8E123987").words


# ------------------------------------------------------------------------------------------------ all of them


def test_no_rule_raises_whatever_a_device_sends() -> None:
    hostile = [
        "",
        "0",
        "٣" * 10,
        "Ⅷ" * 12,
        "CZ1" + "٣" * 3 + "13BZ",
        "K16٠١N0000001",
        "A" * 255,
        "²²²²",
        "AS١٩٠٧242163",
    ]
    for rule in rules():
        for maker in rule.makers:
            for kind in rule.kinds or {"switch"}:
                for serial in hostile:
                    assert len(list(clues(About(kind, maker, "", serial), [rule]))) <= 1


def test_every_rule_names_its_source() -> None:
    assert all(rule.source for rule in rules())
