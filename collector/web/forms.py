"""What comes with a request: read within the bounds of its route, and only from our own pages or with a token.

A form is ours when browser and form token both say so. The token is an HMAC of the form's purpose under the session's
secret (or the link's): it cannot be guessed, needs no row, and dies with the session.
"""

from __future__ import annotations

import enum
import hashlib
import hmac
import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

BODY_LIMIT = 4_096  # octets
FIELDS_LIMIT = 16
FILES_LIMIT = 1
TOKEN_FIELD = "token"  # noqa: S105 - the name of the form's field
NO_FORM = "This is no form of these pages."


class Kind(enum.Enum):
    """What a body is."""

    FIELDS = "application/x-www-form-urlencoded"
    FILES = "multipart/form-data"
    JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Takes:
    """What a route takes: a body of a kind, of at most `most` octets and `fields` fields."""

    kind: Kind = Kind.FIELDS
    most: int = BODY_LIMIT
    fields: int = FIELDS_LIMIT


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form. Its name is what the browser says, and may be anything."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """What came: the fields and files of a form, or what JSON says."""

    fields: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)
    json: Any = None


def token(secret: str, purpose: str) -> str:
    """The token of one form, for the holder of one secret."""
    return hmac.new(secret.encode("utf-8", "replace"), f"form:{purpose}".encode(), hashlib.sha256).hexdigest()


def holds(form_token: str, secret: str, purpose: str) -> bool:
    """Whether a form carries the token that its page was given."""
    return hmac.compare_digest(form_token.encode("utf-8", "replace"), token(secret, purpose).encode())


async def read(request: Request, takes: Takes) -> Sent:
    """What a request brings; 413 or 400 where it is too large or is not what the route takes."""
    if takes.kind is Kind.FILES:
        return await _files(request, takes)
    body = b"".join([piece async for piece in _bounded(request, takes.most)])
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != takes.kind.value:
        raise HTTPException(400, NO_FORM if takes.kind is Kind.FIELDS else f"Send {takes.kind.value}.")
    try:
        if takes.kind is Kind.JSON:
            return Sent(json=json.loads(body))
        fields = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=takes.fields)
        return Sent(dict(fields))
    except (ValueError, RecursionError):
        raise HTTPException(400, NO_FORM if takes.kind is Kind.FIELDS else "This is no JSON.") from None


async def _bounded(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            raise HTTPException(413)
        yield piece


class _InMemory(MultiPartParser):
    """Keeps files of the size that routes take in memory: nothing that was sent comes to lie in a temporary folder."""

    spool_max_size = 64 * 2**20


async def _files(request: Request, takes: Takes) -> Sent:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != takes.kind.value:
        raise HTTPException(400, NO_FORM)
    stream = _bounded(request, takes.most)
    parser = _InMemory(
        request.headers, stream, max_files=FILES_LIMIT, max_fields=takes.fields, max_part_size=BODY_LIMIT
    )
    try:
        form = await parser.parse()
    except (MultiPartException, ValueError, KeyError):
        raise HTTPException(400, NO_FORM) from None
    fields, files = {}, {}
    try:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files[name] = Upload(value.filename or "", await value.read())
            else:
                fields[name] = value
    finally:
        await form.close()
    return Sent(fields, files)


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
