"""Get Information about Schools: reading its files, and what they say of the schools of a trust."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from collector import gias
from collector.gias import Change, Errors, GiasError, Known, Link

HEAD = (
    "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,EstablishmentStatus (name),OpenDate,CloseDate,"
    "Trusts (code),Trusts (name)"
)
LINKS = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate"
ROWS = (
    '100001,301,Elmshire,2001,"Elm, Primary School",Closed,,31-08-2024,,',
    "150001,301,Elmshire,2901,Elm Academy,Open,01-09-2024,,5001,Three Trees Trust",
    "100002,301,Elmshire,2002,Oak Primary School,\"Open, but proposed to close\",,,5001,Three Trees Trust",
    "100003,301,Elmshire,2003,Ash Infant School,Closed,,31-08-2025,,",
    "100004,301,Elmshire,3004,St Andr\u00e9's,Open,,,5001,Three Trees Trust",
    "100005,301,Elmshire,2005,Lime School,Closed,,31-08-2025,,",
    "150009,301,Elmshire,2909,Far Academy,Open,01-09-2024,,9999,Other Trust",
)  # fmt: skip
LINKED = (
    "100001,150001,Elm Academy,Successor,01-09-2024",
    "150001,100001,Elm Primary,Predecessor,01-09-2024",
    "100003,100002,Oak Primary School,Successor - merged,01-09-2025",
)
ELM, OAK, ASH, LIME = (
    Known("elm", "Elm, Primary School", "100001"), Known("oak", "Oak School", "100002"),
    Known("ash", "Ash Infant School", "100003"), Known("lime", "Lime School", "100005"),
)  # fmt: skip


def lines(head: str, rows: Iterable[str]) -> list[str]:
    raw = "\r\n".join((head, *rows, "")).encode(gias.ENCODING)
    return raw.decode(gias.ENCODING).splitlines(keepends=True)


def compared(known: list[Known], *, links: bool = True, group: str = "") -> list[Change]:
    linked = list(gias.links(lines(LINKS, LINKED), Errors())) if links else None
    near = gias.wanted(gias.schools(lines(HEAD, ROWS), Errors()), known, linked or (), group)
    return gias.compare(known, near, linked, group)


def test_a_school_is_read_with_quotes_accents_and_days() -> None:
    errors = Errors()
    found = {school.urn: school for school in gias.schools(lines(HEAD, (*ROWS, "x,1,,2,Name,Open")), errors)}
    assert found["100001"].name == "Elm, Primary School"
    assert found["100001"].closed == date(2024, 8, 31)
    assert found["100004"].name == "St Andr\u00e9's"
    assert found["100004"].laestab == "3013004"
    assert found["100002"].is_open
    assert not found["100002"].is_closed
    assert errors.sentences == ["line 9: its URN is no number of six digits"]


def test_only_schools_that_matter_are_kept() -> None:
    linked = [Link("100001", "150001", "successor")]
    near = gias.wanted(gias.schools(lines(HEAD, ROWS), Errors()), [ELM], linked)
    assert set(near) == {"100001", "150001"}


def test_conversions_mergers_closures_and_new_names_are_told_apart() -> None:
    changes = {change.school_id: change for change in compared([ELM, OAK, ASH, LIME])}
    assert (changes["elm"].kind, changes["elm"].urn, changes["elm"].day) == ("convert", "150001", date(2024, 9, 1))
    assert (changes["oak"].kind, changes["oak"].name) == ("rename", "Oak Primary School")
    assert (changes["ash"].kind, changes["ash"].into) == ("merge", "oak")
    assert (changes["lime"].kind, changes["lime"].day) == ("close", date(2025, 8, 31))
    assert "Elm, Primary School (URN 100001) became Elm Academy (URN 150001) on 2024-09-01" in changes["elm"].sentence


def test_schools_of_the_group_that_are_not_here_join_and_successors_do_not_join_twice() -> None:
    joined = [change for change in compared([ELM, OAK], group="5001") if change.kind == "join"]
    assert [(change.urn, change.name) for change in joined] == [("100004", "St Andr\u00e9's")]


def test_without_links_a_closed_school_waits_for_a_person() -> None:
    kinds = {change.school_id: change.kind for change in compared([ELM, LIME], links=False)}
    assert kinds == {"elm": "ask", "lime": "ask"}


def test_what_no_rule_decides_waits_for_a_person() -> None:
    (unknown,) = compared([Known("x", "Nowhere", "999999")])
    assert (unknown.kind, unknown.sentence) == ("ask", "Nowhere: GIAS has no URN 999999")
    rows = {s.urn: s for s in gias.schools(lines(HEAD, ROWS), Errors())}
    both = [Link("100001", "150001", "successor - amalgamated"), Link("100005", "150001", "successor - amalgamated")]
    assert {change.kind for change in gias.compare([ELM, LIME], rows, both)} == {"ask"}
    split = [Link("100001", "150001", "successor - split school"), Link("100001", "150009", "successor - split school")]
    assert [change.kind for change in gias.compare([ELM], rows, split)] == ["ask"]


def test_a_school_that_is_as_we_know_it_changes_nothing() -> None:
    assert compared([Known("a", "St Andr\u00e9's", "100004"), Known("b", "Office", "")]) == []


def test_another_file_is_refused_with_a_sentence() -> None:
    with pytest.raises(GiasError, match="it has no column 'URN': take edubasealldata"):
        list(gias.schools(["a,b\n"], Errors()))
    with pytest.raises(GiasError, match="no column 'LinkURN'"):
        list(gias.links(lines(HEAD, ROWS), Errors()))
