"""A small OpenID Connect issuer on the loopback: it signs with a real key, and lies on request."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET, REDIRECT = "stocktake-client", "a secret of the client", "https://stocktake.test/oidc/back"
TENANT = "9d0c0f4e-0001-4000-8000-000000000001"
OBJECT = "77aa0000-0002-4000-8000-000000000002"


@cache
def key(number: int) -> RSAKey:
    """A real key, made once for all tests; all of them call themselves the same."""
    del number
    return RSAKey.generate_key(2048, {"kid": "one"}, auto_kid=False)


@dataclass
class Issuer:
    """`lie` changes the claims of the next tokens; `unsigned` and `foreign_key` how they are signed."""

    now: int
    lie: dict[str, Any] = field(default_factory=dict)
    unsigned: bool = False
    symmetric: bool = False
    foreign_key: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.key = key(0)
        issuer = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/keys":
                    self.say(KeySet([issuer.key]).as_dict(private=False))
                else:
                    at = issuer.address
                    self.say({"issuer": at, "authorization_endpoint": f"{at}/go", "token_endpoint": f"{at}/token",
                              "jwks_uri": f"{at}/keys"})  # fmt: skip

            def do_POST(self) -> None:
                sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                told = issuer.redeem({name: values[0] for name, values in sent.items()})
                self.say(told, 200 if "id_token" in told else 400)

            def say(self, value: object, status: int = 200) -> None:
                body = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
                del format, args

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def visit(self, address: str) -> tuple[str, str]:
        """A person signs in at the address that the browser was sent to; what comes back: code and state."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.address}/go?")
        assert (asked["client_id"], asked["redirect_uri"]) == (CLIENT, REDIRECT)
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return code, asked["state"]

    def redeem(self, sent: dict[str, str]) -> dict[str, object]:
        asked = self.codes.get(sent.get("code", ""))
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or sent["code"] in self.used or proof != asked["code_challenge"]:
            return {"error": "invalid_grant"}
        if (sent["client_id"], sent["client_secret"], sent["redirect_uri"]) != (CLIENT, SECRET, REDIRECT):
            return {"error": "invalid_client"}
        self.used.add(sent["code"])
        claims = {
            "iss": self.address, "aud": CLIENT, "sub": "pairwise", "tid": TENANT, "oid": OBJECT, "iat": self.now,
            "exp": self.now + 600, "nonce": asked["nonce"], "email": "head@elm.example", "hd": "elm.example",
        } | self.lie  # fmt: skip
        return {"id_token": self.signed({name: value for name, value in claims.items() if value is not None})}

    def signed(self, claims: dict[str, Any]) -> str:
        if self.unsigned:
            parts = [{"alg": "none"}, claims]
            return ".".join(
                [*(base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts), ""]
            )
        if self.symmetric:  # with the public key as the secret, as in the attack of old
            import hmac  # noqa: PLC0415 - for this attack alone

            parts = [{"alg": "HS256", "kid": "one"}, claims]
            told = ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts)
            mac = hmac.new(self.key.as_pem(private=False), told.encode(), hashlib.sha256).digest()
            return f"{told}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key(1) if self.foreign_key else self.key)
