"""Coming in by an identity provider: OpenID Connect, code flow with PKCE (OpenID Core 3.1, RFC 7636).

Signatures and claims are checked by joserfc, a maintained library of RFC 7515 to 7519. What stays here are two requests
and what waits between them, which lies in the store and not with the browser. These hold:

1. What comes back is taken once, within ten minutes, from the browser that went, and with nonce and verifier of then.
2. An ID token is signed by a key of the issuer with RS256, PS256 or ES256, is for this client, and stands now.
3. Who somebody is: of Entra ID tenant and object (`tid`, `oid`) in an allowed tenant, of Google `sub` in an allowed
   domain (`hd`). Never an e-mail address, which people change and administrators give again.
4. Nobody gets an account by this: the owner links a login to one.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from collector.access.passes import Draw, begin_session, is_here, secret_hash
from collector.errors import CollectorError
from collector.store import Store, people
from collector.store.people import Departure, Transaction

AWAY = timedelta(minutes=10)
ALGORITHMS = ["RS256", "PS256", "ES256"]
LEEWAY_SECONDS = 60  # for which clocks may differ
ANSWER_LIMIT = 262_144  # octets of one answer of the issuer
MOST_AWAY = 10_000  # people who are awaited at once
KEYS_SECONDS = 3600.0  # for which keys and addresses of the issuer are kept
ENTRA, GOOGLE = "entra", "google"

Client = Callable[[], httpx.Client]


class Refused(CollectorError):
    """The identity provider's answer does not let anybody in; the text says why, without a secret."""


class Unknown(CollectorError):
    """Somebody proved who they are, and has no account: `subject` is what the owner links to one."""

    def __init__(self, subject: str) -> None:
        super().__init__("you are known to the identity provider, and have no account here yet")
        self.subject = subject


@dataclass(frozen=True, slots=True)
class Settings:
    """A client at an issuer. `allowed`: tenants of Entra ID, or domains of Google, whose people may come in."""

    kind: str
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    allowed: tuple[str, ...]
    redirect: str


@dataclass(frozen=True, slots=True)
class _Issuer:
    """What the issuer says of itself, and its keys."""

    authorise: str
    token: str
    keys: KeySet
    read: float


def plain_client() -> httpx.Client:
    """Requests to the issuer: they follow no redirect and wait for ten seconds at most."""
    return httpx.Client(timeout=10.0, follow_redirects=False)


class Provider:
    """An identity provider by which people come in. Keeps what the issuer says of itself for an hour."""

    def __init__(
        self, settings: Settings, client: Client = plain_client, clock: Callable[[], float] = time.monotonic
    ) -> None:
        _require_secure(settings.issuer)
        self.settings = settings
        self._client = client
        self._clock = clock
        self._issuer: _Issuer | None = None

    @property
    def name(self) -> str:
        """What people know it as."""
        return "Microsoft" if self.settings.kind == ENTRA else "Google"

    def go(self, store: Store, trust_id: str, now: datetime, *, draw: Draw = secrets.token_urlsafe) -> tuple[str, str]:
        """Where to send the browser, and the state that it keeps until it comes back."""
        state, nonce, verifier = draw(32), draw(24), draw(48)
        issuer = self._known(fresh=False)
        waiting = Departure(nonce, verifier, now + AWAY)

        def work(connection: Transaction) -> None:
            if people.awaited(connection, trust_id, now) >= MOST_AWAY:
                raise Refused("too many people are signing in: try again in ten minutes")
            people.depart(connection, trust_id, secret_hash(state), waiting, now)

        store.write(work)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code", "client_id": self.settings.client_id, "redirect_uri": self.settings.redirect,
            "scope": "openid", "state": state, "nonce": nonce, "code_challenge": challenge,
            "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{issuer.authorise}?{urlencode(asked)}", state

    def come_back(
        self, store: Store, trust_id: str, state: str, kept: str, code: str, now: datetime, *,
        draw: Draw = secrets.token_urlsafe,
    ) -> str:  # fmt: skip
        """The secret of a new session for who came back. Refused, Unknown."""
        if not state or not secrets.compare_digest(state.encode(), kept.encode()):
            raise Refused("this sign-in did not begin in this browser: begin again")
        waiting = store.write(lambda connection: people.come_back(connection, trust_id, secret_hash(state), now))
        if waiting is None:
            raise Refused("this sign-in took too long, or was finished before: begin again")
        if not code:
            raise Refused("the identity provider did not let you in")
        claims = self._claims(code, waiting, now)
        subject = subject_of(self.settings, claims)
        secret = draw(32)

        def work(connection: Transaction) -> str | None:
            account_id = people.account_of(connection, trust_id, self.settings.issuer, subject)
            known = people.account(connection, trust_id, account_id) if account_id else None
            if known is None or not is_here(known, now):
                return None
            begin_session(connection, trust_id, known, secret, {"by": self.settings.kind}, now)
            return secret

        session = store.write(work)
        if session is None:
            raise Unknown(subject)
        return session

    def _claims(self, code: str, waiting: Departure, now: datetime) -> Mapping[str, Any]:
        """What the ID token says that the issuer gives for a code."""
        token = self._redeem(code, waiting.verifier)
        try:
            found = self._verified(token, fresh=False)
        except (JoseError, ValueError):  # the issuer may have new keys
            try:
                found = self._verified(token, fresh=True)
            except (JoseError, ValueError):
                raise Refused("the identity provider's answer is not signed by it") from None
        self._check(found, waiting.nonce, now)
        return found

    def _verified(self, token: str, *, fresh: bool) -> Mapping[str, Any]:
        claims: Mapping[str, Any] = jwt.decode(token, self._known(fresh=fresh).keys, algorithms=ALGORITHMS).claims
        return claims

    def _check(self, claims: Mapping[str, Any], nonce: str, now: datetime) -> None:
        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(now.timestamp()), leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.settings.issuer},
            aud={"essential": True, "value": self.settings.client_id},
            exp={"essential": True}, iat={"essential": True}, sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )  # fmt: skip
        try:
            registry.validate(dict(claims))
        except (JoseError, ValueError, TypeError) as error:
            what = getattr(error, "claim", "") or type(error).__name__
            raise Refused(f"the identity provider's answer does not hold: {what}") from None
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1:
            raise Refused("the identity provider's answer is for others, too")

    # -------------------------------------------------------------------------------------------- requests

    def _redeem(self, code: str, verifier: str) -> str:
        sent = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.settings.redirect,
            "client_id": self.settings.client_id, "client_secret": self.settings.secret, "code_verifier": verifier,
        }  # fmt: skip
        told = self._ask("POST", self._known(fresh=False).token, data=sent)
        token = told.get("id_token")
        if not isinstance(token, str):
            raise Refused("the identity provider did not say who you are")
        return token

    def _known(self, *, fresh: bool) -> _Issuer:
        kept = self._issuer
        if kept is not None and not fresh and self._clock() - kept.read < KEYS_SECONDS:
            return kept
        told = self._ask("GET", f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
        where = [str(told.get(name, "")) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        if told.get("issuer") != self.settings.issuer:
            raise Refused("the issuer calls itself otherwise than the configuration does")
        for address in where:
            _require_secure(address)
        try:
            keys = KeySet.import_key_set(self._ask("GET", where[2]))  # type: ignore[arg-type]  # checked by it
        except (JoseError, ValueError, KeyError, TypeError):
            raise Refused("the identity provider shows no keys") from None
        self._issuer = _Issuer(where[0], where[1], keys, self._clock())
        return self._issuer

    def _ask(self, method: str, address: str, **sent: Any) -> dict[str, Any]:
        try:
            with self._client() as client, client.stream(method, address, **sent) as answer:
                body = b""
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > ANSWER_LIMIT:
                        raise Refused("the identity provider says too much")
                told = httpx.Response(answer.status_code, content=body).json() if answer.status_code == 200 else None
        except (httpx.HTTPError, ValueError):
            raise Refused("the identity provider does not answer: try again, or come in by a link") from None
        if not isinstance(told, dict):
            raise Refused("the identity provider refuses this sign-in: begin again")
        return told


def subject_of(settings: Settings, claims: Mapping[str, Any]) -> str:
    """What names somebody for ever at the provider; Refused for who is of another tenant or domain."""
    if settings.kind == ENTRA:
        place, person = claims.get("tid"), claims.get("oid")
    else:
        place, person = claims.get("hd"), claims.get("sub")
    if not isinstance(place, str) or place not in settings.allowed:
        raise Refused("you are signed in with an account of another organisation")
    if not isinstance(person, str) or not person.isascii() or not 0 < len(person) <= 128 or "/" in person:
        raise Refused("the identity provider did not say who you are")
    return f"{place}/{person}"


def _require_secure(address: str) -> None:
    """HTTPS, but for this machine itself."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")):
        raise Refused(f"{parts.hostname or 'the issuer'} is to be reached by https")
