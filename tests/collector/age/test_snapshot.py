"""Importing a snapshot of endoflife.date: both forms, what it changes, and files that are none."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.age.snapshot import SnapshotError, import_snapshot
from collector.age.support_rows import Row, Rows

DAY = date(2026, 8, 22)
COMMIT = f"0123456789 {DAY}T08:52:34+00:00"


def release(cycle: str, eol: object, latest: str = "", **more: object) -> dict[str, object]:
    """A release in the form of the product files."""
    return {"releaseCycle": cycle, "releaseDate": "2024-10-01", "eol": eol, "latest": latest, **more}


PRODUCTS: dict[str, list[dict[str, object]]] = {
    "windows": [
        release("11-24h2-iot-lts", "2034-10-10", "10.0.26100", releaseLabel="11 24H2 IoT", lts=True),
        release("11-24h2-e-lts", "2029-10-09", "10.0.26100", releaseLabel="11 24H2 (E)", lts=True),
        release("11-24h2-e", "2027-10-12", "10.0.26100", releaseLabel="11 24H2 (E)", eoas="2027-10-12"),
        release("11-24h2-w", "2026-10-13", "10.0.26100", releaseLabel="11 24H2 (W)"),
        release("10-22h2", "2025-10-14", "10.0.19045", releaseLabel="10 22H2", eoes="2028-10-10"),
        release("6-sp2", "2017-04-11", "6.0.6200", releaseLabel="Vista SP2"),
    ],
    "windows-server": [
        release("2022", "2031-10-14", "10.0.20348", eoas="2026-10-13"),
        release("1809-sac", "2020-11-10", "10.0.17763", releaseLabel="Windows Server 1809 SAC"),
        release("2012-r2", "2023-10-10", "6.3.9600", releaseLabel="Windows Server 2012 R2", eoes="2026-10-13"),
        release("2003-sp2", "2015-07-14", "5.2.3790"),
        release("2003", "2007-04-10", "5.2.3790"),
    ],
    "macos": [release("15", eol=False, latest="15.7.9"), release("13", "2025-09-15")],
    "android": [release("4.3", eol=True)],
    "pan-os": [release("9.0", "2022-03-01"), release("9.0-xfr", "2020-09-19")],
    "surface": [release("laptop-4", "2027-04-15", releaseLabel="Surface Laptop 4")],
    "nodejs": [release("24", "not looked at")],
}


def snapshot(**products: list[dict[str, object]]) -> str:
    """A snapshot in the form of the product files."""
    chosen = products or PRODUCTS
    content = {"commit": COMMIT, "products": {name: {"releases": releases} for name, releases in chosen.items()}}
    return json.dumps(content)


def taken(text: str, known: Rows = ()) -> dict[tuple[str, str, str], Row]:
    """The rows after an import, by key."""
    return {row.key: row for row in import_snapshot(text, known)[0]}


def test_editions_and_builds_of_windows_become_rows_of_their_own() -> None:
    rows = taken(snapshot())
    ends = {edition: rows["windows", edition, "26100"].ends for edition in
            ("Home and Pro", "Enterprise and Education", "LTSC", "IoT LTSC")}  # fmt: skip
    assert ends == {
        "Home and Pro": date(2026, 10, 13),
        "Enterprise and Education": date(2027, 10, 12),
        "LTSC": date(2029, 10, 9),
        "IoT LTSC": date(2034, 10, 10),
    }
    assert rows["windows", "LTSC", "26100"].release == "Windows 11 Enterprise LTSC 2024"
    assert rows["windows", "Home and Pro", "26100"].release == "Windows 11 24H2"
    assert rows["windows", "", "6002"].release == "Windows Vista SP2"  # the latest version is no build there


def test_extended_updates_are_named_and_the_end_of_features_is_not_the_end() -> None:
    rows = taken(snapshot())
    ten = rows["windows", "", "19045"]
    assert (ten.ends, ten.extended, ten.extended_name) == (date(2025, 10, 14), date(2028, 10, 10), "ESU")
    assert rows["windows-server", "", "20348"].ends == date(2031, 10, 14)
    assert rows["windows-server", "semi-annual channel", "17763"].release == "Windows Server 1809"
    assert rows["windows-server", "", "9600"].release == "Windows Server 2012 R2"


def test_an_end_may_be_a_day_or_not_told_or_past_on_no_known_day() -> None:
    rows = taken(snapshot())
    assert (rows["macos", "", "15"].ends, rows["macos", "", "15"].ended) == (None, False)
    assert (rows["macos", "", "13"].ends, rows["macos", "", "13"].ended) == (date(2025, 9, 15), False)
    assert (rows["android", "", "4.3"].ends, rows["android", "", "4.3"].ended) == (None, True)


def test_every_row_carries_its_source_and_the_day_of_the_snapshot() -> None:
    rows = taken(snapshot())
    assert {row.checked for row in rows.values()} == {DAY}
    assert rows["macos", "", "13"].source == "https://endoflife.date/macos"


def test_variants_and_products_that_no_device_tells_are_left_out() -> None:
    rows = taken(snapshot())
    assert ("pan-os", "", "9.0") in rows
    assert not {key for key in rows if key[0] == "nodejs" or "xfr" in key[2]}
    assert ("surface", "", "Surface Laptop 4") in rows


def test_of_service_packs_that_share_a_build_the_newest_stands() -> None:
    assert taken(snapshot())["windows-server", "", "3790"].ends == date(2015, 7, 14)


def test_the_answer_of_the_site_gives_the_same_rows() -> None:
    def of_site(told: dict[str, Any]) -> dict[str, object]:
        eol, eoes = told["eol"], told.get("eoes")
        found = {
            "name": told["releaseCycle"],
            "label": told.get("releaseLabel", ""),
            "latest": {"name": told["latest"]},
        }
        found |= {"isEol": eol is True, "eolFrom": eol if isinstance(eol, str) else None}
        return found | ({"isEoes": False, "eoesFrom": eoes} if eoes else {})

    result = [{"name": name, "releases": [of_site(told) for told in releases]} for name, releases in PRODUCTS.items()]
    text = json.dumps({"schema_version": "1.2.1", "generated_at": f"{DAY}T08:52:34+00:00", "result": result})
    assert taken(text) == taken(snapshot())


def test_what_an_import_changes_is_told_in_sentences() -> None:
    known, _ = import_snapshot(snapshot(macos=[release("15", eol=False)]), ())
    rows, changes = import_snapshot(snapshot(macos=[release("26", eol=False), release("15", "2026-09-14")]), known)
    assert changes == (
        "macOS 26 is new: supported, and no end is told",
        "macOS 15: supported until 2026-09-14; before: supported, and no end is told",
    )
    assert import_snapshot(snapshot(macos=[release("15", "2026-09-14")]), rows) == (rows, ())


def test_rows_from_elsewhere_stand_and_releases_that_are_gone_stay() -> None:
    own = Row("macos", "", "15", "macOS 15", date(2027, 1, 1), False, None, "", "https://support.apple.com", DAY)
    gone = Row("macos", "", "12", "macOS 12", date(2024, 9, 16), False, None, "", "https://endoflife.date/macos", DAY)
    rows, changes = import_snapshot(snapshot(macos=[release("15", eol=True)]), (own, gone))
    assert (rows, changes) == ((own, gone), ())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ("<html>", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "neither 'products' nor 'result'"),
        ('{"hits": []}', "neither 'products' nor 'result'"),
        ('{"products": {}}', "does not say of which day"),
        (json.dumps({"commit": "2026-13-45", "products": {}}), "commit is '2026-13-45'"),
        (json.dumps({"commit": COMMIT, "products": 5}), "neither an object nor a list"),
        (json.dumps({"commit": COMMIT, "products": {"nodejs": {"releases": []}}}), "no product that is known"),
        (json.dumps({"commit": COMMIT, "products": {"macos": []}}), "macos has no list of 'releases'"),
        (json.dumps({"commit": COMMIT, "products": {"macos": {"releases": [3]}}}), "release 1 of macos is no object"),
        (snapshot(macos=[{"eol": False}]), "release 1 of macos has no 'releaseCycle'"),
        (snapshot(macos=[{"releaseCycle": "15"}]), "'eol' of release 1 of macos is None"),
        (snapshot(macos=[release("15", "soon")]), "'eol' of release 1 of macos is 'soon'"),
        (snapshot(macos=[release("15", "2026-02-30")]), "is '2026-02-30': no date"),
        (snapshot(macos=[release("15", 2026)]), "is 2026: neither a date nor true or false"),
    ],
)
def test_a_bad_or_foreign_file_is_refused_with_what_is_wrong_and_where(text: str, reason: str) -> None:
    with pytest.raises(SnapshotError) as error:
        import_snapshot(text, ())
    assert reason in str(error.value)


def test_an_older_snapshot_is_refused() -> None:
    known, _ = import_snapshot(snapshot(), ())
    older = snapshot().replace(str(DAY), "2026-01-01")
    with pytest.raises(SnapshotError, match="of 2026-01-01, but a newer one, of 2026-08-22"):
        import_snapshot(older, known)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=12)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(
        st.sampled_from(["releases", "releaseCycle", "eol", "eoes", "latest", "name"]), inner, max_size=4)),
    max_leaves=12,
)  # fmt: skip


@given(JSON)
def test_whatever_stands_in_a_file_only_a_snapshot_error_leaves(content: object) -> None:
    for text in (
        json.dumps(content),
        json.dumps({"commit": COMMIT, "products": {"macos": content, "windows": content}}),
        json.dumps({"generated_at": str(DAY), "result": content}),
    ):
        try:
            import_snapshot(text, ())
        except SnapshotError:
            continue
