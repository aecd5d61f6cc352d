"""Forms: read within bounds, and only from our own pages. A form is ours when browser and token both say so.

The token is an HMAC of the form's purpose under the session's secret (or the link's): it cannot be guessed, needs no
row, and dies with the session.
"""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import parse_qsl, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request

BODY_LIMIT = 4_096  # octets
FIELDS_LIMIT = 16
TOKEN_FIELD = "token"  # noqa: S105 - the name of the form's field


def token(secret: str, purpose: str) -> str:
    """The token of one form, for the holder of one secret."""
    return hmac.new(secret.encode("utf-8", "replace"), f"form:{purpose}".encode(), hashlib.sha256).hexdigest()


def holds(form_token: str, secret: str, purpose: str) -> bool:
    """Whether a form carries the token that its page was given."""
    return hmac.compare_digest(form_token.encode("utf-8", "replace"), token(secret, purpose).encode())


async def read(request: Request) -> dict[str, str]:
    """The fields of a URL-encoded form; 413 or 400 where it is too large or is no form."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_LIMIT:
            raise HTTPException(413)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(400, "This is no form of these pages.")
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=FIELDS_LIMIT))
    except ValueError:
        raise HTTPException(400, "This is no form of these pages.") from None


def same_origin(request: Request) -> bool:
    """Whether the browser says that the form came from our own pages.

    Our pages have `Referrer-Policy: no-referrer`, under which browsers send `Origin: null` with a form (Fetch, 4.3), so
    `Sec-Fetch-Site` decides where there is one; an older browser must name our origin.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    ours = origin is not None and _is_ours(origin, request.headers.get("host", ""))
    if site is None:
        return ours
    return site == "same-origin" and (ours or origin in (None, "null"))


def _is_ours(origin: str, host: str) -> bool:
    parts = urlsplit(origin)
    return parts.scheme == "https" and parts.netloc.lower() == host.lower()
