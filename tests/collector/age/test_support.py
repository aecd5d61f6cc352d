"""Ends of support: the dates of Windows by edition and build, other systems by version, and the states on a day.

Dates are those that their makers publish, as endoflife.date had them on 22 August 2026.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.age import About, Told, launches, support, support_rows
from collector.age.support import Support, state
from collector.facts import Value

TODAY = date(2026, 11, 22)


def no_model(_about: About) -> launches.Row | None:
    """A list of models that knows none."""
    return None


def device(kind: str = "laptop", maker: str = "", model: str = "", **facts: Value) -> About:
    """A device that tells facts; `os_build` stands for `os.build`."""
    told = {name.replace("os_", "os."): (Told(name.replace("os_", "os."), value),) for name, value in facts.items()}
    return About(kind, maker, model, told=told)


def windows(edition: str, build: str, name: str = "Windows 10 Pro") -> About:
    """A machine as the agent tells of it: the name of Windows 11 is that of Windows 10."""
    return device(os_product="windows", os_name=name, os_edition=edition, os_build=build)


def only(about: About) -> Support:
    """The one answer for a device."""
    (found,) = support.of(about, models=no_model)
    return found


# ------------------------------------------------------------------------------------------------ Windows

WINDOWS = [
    ("Professional", "26100.4351", "Windows 11 24H2", date(2026, 10, 13)),
    ("Core", "26100.4351", "Windows 11 24H2", date(2026, 10, 13)),
    ("CoreSingleLanguage", "26100", "Windows 11 24H2", date(2026, 10, 13)),
    ("ProfessionalEducation", "26100.1", "Windows 11 24H2", date(2026, 10, 13)),
    ("ProfessionalEducationN", "26100.1", "Windows 11 24H2", date(2026, 10, 13)),
    ("ProfessionalWorkstation", "26100.1", "Windows 11 24H2", date(2026, 10, 13)),
    ("CloudEdition", "26100.1", "Windows 11 24H2", date(2026, 10, 13)),  # Windows 11 SE
    ("Education", "26100.4351", "Windows 11 24H2", date(2027, 10, 12)),
    ("EducationN", "26100.4351", "Windows 11 24H2", date(2027, 10, 12)),
    ("Enterprise", "26100.4351", "Windows 11 24H2", date(2027, 10, 12)),
    ("EnterpriseEval", "26100.4351", "Windows 11 24H2", date(2027, 10, 12)),
    ("EnterpriseS", "26100.4351", "Windows 11 Enterprise LTSC 2024", date(2029, 10, 9)),
    ("IoTEnterpriseS", "26100.4351", "Windows 11 IoT Enterprise LTSC 2024", date(2034, 10, 10)),
    ("Education", "26200", "Windows 11 25H2", date(2028, 10, 10)),
    ("Professional", "26200", "Windows 11 25H2", date(2027, 10, 12)),
    ("Education", "28000", "Windows 11 26H1", date(2029, 3, 13)),
    ("Professional", "28000", "Windows 11 26H1", date(2028, 3, 14)),
    ("Enterprise", "22631", "Windows 11 23H2", date(2026, 11, 10)),
    ("Professional", "22631", "Windows 11 23H2", date(2025, 11, 11)),
    ("Education", "19045.6456", "Windows 10 22H2", date(2025, 10, 14)),
    ("EnterpriseS", "19044", "Windows 10 Enterprise LTSC 2021", date(2027, 1, 12)),
    ("EnterpriseS", "17763", "Windows 10 Enterprise LTSC 2019", date(2029, 1, 9)),
    ("IoTEnterpriseS", "17763", "Windows 10 Enterprise LTSC 2019", date(2029, 1, 9)),  # no row of its own
]


@pytest.mark.parametrize(("edition", "build", "release", "ends"), WINDOWS)
def test_windows_is_found_by_edition_and_build(edition: str, build: str, release: str, ends: date) -> None:
    found = only(windows(edition, build))
    assert (found.known, found.release, found.ends, found.at_latest) == (True, release, ends, None)


@pytest.mark.parametrize(
    ("edition", "name", "build", "release", "ends"),
    [
        ("ServerStandard", "Windows Server 2025 Standard", "26100.1", "Windows Server 2025", date(2034, 11, 14)),
        ("ServerDatacenter", "Windows Server 2022 Datacenter", "20348", "Windows Server 2022", date(2031, 10, 14)),
        ("ServerStandardEval", "Windows Server 2019 Standard", "17763", "Windows Server 2019", date(2029, 1, 9)),
        ("ServerDatacenterACor", "Windows Server", "17763", "Windows Server 1809", date(2020, 11, 10)),
        ("ServerStandard", "Windows Server 2016 Standard", "14393", "Windows Server 2016", date(2027, 1, 12)),
        ("ServerHyperCore", "Hyper-V Server 2016", "14393", "Windows Server 2016", date(2027, 1, 12)),
        ("ServerStandard", "Windows Server 2012 R2", "9600", "Windows Server 2012 R2", date(2023, 10, 10)),
        ("", "Windows Server 2008 R2 SP1", "7601", "Windows Server 2008 R2 SP1", date(2020, 1, 14)),
        ("", "Windows Server 2008 SP2", "6003", "Windows Server 2008 SP2", date(2020, 1, 14)),
        ("", "Windows Server 2003", "3790", "Windows Server 2003 SP2", date(2015, 7, 14)),
    ],
)
def test_a_server_is_told_by_its_edition_or_name(edition: str, name: str, build: str, release: str, ends: date) -> None:
    found = only(device("server", os_product="windows", os_name=name, os_edition=edition, os_build=build))
    assert (found.product, found.release, found.ends) == ("Windows Server", release, ends)


def test_extended_updates_follow_the_end_and_are_named() -> None:
    pro = only(windows("Professional", "19045"))
    assert (pro.extended, pro.extended_name) == (date(2028, 10, 10), "ESU")
    home = only(windows("Core", "19045"))
    assert (home.extended, home.extended_name) == (date(2027, 10, 12), "consumer ESU")
    server = only(device("server", os_name="Windows Server 2012 R2", os_build="9600"))
    assert (server.extended, state(server, TODAY)) == (date(2026, 10, 13), "ended")


def test_windows_by_snmp_tells_no_edition_so_the_answer_spans_all_that_it_may_be() -> None:
    found = only(device("desktop", os_name="Windows 11 24H2", os_version="6.3", os_build="26100"))
    assert (found.known, found.ends, found.at_latest) == (True, date(2026, 10, 13), date(2034, 10, 10))
    assert "the edition is not told" in found.words
    assert "Windows 11 24H2 (Home and Pro) until 2026-10-13" in found.words
    assert "Windows 11 24H2 (Enterprise and Education) until 2027-10-12" in found.words
    assert state(found, date(2026, 10, 13)) == "supported"
    assert state(found, TODAY) == "unknown"
    assert state(found, date(2034, 10, 11)) == "ended"


def test_an_edition_that_does_not_matter_need_not_be_told() -> None:
    found = only(device("desktop", os_name="Windows 10 22H2", os_version="6.3", os_build="19045"))
    assert (found.ends, found.at_latest, found.extended) == (date(2025, 10, 14), None, date(2027, 10, 12))
    assert found.release == "Windows 10 22H2"
    assert state(found, TODAY) == "extended support"


def test_a_machine_that_may_be_a_server_spans_both_products() -> None:
    found = only(device("computer", os_name="Windows", os_build="26100"))
    assert (found.ends, found.at_latest) == (date(2026, 10, 13), date(2034, 11, 14))
    assert "whether it is a server, are not told" in found.words


def test_the_build_may_stand_in_the_version_as_device_management_exports_it() -> None:
    told = device(os_name="Windows 11 Education", os_version="10.0.26100.4349")
    assert only(told).ends == date(2027, 10, 12)
    release = device(os_product="windows", os_edition="Education", os_version="2004")
    assert only(release).words == "its build is not told"


@pytest.mark.parametrize(
    ("edition", "build", "reason"),
    [
        ("Education", "", "its build is not told"),
        ("Education", "99999", "build 99999"),
        ("EnterpriseS", "26200", "EnterpriseS"),
    ],
)
def test_what_no_row_knows_is_unknown_with_its_reason(edition: str, build: str, reason: str) -> None:
    found = only(windows(edition, build))
    assert (found.known, found.ends, state(found, TODAY)) == (False, None, "unknown")
    assert reason in found.words


# ------------------------------------------------------------------------------------------------ other systems

OTHERS = [
    (device(os_product="debian", os_name="Debian GNU/Linux 12 (bookworm)", os_version="12", os_build="12.5"),
     "Debian 12", date(2026, 7, 11), "extended support"),
    (device("server", os_name="Debian 12.11"), "Debian 12", date(2026, 7, 11), "extended support"),
    (device(os_product="ubuntu", os_name="Ubuntu 24.04.1 LTS", os_version="24.04"), "Ubuntu 24.04", date(2029, 5, 31),
     "supported"),
    (device(os_product="rhel", os_name="Red Hat Enterprise Linux 9.4 (Plow)", os_version="9.4"),
     "Red Hat Enterprise Linux 9", date(2032, 5, 31), "supported"),
    (device(os_product="centos", os_name="CentOS Linux 7 (Core)", os_version="7"), "CentOS Linux 7", date(2024, 6, 30),
     "ended"),
    (device(os_product="macos", os_name="macOS", os_version="15.7.1"), "macOS 15", None, "supported, end unknown"),
    (device(os_product="macos", os_name="macOS", os_version="13.7.8"), "macOS 13", date(2025, 9, 15), "ended"),
    (device(os_product="macos", os_name="Mac OS X", os_version="10.15.7"), "macOS 10.15", date(2026, 2, 2), "ended"),
    (device("tablet", os_product="ipados", os_version="18.7"), "iPadOS 18", None, "supported, end unknown"),
    (device("hypervisor", "VMware", os_name="VMware ESXi", firmware="7.0.3"), "VMware ESXi 7.0", date(2025, 10, 2),
     "ended"),
    (device("hypervisor", "HPE", os_name="VMware ESXi", firmware="8.0.3"), "VMware ESXi 8.0", date(2027, 10, 11),
     "supported"),
    (device("firewall", "Fortinet", "FortiGate 60F", firmware="v7.2.6,build1575,230926 (GA.F)"), "FortiOS 7.2",
     date(2026, 9, 30), "ended"),
    (device("firewall", "Fortinet", "FortiGateRugged 60F-3G4G", firmware="FortiGateRugged-60F-3G4G v7.4.8,build1"),
     "FortiOS 7.4", date(2028, 11, 11), "supported"),
    (device("firewall", "Palo Alto", "PA-440", firmware="11.1.4-h6"), "PAN-OS 11.1", date(2027, 5, 3), "supported"),
    (device("firewall", "Stormshield", "SN2000", firmware="3.11.17"), "Stormshield firmware 3.11", date(2024, 6, 30),
     "ended"),
    (device("firewall", "Stormshield", "SN710", firmware="3.10.2"), "Stormshield firmware 3", date(2020, 9, 24),
     "ended"),
    (device("switch", "Cisco", "C9300-48P", os_name="IOS-XE", firmware="17.09.04a"), "Cisco IOS-XE 17.9",
     date(2026, 7, 29), "ended"),
    (device("router", "MikroTik", "RB750Gr3", firmware="7.20.4"), "RouterOS 7.20", date(2026, 1, 12), "ended"),
    (device("router", os_name="OpenWrt 23.05.3"), "OpenWrt 23.05", date(2025, 8, 16), "ended"),
    (device("hypervisor", os_name="XCP-ng 8.3.0"), "XCP-ng 8.3", date(2028, 11, 30), "supported"),
    (device("hypervisor", os_name="Proxmox VE 8.4.1"), "Proxmox VE 8", date(2026, 8, 31), "ended"),
    (device(os_product="chromeos", os_name="ChromeOS", os_version="138"), "ChromeOS", None, "supported, end unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("about", "release", "ends", "today"), OTHERS, ids=[row[1] for row in OTHERS])
def test_other_systems_are_found_by_their_version(about: About, release: str, ends: date | None, today: str) -> None:
    found = only(about)
    assert (found.known, found.release, found.ends, state(found, TODAY)) == (True, release, ends, today)


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        (device(os_product="macos", os_name="macOS", os_version="27.0"), "no end of support is known of macOS 27.0"),
        (device(os_name="macOS"), "the version of macOS is not told"),
        (device(os_product="centos", os_name="CentOS Stream 9", os_version="9"), "CentOS Stream 9"),
        (device("hypervisor", os_name="Proxmox VE", firmware="4.9.0"), "the version of Proxmox VE is not told"),
        (device("server", os_name="Red Hat Enterprise Linux or a rebuild"), "or a rebuild"),
        (device("server", os_name="Linux"), "the distribution is not told"),
        (device("switch", "MikroTik", "CSS326-24G-2S+", firmware="2.18"), "the firmware of MikroTik"),
        (device("switch", "MikroTik", "CRS326", firmware="2.18"), "the version of RouterOS is not told"),
        (device("switch", "Fortinet", "FortiSwitch", firmware="FortiSwitch-248E-POE v7.4.1"), "firmware of Fortinet"),
        (device("switch", "HPE", "2530-24G", firmware="YA.16.11.0012"), "the firmware of HPE"),
        (device("switch", "Cisco", "C3650", os_name="IOS-XE", firmware="03.07.05E"), "IOS-XE 03.07.05"),
        (device(os_name="Azure Stack HCI", os_product="windows", os_build="25398"), "25398"),
    ],
)
def test_a_system_without_a_row_is_unknown_with_its_reason(about: About, reason: str) -> None:
    found = only(about)
    assert (found.known, state(found, TODAY)) == (False, "unknown")
    assert reason in found.words


def test_a_bios_is_no_system_that_has_an_end() -> None:
    assert support.of(device("laptop", "Dell", "Latitude 5490", firmware="1.36.0"), models=no_model) == ()


def test_the_firmware_of_a_management_controller_is_not_the_version_of_esxi() -> None:
    facts = (Told("firmware", "7.00.00.174", "dell_servers"), Told("firmware", "8.0.3", "vmware"))
    host = About("hypervisor", "Dell", told={"os.name": (Told("os.name", "VMware ESXi"),), "firmware": facts})
    assert only(host).release == "VMware ESXi 8.0"


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_nothing_that_a_device_tells_raises(name: str, version: str, edition: str, build: str) -> None:
    for product in ("windows", "macos", "debian", ""):
        about = device(os_product=product, os_name=name, os_version=version, os_edition=edition, os_build=build)
        assert all(state(found, TODAY) in support.STATES for found in support.of(about, models=no_model))


# ------------------------------------------------------------------------------------------------ hardware


def test_a_surface_and_an_ipad_have_an_end_of_their_own() -> None:
    laptop = only(device("laptop", "Microsoft", "Surface Laptop 4"))
    assert (laptop.what, laptop.release, laptop.ends) == ("hardware", "Surface Laptop 4", date(2027, 4, 15))
    fifth = only(device("tablet", "Microsoft", "Surface Pro"))  # SMBIOS of the Surface Pro of 2017
    assert fifth.ends == date(2024, 1, 15)
    tablet = only(device("tablet", "Apple", "iPad (7th generation)"))
    assert (tablet.ends, state(tablet, TODAY)) == (date(2026, 5, 11), "ended")
    assert only(device("tablet", "Apple", "iPad (8th generation)")).ends is None


def test_a_model_that_a_list_knows_ends_with_its_family() -> None:
    cells = ["hp", "HP 2530", "2530", "2530-24G", "2013-02-01", "2022-01-31", "2027-01-31", "https://example.org", ""]
    (row,) = launches.read("models.tsv", ["\t".join(cells)])
    (found,) = support.of(device("switch", "HPE", "2530-24G"), models=lambda _about: row)
    assert (found.what, found.product, found.ends, found.checked) == ("hardware", "HP 2530", date(2027, 1, 31), None)
    assert "not compared with a source" in found.words


# ------------------------------------------------------------------------------------------------ states


def row(
    ends: date | None,
    *,
    ended: bool = False,
    extended: date | None = None,
    checked: date = TODAY,
    version: str = "13",
) -> support_rows.Row:
    """A row of Debian."""
    words = "LTS" if extended else ""
    return support_rows.Row(
        "debian", "", version, "Debian 13", ends, ended, extended, words, "https://example.org", checked
    )


def test_the_last_day_counts_as_supported_and_the_next_does_not() -> None:
    about = device(os_product="debian", os_version="13")
    (found,) = support.of(about, (row(TODAY, extended=TODAY + timedelta(2)),), no_model)
    days = [state(found, TODAY + timedelta(day)) for day in range(4)]
    assert days == ["supported", "extended support", "extended support", "ended"]


def test_no_told_end_is_believed_for_about_a_year_after_it_was_checked() -> None:
    (found,) = support.of(device(os_product="debian", os_version="13"), (row(None),), no_model)
    assert state(found, TODAY + timedelta(support.STALE)) == "supported, end unknown"
    assert state(found, TODAY + timedelta(support.STALE + 1)) == "unknown"


def test_what_has_ended_on_no_known_day_has_ended_by_the_day_it_was_checked() -> None:
    (found,) = support.of(device(os_product="debian", os_version="13"), (row(None, ended=True),), no_model)
    assert state(found, TODAY + timedelta(1)) == "ended"
    assert "had ended by 2026-11-22; the day is not told" in found.words


def test_rows_of_an_operator_are_used_in_place_of_the_shipped_ones() -> None:
    about = device(os_product="debian", os_version="12")
    (found,) = support.of(about, (row(date(2030, 1, 1), version="12"),), no_model)
    assert found.ends == date(2030, 1, 1)


# ------------------------------------------------------------------------------------------------ the table


def test_every_shipped_row_has_a_source_and_a_day_on_which_it_was_checked() -> None:
    rows = support_rows.shipped()
    assert len(rows) > 500
    assert all(row.source.startswith("https://") and row.checked >= date(2026, 8, 22) for row in rows)
    assert len({row.key for row in rows}) == len(rows)
    assert all(row.extended is None or row.ends is None or row.extended > row.ends for row in rows)


def test_a_table_is_read_as_it_was_written() -> None:
    assert support_rows.parse(support_rows.to_text(support_rows.shipped())) == support_rows.shipped()


def test_a_line_that_cannot_be_read_is_named() -> None:
    with pytest.raises(ValueError, match="line 2: 9 columns are needed"):
        support_rows.parse(f"{support_rows.HEADER}\ndebian\t\t13\n")
    with pytest.raises(ValueError, match=r"line 1: .*month must be in 1\.\.12"):
        support_rows.parse("debian\t\t13\tDebian 13\t2026-13-01\t\t\thttps://example.org\t2026-11-22\n")


def test_of_two_tables_the_row_that_was_checked_last_stands() -> None:
    old, new = row(date(2026, 1, 1), checked=date(2026, 1, 1)), row(date(2027, 1, 1))
    assert support_rows.merged((new,), (old,)) == (new,) == support_rows.merged((old,), (new,))
