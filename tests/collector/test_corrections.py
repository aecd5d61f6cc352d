"""Corrections: they win everywhere, stand beside the evidence, outlive reinterpretation, and can be taken back."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update
from trusts import DAY, START, Trust, entity, system

from collector import corrections, metrics, reinterpret
from collector.age import Says
from collector.age.assess import Dossier, assess, heed
from collector.age.estimate import Confidence, Verdict
from collector.corrections import Made, apply
from collector.errors import CollectorError
from collector.metrics import Counts
from collector.store import Store, register
from collector.store import corrections as rows
from collector.store import schema as t
from collector.store.register import DeviceRow

CATALYST = ("Cisco", "WS-C2960X-24TS-L")
LATER = START + DAY


def switch(trust: Trust, number: int, when: object = START) -> DeviceRow:
    """One of many switches of a model, made in week 16 of 2016."""
    mac = f"00:1b:21:00:00:{number:02x}"
    trust.say(
        START, system(f"sw-{number}"), entity(f"FOC2016X0A{number}", *CATALYST), address=f"10.1.0.{number}", mac=mac
    )
    return row(trust, f"sw-{number}")


def row(trust: Trust, name: str) -> DeviceRow:
    (found,) = (each for each in trust.devices() if each.name == name)
    return found


def again(trust: Trust, device: DeviceRow) -> DeviceRow:
    return trust.detail(device.device_id).row


def correct(trust: Trust, device: DeviceRow, reason: str = "as its label says", **said: object) -> Made:
    alike = bool(said.pop("alike", False))
    when, actor = said.pop("now", LATER), str(said.pop("actor", "ada"))
    cells = {name.removesuffix("_"): str(value) for name, value in said.items()}
    return trust.store.write(
        lambda c: corrections.correct(
            c,
            trust.id,
            device.device_id,
            cells,
            reason,
            actor=actor,
            now=when,
            alike=alike,  # type: ignore[arg-type]
        )
    )


def undo(trust: Trust, made: Made) -> Made:
    number = made.corrections[0].correction_id
    return trust.store.write(lambda c: corrections.undo(c, trust.id, number, actor="bob", now=LATER + DAY))


# ------------------------------------------------------------------------------------------------ one device


def test_what_a_person_says_stands_in_the_row_and_the_evidence_beside_it(store: Store) -> None:
    trust = Trust(store)
    device, other = switch(trust, 1), switch(trust, 2)
    made = correct(trust, device, class_="Router", maker="Hewlett-Packard Company", model="2530", name="Hall")
    assert made.device_ids == (device.device_id,)
    now = again(trust, device)
    assert (now.device_class, now.maker, now.model, now.name) == ("router", "HP", "2530", "Hall")
    assert now.corrected == ("class", "maker", "model", "name")
    assert now.as_read == {"class": device.device_class, "maker": "Cisco", "model": CATALYST[1], "name": "sw-1"}
    detail = trust.detail(device.device_id)
    assert {(f.name, f.value) for f in detail.facts if not f.component} >= {("maker", "Cisco"), ("name", "sw-1")}
    assert [(one.cell, one.reason, one.actor) for one in detail.corrections][:1] == [
        ("class", "as its label says", "ada")
    ]
    assert again(trust, other) == other
    with store.reader() as connection:
        assert [r.name for r in register.devices(connection, trust.id, device_class="router")] == ["Hall"]
        estate = metrics.read_estate(store, trust.id, Counts(), LATER.date())
    assert estate.classes[device.school_id, "router"] == 1


def test_a_correction_outlives_new_evidence_and_reinterpretation(store: Store) -> None:
    trust = Trust(store)
    device = switch(trust, 1)
    correct(trust, device, model="Catalyst 2960-X", name="Hall")
    trust.say(LATER, system("renamed"), entity("FOC2016X0A1", *CATALYST), address="10.1.0.1", mac="00:1b:21:00:00:01")
    now = again(trust, device)
    assert (now.model, now.name, now.as_read["name"]) == ("Catalyst 2960-X", "Hall", "renamed")
    assert reinterpret.reinterpret(store, trust.id, LATER + DAY) == []
    assert again(trust, device) == now


def test_undone_it_is_as_the_evidence_says_and_the_history_knows_both(store: Store) -> None:
    trust = Trust(store)
    device = switch(trust, 1)
    made = correct(trust, device, model="something else", made="2012")
    undo(trust, made)
    trust.store.write(
        lambda c: corrections.undo(c, trust.id, made.corrections[1].correction_id, actor="bob", now=LATER + DAY)
    )
    assert again(trust, device) == device
    with store.reader() as connection:
        assert rows.listed(connection, trust.id) == []
        ended = rows.listed(connection, trust.id, ended=True)
        beliefs = connection.execute(select(t.ages).where(t.ages.c.component == "").order_by(t.ages.c.age_id)).all()
    assert {(one.ended, one.ended_by, one.recorded_from, one.recorded_to) for one in ended} == {
        ("undone", "bob", LATER, LATER + DAY)
    }
    assert ["told" in json.loads(belief.assessed)["estimate"]["confidence"] for belief in beliefs][-2:] == [True, False]
    with pytest.raises(CollectorError, match="there is no correction"):
        undo(trust, made)


def test_a_second_word_replaces_the_first(store: Store) -> None:
    trust = Trust(store)
    device = switch(trust, 1)
    correct(trust, device, model="first")
    second = correct(trust, device, model="second", now=LATER + timedelta(hours=1))
    assert again(trust, device).model == "second"
    undo(trust, second)
    assert again(trust, device).model == CATALYST[1]


# ------------------------------------------------------------------------------------------------ age


def test_an_age_that_is_told_stands_and_what_contradicts_it_is_shown(store: Store) -> None:
    trust = Trust(store)
    device = switch(trust, 1)
    assert device.made_confidence == "high"
    correct(trust, device, made="2012-09")
    now = again(trust, device)
    assert (now.made_earliest, now.made_best, now.made_latest) == (
        date(2012, 9, 1), date(2012, 9, 15), date(2012, 9, 30),
    )  # fmt: skip
    assert (now.made_confidence, now.made_contradicted, now.corrected) == ("told", True, ("made",))
    assessed = trust.detail(device.device_id).assessment
    assert assessed is not None
    decided = assessed.estimate.decided_by
    assert decided is not None
    assert (decided.words, decided.raw) == ("a person said when it was made", "2012-09")
    against = [w for w in assessed.estimate.case if w.verdict is Verdict.CONTRADICTS]
    assert any(w.clue.rule == "serial.cisco" for w in against)
    reinterpret.reassess(store, trust.id, LATER + DAY)
    assert again(trust, device) == now


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [("2016", "2016-01-01", "2016-12-31"), ("2016-02", "2016-02-01", "2016-02-29"), ("2016-02-03",) * 3],
)
def test_year_month_and_day_are_told_as_precisely_as_that(written: str, first: str, last: str) -> None:
    found = assess(heed(Dossier("d", (), date(2026, 1, 1)), {"made": (written, "c1")})).estimate
    assert (found.earliest, found.latest) == (date.fromisoformat(first), date.fromisoformat(last))
    assert found.confidence is Confidence.TOLD


def test_a_corrected_maker_and_class_decide_which_rule_reads_the_serial_number(store: Store) -> None:
    trust = Trust(store)
    trust.say(START, system("odd"), entity("FOC2016X0AB", "Acme", "GS24"))
    device = row(trust, "odd")
    assert device.made_best is None
    correct(trust, device, class_="switch", maker="Cisco")
    assert (again(trust, device).made_best or START.date()).year == 2016


def test_the_first_sighting_does_not_outweigh_a_person() -> None:
    found = assess(heed(Dossier("d", (), date(2010, 5, 1)), {"made": ("2012", "c1")})).estimate
    assert found.best is not None
    assert found.best.year == 2012
    assert [(w.verdict, w.clue.says) for w in found.case] == [
        (Verdict.STANDS, Says.MADE), (Verdict.CONTRADICTS, Says.NOT_AFTER),
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------ all alike


def test_all_alike_are_corrected_today_and_when_they_are_seen_later(store: Store) -> None:
    trust = Trust(store)
    first, second = switch(trust, 1), switch(trust, 2)
    trust.say(START, system("other"), entity("CN77FP1234"), address="10.1.0.9", mac="00:1b:21:00:00:99")
    made = correct(trust, first, class_="router", made="2015", alike=True)
    assert set(made.device_ids) == {first.device_id, second.device_id}
    third = switch(trust, 3)
    for device in (first, second, third):
        now = again(trust, device)
        assert (now.device_class, now.made_confidence, now.made_best and now.made_best.year) == ("router", "told", 2015)
        assert now.corrected == ("class", "made")
    assert row(trust, "other").corrected == ()
    undo(trust, made)
    assert {again(trust, device).device_class for device in (first, second, third)} == {first.device_class}


def test_what_is_corrected_does_not_change_who_is_alike(store: Store) -> None:
    trust = Trust(store)
    first, second = switch(trust, 1), switch(trust, 2)
    correct(trust, first, model="renamed by hand")
    made = correct(trust, second, maker="Acme", alike=True, now=LATER + timedelta(hours=1))
    assert set(made.device_ids) == {first.device_id, second.device_id}
    assert (again(trust, first).maker, again(trust, first).model) == ("Acme", "renamed by hand")


def test_the_word_on_one_device_stands_before_that_on_all_alike(store: Store) -> None:
    trust = Trust(store)
    first, second = switch(trust, 1), switch(trust, 2)
    own = correct(trust, first, model="mine")
    correct(trust, second, model="everybody's", alike=True, now=LATER + timedelta(hours=1))
    assert (again(trust, first).model, again(trust, second).model) == ("mine", "everybody's")
    undo(trust, own)
    assert again(trust, first).model == "everybody's"


def test_of_devices_without_a_model_none_is_alike(store: Store) -> None:
    trust = Trust(store)
    trust.say(START, system("bare"))
    with pytest.raises(CollectorError, match="the evidence names no model"):
        correct(trust, row(trust, "bare"), class_="switch", alike=True)


def test_many_devices_take_few_queries(store: Store) -> None:
    trust = Trust(store)
    devices = [switch(trust, number) for number in range(1, 6)]
    correct(trust, devices[0], class_="router", alike=True)
    said = {f"{n:05}": {"class": devices[0].device_class, "maker": "Cisco", "model": CATALYST[1]} for n in range(1200)}
    asked: list[str] = []
    with store.reader() as connection:
        from sqlalchemy import event  # noqa: PLC0415 - here alone

        event.listen(connection.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
        found = rows.corrected(connection, trust.id, said)
    assert len(asked) <= 4
    assert {columns["class"] for columns in found.values()} == {"router"}


# ------------------------------------------------------------------------------------------------ merge and split


def clashing(trust: Trust, survivor: DeviceRow, absorbed: DeviceRow) -> list[rows.Clash]:
    """The second becomes an alias of the first, and what was said of it follows."""

    def write(connection: object) -> list[rows.Clash]:
        alias = update(t.devices).where(t.devices.c.device_id == absorbed.device_id)
        connection.execute(alias.values(alias_of=survivor.device_id))  # type: ignore[attr-defined]
        return rows.follow(connection, trust.id, survivor.device_id, absorbed.device_id, LATER)  # type: ignore[arg-type]

    return trust.store.write(write)


def standing(trust: Trust, device: DeviceRow) -> dict[str, str]:
    with trust.store.reader() as connection:
        said = rows.standing(connection, trust.id, [device.device_id])
    return {cell: one.value for cell, one in apply(device.device_id, {}, said).items()}


def test_what_was_said_of_an_absorbed_device_follows_to_the_survivor(store: Store) -> None:
    trust = Trust(store)
    first, second = switch(trust, 1), switch(trust, 2)
    made = correct(trust, second, model="theirs", name="same")
    correct(trust, first, name="same")
    assert clashing(trust, first, second) == []
    assert standing(trust, first) == {"model": "theirs", "name": "same"}
    undo(trust, made)
    assert standing(trust, first) == {"name": "same"}


def test_two_words_for_what_became_one_device_are_asked_and_undo_answers(store: Store) -> None:
    for wrong in ("survivor", "absorbed"):
        trust = Trust(store)
        first, second = switch(trust, 1), switch(trust, 2)
        own, theirs = correct(trust, first, model="ours"), correct(trust, second, model="theirs")
        (clash,) = clashing(trust, first, second)
        assert (clash.survivor, clash.standing.value, clash.waiting.value) == (first.device_id, "ours", "theirs")
        with store.reader() as connection:
            assert rows.clashes(connection, trust.id) == rows.clashes(connection, trust.id, [first.device_id]) != []
            assert rows.clashes(connection, trust.id, [second.device_id]) == []
        question = {"trust_id": trust.id, "question_id": 7, "kind": rows.QUESTION, "subject": clash.subject}
        devices = {"device_a": first.device_id, "device_b": second.device_id, "reason": "", "recorded_from": LATER}
        store.write(lambda c, row=question | devices: c.execute(insert(t.questions).values(row)) and None)
        assert standing(trust, first) == {"model": "ours"}
        undo(trust, own if wrong == "survivor" else theirs)
        assert standing(trust, first) == {"model": "theirs" if wrong == "survivor" else "ours"}
        with store.reader() as connection:
            assert rows.clashes(connection, trust.id) == []
            ended = connection.execute(select(t.questions.c.recorded_to).where(t.questions.c.trust_id == trust.id))
            assert ended.scalar_one() is not None, "the question is answered"


def test_on_a_split_a_correction_stays_with_the_claims_it_was_made_on(store: Store) -> None:
    trust = Trust(store)
    first, second = switch(trust, 1), switch(trust, 2)
    made = correct(trust, first, model="theirs", name="ours")
    held = dict(zip((one.correction_id for one in made.corrections), ((11, 12, 13), (11, 21, 22)), strict=True))
    for correction_id, claims in held.items():
        change = update(t.corrections).where(t.corrections.c.correction_id == correction_id)
        claimed = change.values(claims=json.dumps(claims))
        store.write(lambda c, q=claimed: c.execute(q) and None)
    moved = store.write(lambda c: rows.part(c, trust.id, first.device_id, second.device_id, [11, 12, 13], LATER))
    assert moved == [made.corrections[0].correction_id]
    assert (standing(trust, first), standing(trust, second)) == ({"name": "ours"}, {"model": "theirs"})


def test_the_claims_of_the_time_are_kept(store: Store) -> None:
    trust = Trust(store)
    device = switch(trust, 1)
    base = {"trust_id": trust.id, "lane_id": 0, "site_id": trust.site, "method": "X", "told_of": False,
            "identifiers": "[]", "device_id": device.device_id, "first_observed": START, "last_observed": START,
            "settled_by_time": False, "recorded_from": START}  # fmt: skip
    new = [base | {"claim_id": 9000 + n, "slot": f"record:{n}"} for n in (1, 2)]
    store.write(lambda c: c.execute(insert(t.claims), new) and None)
    assert {9001, 9002} <= set(correct(trust, device, model="x y").corrections[0].claims)


# ------------------------------------------------------------------------------------------------ people's mistakes


MISTAKES: list[tuple[dict[str, str], str]] = [
    ({}, "say what is to be corrected"),
    ({"class": "toaster"}, "is no class; classes are: switch"),
    ({"maker": "Default string"}, "names no maker"),
    ({"model": "\x00\u202e"}, "names no model"),
    ({"name": "x" * 256}, "longer than 255"),
    ({"made": "soon"}, "write it as 2016"),
    ({"made": "2016-13"}, "not in the calendar"),
    ({"made": "2016-02-30"}, "not in the calendar"),
    ({"made": "1901"}, "nothing was made in 1901"),
    ({"made": "2027"}, "nothing was made in 2027"),
    ({"made": "\u0662\u0660\u0661\u0666"}, "is no date"),
    ({"made": "0000"}, "not in the calendar"),
    ({"serial": "X"}, "cannot be corrected"),
]


def test_what_cannot_be_is_refused_with_a_sentence_and_changes_nothing(store: Store) -> None:
    trust = Trust(store)
    device = switch(trust, 1)
    for cells, sentence in MISTAKES:
        with pytest.raises(CollectorError, match=sentence):
            correct(trust, device, **cells)
    assert again(trust, device) == device


def test_a_reason_and_a_device_are_needed(store: Store) -> None:
    trust = Trust(store)
    device = switch(trust, 1)
    for reason in ("", " \x00 ", "x" * 301):
        with pytest.raises(CollectorError, match=r"reason|why"):
            correct(trust, device, reason, model="x y")
    with pytest.raises(CollectorError, match="no device has the id 'nobody'"):
        store.write(lambda c: corrections.correct(c, trust.id, "nobody", {"model": "x"}, "y", actor="a", now=LATER))


def test_hostile_words_are_cleaned(store: Store) -> None:
    trust = Trust(store)
    device = switch(trust, 1)
    made = correct(trust, device, "why\x1b[31m\u202e not", name="<script>\x07'; DROP TABLE device--")
    assert again(trust, device).name == "<script>'; DROP TABLE device--"
    assert made.corrections[0].reason == "why[31m not"


def test_the_journal_has_ids_and_no_values(store: Store) -> None:
    trust = Trust(store)
    device = switch(trust, 1)
    undo(trust, correct(trust, device, "the secret reason", model="the secret model", name="the secret name"))
    with store.reader() as connection:
        entries = connection.execute(select(t.journal).where(t.journal.c.trust_id == trust.id)).all()
    told = [(entry.actor, entry.action, json.loads(entry.detail)) for entry in entries]
    assert [action for _, action, _ in told] == ["corrected", "corrected", "correction_undone"]
    assert all(detail.keys() == {"correction", "device", "scope", "cell"} for _, _, detail in told)
    assert "secret" not in repr(told)


@given(st.lists(st.sampled_from(["device", "alike", "stranger"]), max_size=6), st.randoms())
def test_which_word_stands_does_not_depend_on_the_order_of_rows(scopes: list[str], random: object) -> None:
    cells = {"class": "switch", "maker": "HP", "model": "J1"}
    said = [
        rows.Correction(str(n), "alike" if scope == "alike" else "device", "me" if scope == "device" else "you", cells,
                        "model", f"{scope} {n}", "", "", START + n * DAY)
        for n, scope in enumerate(scopes)
    ]  # fmt: skip
    stands = {cell: one.value for cell, one in apply("me", cells, said).items()}
    random.shuffle(said)  # type: ignore[attr-defined]
    assert {cell: one.value for cell, one in apply("me", cells, said).items()} == stands
    best = max((n for n, s in enumerate(scopes) if s == "device"), default=max(
        (n for n, s in enumerate(scopes) if s == "alike"), default=-1))  # fmt: skip
    assert stands == ({"model": f"{scopes[best]} {best}"} if best >= 0 else {})
