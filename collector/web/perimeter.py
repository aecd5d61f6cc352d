"""Before and after everything: the name we were called by, the size of what comes, and the headers of what goes.

It knows no route, and asks how large a body may be. A request for a host that is not ours is refused before anything
looks at it (DNS rebinding); every answer, errors included, leaves with the security headers.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT = 65_536  # octets that anybody may announce; forms are held to less, and few routes take more
TARGET_LIMIT = 4_096  # octets of path and query
HEALTH = "/healthz"  # probes call by address; it says nothing but ok

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
TRANSPORT_SECURITY = "max-age=31536000"  # a year
PRIVATE = "no-store"


class Perimeter:
    """An ASGI application around another. `body_limit`: how many octets may be announced for what is asked."""

    def __init__(
        self, app: ASGIApp, allowed_hosts: Iterable[str], body_limit: Callable[[Scope], int] = lambda _scope: BODY_LIMIT
    ) -> None:
        self._app = app
        self._body_limit = body_limit
        self._hosts = frozenset(host.lower().strip("[]") for host in allowed_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        host = bare_host(headers.get("host", ""))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                add_headers(MutableHeaders(scope=message), host)
            await send(message)

        await (refusal or self._app)(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope, headers: Headers) -> ASGIApp | None:
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > TARGET_LIMIT:
            return PlainTextResponse("This address is too long.\n", 414)
        announced = headers.get("content-length", "0")
        a_number = announced.isascii() and announced.isdigit() and len(announced) < 10
        if not a_number or int(announced) > self._body_limit(scope):
            return PlainTextResponse("This request is too large.\n", 413)
        if scope["path"] == HEALTH:
            return None
        hosts = headers.getlist("host")
        if len(hosts) != 1 or bare_host(hosts[0]) not in self._hosts:
            return PlainTextResponse("Stocktake is not known under this name; see allowed_hosts.\n", 400)
        return None


def bare_host(host: str) -> str:
    """A Host header in lower case, without its port and without the brackets of an IPv6 address."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


def add_headers(headers: MutableHeaders, host: str) -> None:
    """Put the security headers on an answer; what a page set itself stays."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", PRIVATE)
    if _has_a_name(host):
        headers.setdefault("Strict-Transport-Security", TRANSPORT_SECURITY)


def _has_a_name(host: str) -> bool:
    """Whether HTTPS may be demanded for the host: never for addresses and localhost, which other programs use, too."""
    if not host or host == "localhost":
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return True
    return False
