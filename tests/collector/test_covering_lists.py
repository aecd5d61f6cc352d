"""Lists of contracts, services and marks: taken in whole or not at all, every bad row told, nothing twice."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trusts import START, Trust, entity, system

from collector import cover_lists
from collector.cover import Kind
from collector.cover.marks import By
from collector.cover_lists import LISTS, Plan
from collector.errors import CollectorError
from collector.store import Store, places
from collector.store import cover as rows
from collector.store import journal as journal_rows
from fresh_store import fresh_store

NOW = START + timedelta(days=60)
CONTRACTS = """Supplier,Type,Sites,Device type,Start date,Expiry date,Give notice by,Annual cost,Contract number,SLA,Hue
Bluecoat IT,managed service,,,2025-09-01,31/08/2027,2027-05-31,"£24,000.00",BC-11,4 hours,blue
Redwood Print,maintenance,Oak Lane; Ash,switches,01/04/2026,,,,,,
"""
SERVICES = """School,Service,Provider,Service level,Cost a year,End,Last review
Oak Lane,Broadband,FibreCo,1 Gbit/s,6000,31/03/2027,2026-06-01
all,Helpdesk,Bluecoat IT,8 to 5,,,
"""
MARKS = """School,Service,Who,Class,Rating,Date,Comment
Oak Lane,Broadband,users,,2,01/10/2026,slow at lunch
Oak Lane,Broadband,users,,4,01/10/2026,
Oak Lane,Broadband,users,,4,01/10/2026,
Oak Lane,,,switches,3,2026-10-02,
"""


@pytest.fixture
def trust(store: Store) -> Trust:
    """A trust with a switch at one of its two schools."""
    trust = Trust(store)
    trust.say(START, system("sw1"), entity("CN00000001"))
    trust.store.write(lambda c: places.add_school(c, trust.id, "Ash", "", START))
    return trust


def bring(trust: Trust, of: str, content: str | bytes) -> Plan:
    said = content.encode() if isinstance(content, str) else content

    def work(connection: rows.Connection) -> Plan:
        found = cover_lists.plan(connection, trust.id, of, said, NOW)
        if not found.troubles:
            cover_lists.take(connection, trust.id, found, actor="ada", source="import", now=NOW)
        return found

    return trust.store.write(work)


def numbers(found: Plan) -> tuple[int, int, int, int]:
    return found.new, found.changed, found.same, len(found.troubles)


def kept(trust: Trust) -> tuple[int, int, int, int]:
    with trust.store.reader() as c:
        return (
            len(rows.contracts(c, trust.id)), len(rows.provisions(c, trust.id)), len(rows.service_marks(c, trust.id)),
            len(rows.device_marks(c, trust.id)),
        )  # fmt: skip


def test_contracts_come_with_headings_of_others_and_twice_change_nothing(trust: Trust) -> None:
    found = bring(trust, "contracts", CONTRACTS)
    assert numbers(found) == (2, 0, 0, 0)
    assert found.reading.notes == ("not taken: Hue",)
    with trust.store.reader() as connection:
        one, two = sorted(rows.contracts(connection, trust.id), key=lambda each: each.provider)
        entries = sum(1 for _ in journal_rows.entries(connection, trust.id))
    assert (one.kind, one.cost, one.ends, one.notice) == (Kind.MANAGED, 2_400_000, date(2027, 8, 31), date(2027, 5, 31))
    assert (one.reference, one.response) == ("BC-11", "4 hours")
    assert (len(two.schools), two.classes, two.ends) == (2, {"switch"}, None)
    assert numbers(bring(trust, "contracts", CONTRACTS)) == (0, 0, 2, 0)
    with trust.store.reader() as connection:
        assert sum(1 for _ in journal_rows.entries(connection, trust.id)) == entries


def test_a_row_that_says_otherwise_changes_the_contract_that_is_there(trust: Trust) -> None:
    bring(trust, "contracts", CONTRACTS)
    later = "Provider,Contract number,Starts,Ends,Notice by\nbluecoat it,bc-11,2025-09-01,31/08/2028,(empty)\n"
    assert numbers(bring(trust, "contracts", later)) == (0, 1, 0, 0)
    with trust.store.reader() as connection:
        one = next(each for each in rows.contracts(connection, trust.id) if each.reference)
    assert (one.ends, one.notice, one.cost) == (date(2028, 8, 31), None, 2_400_000)  # what is blank stays
    assert kept(trust)[0] == 2


def test_services_come_by_school_or_for_all_and_twice_change_nothing(trust: Trust) -> None:
    assert numbers(bring(trust, "services", SERVICES)) == (2, 0, 0, 0)
    with trust.store.reader() as connection:
        broadband, helpdesk = rows.provisions(connection, trust.id)
    assert (broadband.cost, broadband.reviewed, helpdesk.school_id) == (600_000, date(2026, 6, 1), "")
    assert numbers(bring(trust, "services", SERVICES)) == (0, 0, 2, 0)
    assert numbers(bring(trust, "services", SERVICES.replace("6000", "7000"))) == (0, 1, 1, 0)


def test_a_survey_is_counted_row_by_row_and_twice_adds_nothing(trust: Trust) -> None:
    assert numbers(bring(trust, "marks", MARKS)) == (4, 0, 0, 0)
    assert kept(trust)[2:] == (3, 1)
    assert numbers(bring(trust, "marks", MARKS)) == (0, 0, 4, 0)
    more = MARKS + "Oak Lane,Broadband,users,,4,01/10/2026,\nOak Lane,Broadband,support team,,5,01/10/2026,\n"
    assert numbers(bring(trust, "marks", more)) == (2, 0, 4, 0)
    with trust.store.reader() as connection:
        assert {one.by for one in rows.service_marks(connection, trust.id)} == {By.USERS, By.SUPPORT}
        (device_id,) = (one.device_id for one in trust.devices())
        kind = trust.detail(device_id).row.device_class
        assert rows.marks_of(connection, trust.id) == ({device_id: 3.0} if kind == "switch" else {})


@pytest.mark.parametrize(
    ("of", "row", "column", "why"),
    [
        ("contracts", "Y,support,Elm,switch,2026-01-01,,,,,,", "Sites", "no school of the trust is called “Elm”"),
        ("contracts", "Y,support,,spaceship,2026-01-01,,,,,,", "Device type", "no class “spaceship”"),
        ("contracts", "Y,support,,,31/13/2026,,,,,,", "Start date", "no month 13"),
        ("contracts", "Y,support,,,2026-01-01,2025-01-01,,,,,", "", "cannot end"),
        ("contracts", "Y,tea,,,2026-01-01,,,,,,", "Type", "is one of"),
        ("contracts", "Y,support,,,2026-01-01,,,€5,,,", "Annual cost", "not in pounds"),
        ("contracts", "Y,support,,,,,,,,,", "Start date", "in every row"),
        ("contracts", ",support,,,2026-01-01,,,,,,", "Supplier", "in every row"),
        ("contracts", "Y,support,,,2026-01-01,,,,2E+15,,", "Contract number", "took it for a number"),
        ("contracts", "#REF!,support,,,2026-01-01,,,,,,", "Supplier", "formula that failed"),
        ("contracts", "Y,support,,,########,,,,,,", "Start date", "too narrow"),
        ("contracts", "Bluecoat IT,support,,,2026-01-01,,,,BC-11,,", "Contract number", "row 2 is this contract, too"),
        ("services", "Nowhere,Broadband,Z,,,,", "School", "no school"),
        ("services", "Oak Lane,Tea,Z,,,,", "Service", "not on the list of services"),
        ("services", "Oak Lane,Broadband,,,,,", "Provider", "in every row"),
        ("services", "Oak Lane,Broadband,FibreCo,,,,", "Provider", "row 2 says this"),
        ("marks", "Oak Lane,Broadband,users,,6,01/10/2026,", "Rating", "is no mark"),
        ("marks", "Oak Lane,Broadband,users,,4.5,01/10/2026,", "Rating", "is no mark"),
        ("marks", "Oak Lane,Broadband,,,4,01/10/2026,", "Who", "say who gives it"),
        ("marks", "Oak Lane,Broadband,users,switch,4,01/10/2026,", "Class", "of a service or of devices"),
        ("marks", "Oak Lane,,,,4,01/10/2026,", "Service", "say of which"),
        ("marks", "Oak Lane,Broadband,users,,4,01/10/2030,", "Date", "has not come yet"),
        ("marks", "Oak Lane,Broadband,users,,4,,", "Date", "in every row"),
    ],
)
def test_one_bad_row_is_named_with_its_column_and_nothing_is_taken(
    trust: Trust, of: str, row: str, column: str, why: str
) -> None:
    sheet = {"contracts": CONTRACTS, "services": SERVICES, "marks": MARKS}[of] + row + "\n"
    found = bring(trust, of, sheet)
    last = sheet.count("\n")
    (trouble,) = found.troubles
    assert (trouble.row, trouble.column) == (last, column)
    assert why in trouble.sentence
    assert kept(trust) == (0, 0, 0, 0)
    with trust.store.reader() as connection, pytest.raises(CollectorError, match="nothing was taken"):
        cover_lists.take(connection, trust.id, found, actor="ada", source="import", now=NOW)


def test_every_bad_row_is_told_not_the_first_alone(trust: Trust) -> None:
    found = bring(trust, "services", SERVICES + "Nowhere,Tea,Z,,,31/31/2026,\n,,,,,,x\nOak Lane,Backup,Q,,lots,,\n")
    assert {trouble.row for trouble in found.troubles} == {4, 5, 6}
    assert {trouble.column for trouble in found.troubles if trouble.row == 5} == {
        "School", "Service", "Provider", "Last review",
    }  # fmt: skip


def test_devices_are_named_by_serial_number_or_id_in_a_workbook(trust: Trust) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Warranties of the trust"])
    sheet.append(["Provider", "Kind", "Devices", "Starts", "Ends"])
    sheet.append(["HPE", "warranty", "CN00000001", date(2026, 1, 1), date(2029, 1, 1)])
    content = io.BytesIO()
    book.save(content)
    assert numbers(bring(trust, "contracts", content.getvalue())) == (1, 0, 0, 0)
    with trust.store.reader() as connection:
        (one,) = rows.contracts(connection, trust.id)
    assert one.devices == {trust.devices()[0].device_id}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no rows"), (b"Name,Address\nA,B\n", "no column “Provider”"), (b"Provider,Starts\n", "no row below"),
        (b"%PDF-1.4", "no table"), (b"PK\x03\x04nonsense", "cannot be read"), (b"\0\1\2", "neither"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_answered_with_a_sentence(trust: Trust, content: bytes, why: str) -> None:
    with pytest.raises(CollectorError, match=why):
        bring(trust, "contracts", content)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trust]:
    store = fresh_store(tmp_path_factory.mktemp("quiet") / "s.db")
    yield Trust(store)
    store.close()


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(LISTS)), st.lists(st.lists(st.text(max_size=12), max_size=11), max_size=4))
def test_nonsense_never_does_more_than_be_told(quiet: Trust, of: str, cells: list[list[str]]) -> None:
    head = {"contracts": CONTRACTS, "services": SERVICES, "marks": MARKS}[of].splitlines()[0]
    content = "\n".join([head, *(",".join(f'"{cell}"' for cell in row) for row in cells)]).encode("utf-8", "replace")
    with quiet.store.reader() as connection:
        try:
            found = cover_lists.plan(connection, quiet.id, of, content, NOW)
        except CollectorError:
            return
    assert all(trouble.sentence for trouble in found.troubles)
