"""Term dates as people bring them: tables and calendars, in all their spellings, and what is refused in words."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.calendar import Kind, Span
from collector.term_dates import LONGEST, TermDatesError, read

AUTUMN = Span(date(2026, 9, 3), date(2026, 12, 18), Kind.TERM, "Autumn term")


def calendar(*events: str) -> str:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n"


@pytest.mark.parametrize(
    "table",
    [
        "name,first,last\nAutumn term,2026-09-03,2026-12-18\n",
        "\ufeffTitle;Start date;End date\r\nAutumn term;03/09/2026;18/12/2026\r\n",
        "Term\tFrom\tTo\nAutumn term\tThursday 3rd September 2026\t18 Dec 2026\n",
        "name,kind,start,end\nAutumn term,Term,3 September 2026,18.12.2026\n\n,,,\n",
    ],
)
def test_a_table_is_read_as_people_write_it(table: str) -> None:
    assert read(table).spans == (AUTUMN,)
    assert read(table.encode()).spans == (AUTUMN,)


def test_the_name_says_the_kind_and_others_are_left_out() -> None:
    rows = ("Autumn half-term holiday,2026-10-26,2026-10-30", "INSET day,2026-11-09,", "Parents' evening,2026-11-10,")
    said = read("name,first,last\n" + "\n".join(rows))
    assert [(span.kind, span.first, span.last) for span in said.spans] == [
        (Kind.HOLIDAY, date(2026, 10, 26), date(2026, 10, 30)),
        (Kind.INSET, date(2026, 11, 9), date(2026, 11, 9)),
    ]
    assert said.others == 1


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("Autumn term,soon,", "line 2: 'soon' is no date: write it as 2026-09-03 or 03/09/2026"),
        ("Autumn term,2026-12-18,2026-09-03", "line 2: Autumn term: it ends on 2026-09-03 before it begins"),
        ("Autumn term begins,2026-09-03,", "line 2: Autumn term begins: a term of 1 days: write it from its first"),
        ("Summer holiday,2026-07-20,2027-07-20", "are too long for one holiday"),
        ("Autumn term,1926-09-03,1926-12-18", "1926 is no year of these times"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_line(row: str, sentence: str) -> None:
    said = read(f"name,first,last\n{row}\nAutumn term,2026-09-03,2026-12-18\n")
    assert sentence in said.errors[0]
    assert said.spans == (AUTUMN,)


@pytest.mark.parametrize(
    "event",
    [
        "SUMMARY:Autumn term\r\nDTSTART;VALUE=DATE:20260903\r\nDTEND;VALUE=DATE:20261219",
        "SUMMARY:Autumn\r\n  term\r\nDTSTART:20260903\r\nDTEND:20261219",  # folded: the second space is the text's
        "SUMMARY:Autumn term\r\nDTSTART:20260903T080000\r\nDTEND:20261218T153000",
        "SUMMARY:Autumn term\r\nDTSTART:20260902T230000Z\r\nDTEND:20261219T000000Z",  # UTC, in summer and in winter
        'SUMMARY:Autumn term\r\nDTSTART;TZID="Europe:London":20260903T000000\r\nDTEND:20261219T000000',
        "SUMMARY:Autumn term\r\nDTSTART;VALUE=DATE:20260903\r\nDURATION:P107D",
        "SUMMARY:Autumn term\r\nDTSTART:20260903\r\nDTEND:20261219\r\nBEGIN:VALARM\r\nSUMMARY:x\r\nEND:VALARM",
    ],
)
def test_a_calendar_is_read_and_its_end_is_not_part_of_it(event: str) -> None:
    said = read(calendar(event))
    assert (said.spans, said.errors) == ((AUTUMN,), ())


def test_a_repeating_event_is_refused_in_words_and_only_if_it_is_about_terms() -> None:
    lunch = "SUMMARY:Lunch\r\nDTSTART:20260903\r\nRRULE:FREQ=DAILY"
    inset = "SUMMARY:INSET day\r\nDTSTART:20260903\r\nRRULE:FREQ=YEARLY"
    said = read(calendar(lunch, inset, "SUMMARY:Fish\\, chips\r\nDTSTART:20261026", "SUMMARY:Closure\r\nDTSTART:x"))
    assert said.others == 2
    assert "INSET day: repeating events are not read: write each one with its own dates" in said.errors[0]
    assert "Closure: its DTSTART or DTEND is no date" in said.errors[1]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "neither a calendar"),
        ("a,b\n1,2\n", "neither a calendar"),
        ("name,first\n", "names no term"),
        (calendar("SUMMARY:Lunch\r\nDTSTART:20260903"), "names no term"),
        ("x" * (LONGEST + 1), "larger than 1 MB"),
    ],
)
def test_what_is_no_calendar_is_refused_with_a_sentence(content: str, sentence: str) -> None:
    with pytest.raises(TermDatesError, match=sentence):
        read(content)


@given(st.binary(max_size=400) | st.binary(max_size=300).map(lambda raw: b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + raw)
       | st.text(max_size=300).map(lambda said: f"name,first,last\n{said}".encode()))  # fmt: skip
def test_nothing_that_is_brought_raises_anything_else(content: bytes) -> None:
    with contextlib.suppress(TermDatesError):
        read(content)
