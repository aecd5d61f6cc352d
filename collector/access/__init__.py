"""Who may do what: people and their roles, one-time links, passwords, sessions, tokens. It knows no page or cookie.

`RIGHTS` (in `rights`) is the declared table. These hold (tests/collector/access asks for each):

1. A secret has 256 random bits, is returned once and kept only as SHA-256. It is found by that hash, so no comparison
   can be timed. A password is kept as argon2id, a second factor under the key file.
2. A link opens once: the owner's within 15 minutes, an invitation within a day. Using it makes the session in the
   same transaction.
3. A session ends 30 minutes after it was last used, and 8 hours after sign-in whatever happens.
4. A token has one scope, ends after a year at most, and can be revoked. It never does more, nor sees more schools, than
   who made it does now.
5. A scope grants what `RIGHTS` says and nothing else. What is not granted is not there.
6. Who is removed, or whose last day passed, is out at once: sessions, tokens and links end with the account.
7. Sign-ins, links, people, tokens and shares, made, changed or revoked, are in the journal, with ids and no secrets.
8. A shared report opens without an account, shows numbers alone, and ends after 90 days at most, or with its maker's
   account or right. Each opening is journaled.
"""

from __future__ import annotations

from collector.access.accounts import (
    Person,
    change,
    everybody,
    find,
    invite,
    link_login,
    make_owner,
    owner,
    remove,
)
from collector.access.passes import (
    INVITATION_LIFE,
    LINK_LIFE,
    SESSION_IDLE,
    SESSION_LIFE,
    TOKEN_LIFE,
    TOKEN_PREFIX,
    Draw,
    Token,
    check_token,
    end_session,
    link_opens,
    make_link,
    make_token,
    redeem_link,
    revoke,
    session,
    tokens,
    utc_now,
)
from collector.access.rights import (
    OF_SCHOOLS,
    RIGHTS,
    ROLES,
    TOKEN_SCOPES,
    UNTIL_A_DAY,
    Right,
    Scope,
    Visitor,
)
from collector.access.shares import SHARE_DAYS, Share, make_share, open_share, revoke_share, shares

__all__ = [
    "INVITATION_LIFE",
    "LINK_LIFE",
    "OF_SCHOOLS",
    "RIGHTS",
    "ROLES",
    "SESSION_IDLE",
    "SESSION_LIFE",
    "SHARE_DAYS",
    "TOKEN_LIFE",
    "TOKEN_PREFIX",
    "TOKEN_SCOPES",
    "UNTIL_A_DAY",
    "Draw",
    "Person",
    "Right",
    "Scope",
    "Share",
    "Token",
    "Visitor",
    "change",
    "check_token",
    "end_session",
    "everybody",
    "find",
    "invite",
    "link_login",
    "link_opens",
    "make_link",
    "make_owner",
    "make_share",
    "make_token",
    "open_share",
    "owner",
    "redeem_link",
    "remove",
    "revoke",
    "revoke_share",
    "session",
    "shares",
    "tokens",
    "utc_now",
]
