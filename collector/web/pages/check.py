"""Physical checks: begun, walked with a phone or a printed sheet, told as a result, signed by two people.

One device at a time; every press is kept at once, and nothing needs a script. A thing that turns out to be at a school
that whoever looks does not see is shown as not in the book of theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import checking, shelf_check
from collector.access import Right
from collector.checking import Wish
from collector.errors import CollectorError
from collector.shelf_check import Booked, Method, Outcome, Verdict
from collector.store import Transaction, people, school_lives
from collector.store import shelf_checks as rows
from collector.store.shelf_checks import Check, Room, Row, Thing
from collector.web import forms, recording
from collector.web.visit import ID_LIMIT, Visit

FORM = "check"  # the purpose of the forms
PRESSED = forms.Takes(most=8_192)
BLANK_LINES = 14  # of each room on the printed sheet


@dataclass(frozen=True, slots=True)
class Listed:
    """A device that was drawn, with what the register had of it then."""

    row: Row
    book: Booked


@dataclass(frozen=True, slots=True)
class Stood:
    """A thing that stood in a room, with the device that it is, as far as whoever looks may know."""

    thing: Thing
    book: Booked | None


@dataclass(frozen=True, slots=True)
class Whole:
    """A check with all that is in it."""

    check: Check
    school: str
    listed: list[Listed]
    rooms: list[Room]
    stood: list[Stood]
    names: dict[str, str]  # of accounts
    walks: bool  # whether whoever looks may write down what was found

    @property
    def second(self) -> str:
        """What the second person is called."""
        return self.names.get(self.check.second_id, self.check.second_name)

    @property
    def result(self) -> checking.Result:
        """What came out so far."""
        return checking.result([each.row for each in self.listed], self.rooms, [each.thing for each in self.stood])

    @property
    def lacking(self) -> str:
        """What has not been looked at yet."""
        return checking.lacking([each.row for each in self.listed], self.rooms)


# ------------------------------------------------------------------------------------------------ beginning


def page(visit: Visit) -> Response:
    """`GET /check`: the checks there were, and the form that begins one."""
    trust_id = visit.site.trust_id
    with visit.reader() as connection:
        found = rows.latest(connection, trust_id, visit.schools)
        looked = rows.looked_at(connection, trust_id, [check.check_id for check in found])
        schools = {s.school_id: s.name for s in school_lives.schools(connection, trust_id) if visit.sees(s.school_id)}
        names = _names(connection, visit)
        seconds = [
            account for account in checking.seconds(connection, trust_id, recording.actor(visit), visit.now)
            if visit.schools is None or account.schools is None or account.schools & visit.schools
        ]  # fmt: skip
    return visit.page(
        "check.html", found=found, looked=looked, schools=schools, names=names, seconds=seconds, methods=list(Method),
        token=_token(visit), size=shelf_check.USUAL, rooms=checking.USUAL_ROOMS, most=shelf_check.MOST,
        most_rooms=checking.MOST_ROOMS,
    )  # fmt: skip


def begin(visit: Visit) -> Response:
    """`POST /check`: draw a sample."""
    school_id, method = visit.form.get("school", "")[:ID_LIMIT], visit.form.get("method", "")
    if method not in list(Method):
        raise HTTPException(400, "Say how the devices are drawn.")
    wish = Wish(
        school_id, Method(method), _number(visit, "size"), _number(visit, "rooms"),
        visit.form.get("second", "")[:ID_LIMIT], visit.form.get("second_name", ""), bool(visit.form.get("declared")),
        visit.form.get("seed", ""),
    )  # fmt: skip

    def work(connection: Transaction) -> Check:
        known = {school.school_id for school in school_lives.schools(connection, visit.site.trust_id)}
        if school_id not in known or not visit.sees(school_id):
            raise CollectorError("choose the school that is checked")
        actor = recording.actor(visit)
        return checking.begin(connection, visit.site.trust_id, wish, actor=actor, now=visit.now)

    return RedirectResponse(f"/check/{_write(visit, work).check_id}", 303)


# ------------------------------------------------------------------------------------------------ walking


def walk(visit: Visit) -> Response:
    """`GET /check/{check_id}`: one device, or one room (`line`, `room`), and the list of all."""
    return _walk(visit)


def _walk(visit: Visit, problem: str = "") -> Response:
    whole = _whole(visit)
    line, at = visit.count("line", 0, 100_000), visit.count("room", 0, 100_000)
    room = next((each for each in whole.rooms if each.line == at), None)
    chosen = next((each for each in whole.listed if each.row.line == line), None)
    if chosen is None and room is None:
        chosen = next((each for each in whole.listed if not each.row.outcome), None)
    left = sum(1 for each in whole.listed if not each.row.outcome)
    return visit.page(
        "check_walk.html", 400 if problem else 200, whole=whole, check=whole.check, chosen=None if room else chosen,
        room=room, problem=problem, typed=visit.form, outcomes=Outcome, left=left,
        token=_token(visit) if whole.walks else "", verdicts=Verdict,
    )  # fmt: skip


def mark(visit: Visit) -> Response:
    """`POST /check/{check_id}/mark?line=`: what was found of one device; leads to the next."""
    line, outcome = visit.count("line", 0, 100_000), visit.form.get("outcome", "")
    if outcome not in list(Outcome):
        _check_form(visit)
        return _walk(visit, "Press what was found.")
    told = Row(line, "", 0, certain=False, outcome=outcome, room=_said(visit, "room"), note=_said(visit, "note"))
    answer = _pressed(
        visit, lambda c, actor: checking.mark(c, visit.site.trust_id, _id(visit), told, actor=actor, now=visit.now)
    )
    return answer or RedirectResponse(f"/check/{_id(visit)}{_next(visit, line)}", 303)


def _next(visit: Visit, line: int) -> str:
    """The next device that nobody looked at, after a line or from the start; the list where there is none."""
    with visit.reader() as connection:
        open_ = [row.line for row in rows.rows(connection, visit.site.trust_id, _id(visit)) if not row.outcome]
    after = [each for each in open_ if each > line] + open_
    return f"?line={after[0]}" if after else "#all"


def room(visit: Visit) -> Response:
    """`POST /check/{check_id}/room?room=`: a thing that stands there, one that does not after all, or that is all."""
    line, what, trust_id = visit.count("room", 0, 100_000), visit.form.get("what", ""), visit.site.trust_id
    struck = visit.form.get("strike", "")

    def work(connection: Transaction, actor: str) -> None:
        by = {"actor": actor, "now": visit.now}
        if struck:
            checking.strike(connection, trust_id, _id(visit), _whole_number(struck), **by)  # type: ignore[arg-type]
        elif what in ("done", "open"):
            checking.walk(connection, trust_id, _id(visit), line, done=what == "done", **by)  # type: ignore[arg-type]
        else:
            said, schools = _said(visit, "mark"), visit.schools
            checking.write_down(connection, trust_id, _id(visit), line, said, schools, **by)  # type: ignore[arg-type]

    answer = _pressed(visit, work)
    return answer or RedirectResponse(f"/check/{_id(visit)}?room={line}", 303)


def _pressed(visit: Visit, work: Callable[[Transaction, str], object]) -> Response | None:
    """Keep what was pressed; the same page again, with a sentence and what was typed, where that cannot be."""
    _check_form(visit)
    actor = recording.actor(visit)
    try:
        visit.site.store.write(lambda connection: work(connection, actor))
    except CollectorError as error:
        return _walk(visit, recording.sentence(error))
    return None


# ------------------------------------------------------------------------------------------------ what came out


def sheet(visit: Visit) -> Response:
    """`GET /check/{check_id}/sheet`: the same on paper."""
    whole = _whole(visit)
    return visit.page("check_sheet.html", whole=whole, check=whole.check, blank=range(BLANK_LINES))


def result(visit: Visit) -> Response:
    """`GET /check/{check_id}/result`: counts both ways, how sure they are, and the signatures."""
    whole, trust_id = _whole(visit), visit.site.trust_id
    with visit.reader() as connection:
        edited = rows.editors(connection, trust_id, [each.row.device_id for each in whole.listed])
        again = checking.again(connection, trust_id, whole.check)
    check, actor = whole.check, recording.actor(visit)
    mine = actor == check.made_by_id
    return visit.page(
        "check_result.html", whole=whole, check=check, result=whole.result, verdicts=list(Verdict), outcomes=Outcome,
        token=_token(visit, Right.SEE_REGISTER), mine=mine,
        seconds=actor == check.second_id if check.second_id else mine,
        same=again == sorted(each.row.device_id for each in whole.listed),
        edited=sorted((whole.names.get(key, key), number) for key, number in edited.items()),
        kept_by_checker=edited.get(check.made_by_id, 0), percent=shelf_check.percent,
    )  # fmt: skip


def sign(visit: Visit) -> Response:
    """`POST /check/{check_id}/sign`: by who checked, or by the second person."""
    second, declared = visit.form.get("as") == "second", bool(visit.form.get("declared"))

    def work(connection: Transaction) -> Check:
        actor, trust_id = recording.actor(visit), visit.site.trust_id
        return checking.sign(
            connection, trust_id, _id(visit), second=second, declared=declared, actor=actor, now=visit.now
        )

    _write(visit, work)
    return RedirectResponse(f"/check/{_id(visit)}/result", 303)


def withdraw(visit: Visit) -> Response:
    """`POST /check/{check_id}/withdraw`: a check that went wrong; it stays in the list."""

    def work(connection: Transaction) -> None:
        actor, reason = recording.actor(visit), visit.form.get("reason", "")
        checking.withdraw(connection, visit.site.trust_id, _id(visit), reason, actor=actor, now=visit.now)

    _write(visit, work)
    return RedirectResponse("/check", 303)


# ------------------------------------------------------------------------------------------------ shared


def _whole(visit: Visit) -> Whole:
    trust_id, key = visit.site.trust_id, _id(visit)
    with visit.reader() as connection:
        check = rows.get(connection, trust_id, key)
        if check is None:
            raise HTTPException(404)
        drawn, walks = rows.rows(connection, trust_id, key), rows.rooms(connection, trust_id, key)
        things = [_seen(visit, thing) for thing in rows.things(connection, trust_id, key)]
        wanted = {row.device_id for row in drawn} | {thing.device_id for thing in things if thing.device_id}
        books = checking.books(connection, trust_id, check, wanted)
        schools = {s.school_id: s.name for s in school_lives.schools(connection, trust_id)}
        names = _names(connection, visit)
    may = visit.may(Right.CHECK_SHELVES) and checking.may_walk(check, recording.actor(visit))
    listed = [Listed(row, books.get(row.device_id) or shelf_check.booked(row.device_id, {})) for row in drawn]
    stood = [Stood(thing, books.get(thing.device_id)) for thing in things]
    return Whole(check, schools.get(check.school_id, "a school"), listed, walks, stood, names, may)


def _seen(visit: Visit, thing: Thing) -> Thing:
    """A thing as whoever looks may know it."""
    if not thing.school_id or visit.sees(thing.school_id):
        return thing
    return replace(thing, verdict=Verdict.MISSING.value, device_id="", school_id="")


def _names(connection: Transaction, visit: Visit) -> dict[str, str]:
    return {account.account_id: account.name for account in people.all_accounts(connection, visit.site.trust_id)}


def _id(visit: Visit) -> str:
    return visit.name("check_id")


def _said(visit: Visit, name: str) -> str:
    return visit.form.get(name, "")


def _number(visit: Visit, name: str) -> int:
    return _whole_number(visit.form.get(name, ""))


def _whole_number(said: str) -> int:
    if not (said.isascii() and said.isdigit() and len(said) < 7):
        raise HTTPException(400, "Write a whole number.")
    return int(said)


def _token(visit: Visit, right: Right = Right.CHECK_SHELVES) -> str:
    return forms.token(visit.secret, FORM) if visit.secret and visit.may(right) else ""


def _check_form(visit: Visit) -> None:
    if not forms.holds(visit.form.get(forms.TOKEN_FIELD, ""), visit.secret, FORM):
        raise HTTPException(403, "This form is not of the page that it should come from.")


def _write(visit: Visit, work: Callable[[Transaction], recording.Result]) -> recording.Result:
    _check_form(visit)
    return recording.write(visit, work)
