"""The book: the trust's rules of it, and the annual review that a named person signs."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import exports, ledger, london
from collector.access import Right
from collector.errors import CollectorError
from collector.ledger import Signature
from collector.store import Transaction, school_lives
from collector.store import book as rows
from collector.web import book_rules, forms, hands
from collector.web.book_rules import Sheet
from collector.web.visit import ID_LIMIT, Visit

RULES, SIGN, WITHDRAW = "book_rules", "review", "review_withdraw"


def page(visit: Visit) -> Response:
    """`GET /register/book`: rules, reviews, and what was exported last."""
    return _page(visit)


def _page(visit: Visit, typed: Sheet | None = None, status: int = 200) -> Response:
    """The page; `typed`: the form of the rules as somebody filled it in, where a field of it is wrong."""
    trust_id = visit.site.trust_id
    account = visit.visitor.account_id if visit.visitor else ""
    with visit.reader() as connection:
        rules = ledger.rules_at(connection, trust_id)
        own = rows.rules(connection, trust_id) is not None
        reviews = rows.reviews(connection, trust_id, visit.schools)
        made = rows.exports(connection, trust_id, None if visit.schools is None else account)
        known = {s.school_id: s.name for s in school_lives.schools(connection, trust_id) if visit.sees(s.school_id)}
    may = visit.may(Right.EDIT_MONEY)
    tokens = {purpose: forms.token(visit.secret, purpose) for purpose in (RULES, SIGN, WITHDRAW)}
    return visit.page(
        "book.html", status, rules=exports.rules_sentence(rules), own=own, reviews=reviews, exports=made,
        schools=known, sheet=typed or book_rules.filled(rules), tokens=tokens if may else {},
        whole=visit.schools is None, yesterday=london.day_of(visit.now),
    )  # fmt: skip


def set_rules(visit: Visit) -> Response:
    """`POST /register/book/rules`: the rules as the form has them; where a field is wrong the form comes back."""
    hands.require_token(visit, RULES)
    said, typed = book_rules.read(visit.form)
    if said is None:
        return _page(visit, typed, 400)

    def work(connection: Transaction) -> None:
        ledger.set_rules(connection, visit.site.trust_id, said, actor=_actor(visit), now=visit.now)

    hands.carry_out(visit, RULES, work)
    return RedirectResponse("/register/book", 303)


def sign(visit: Visit) -> Response:
    """`POST /register/book/reviews`: a named person reviewed the register as it is known now."""
    school_id = visit.form.get("school", "")[:ID_LIMIT]
    if not school_id and visit.schools is not None:
        raise HTTPException(400, "Say of which school the register was reviewed.")
    signature = Signature(
        visit.form.get("signed_by", ""), visit.form.get("post", ""), school_id, visit.form.get("note", "")
    )  # fmt: skip

    def work(connection: Transaction) -> None:
        known = {school.school_id for school in school_lives.schools(connection, visit.site.trust_id)}
        if school_id and school_id not in known:
            raise CollectorError("there is no such school")
        ledger.sign(connection, visit.site.trust_id, visit.now, signature, actor=_actor(visit), now=visit.now)

    hands.carry_out(visit, SIGN, work)
    return RedirectResponse("/register/book", 303)


def withdraw(visit: Visit) -> Response:
    """`POST /register/book/reviews/withdraw`: a review that was signed by mistake is taken back."""

    def work(connection: Transaction) -> None:
        review_id = visit.form.get("review", "")
        standing = rows.reviews(connection, visit.site.trust_id, visit.schools)
        if not any(one.review_id == review_id and (visit.schools is None or one.school_id) for one in standing):
            raise CollectorError("there is no such review that stands")
        ledger.withdraw(connection, visit.site.trust_id, review_id, actor=_actor(visit), now=visit.now)

    hands.carry_out(visit, WITHDRAW, work)
    return RedirectResponse("/register/book", 303)


def _actor(visit: Visit) -> str:
    return visit.visitor.account_id if visit.visitor else ""
