"""The description of the REST interface (OpenAPI 3.1), made from the types that its answers are written from. Pure.

An operation names its query and the dataclass of its answer; what `jsonable` makes of a value, `schema_of` says of its
type, so the two cannot part.
"""

from __future__ import annotations

import dataclasses
import enum
import math
import re
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from collector.age import EARLIEST, LATEST

OPEN = (EARLIEST, LATEST)  # ends of spans that nothing bounds
Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
_PLAIN: Mapping[object, Schema] = {
    str: TEXT, int: {"type": "integer"}, float: {"type": ["number", "null"]}, bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"}, date: {"type": ["string", "null"], "format": "date"},
    Any: {},
}  # fmt: skip
_PARAMETER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Query:
    """A parameter of the query, with what it means and what it may be."""

    name: str
    means: str
    schema: Mapping[str, Any] = dataclasses.field(default_factory=lambda: TEXT)


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked: a sentence, its query, the type of its answer, and of the body that it takes."""

    says: str
    answer: type
    query: tuple[Query, ...] = ()
    body: Mapping[str, Any] | None = None


def jsonable(value: Any) -> Any:
    """A value as JSON has it: times in UTC, names of enums as words, an open end of a span as null."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return None if value in OPEN else value.isoformat()
    if isinstance(value, enum.Enum):
        return _word(value)
    if isinstance(value, Mapping):
        return {name: jsonable(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [jsonable(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None  # JSON has no word for it
    if dataclasses.is_dataclass(value):
        return {field.name: jsonable(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value


def schema_of(kind: Any, named: dict[str, Schema]) -> Schema:
    """What `jsonable` makes of values of a type; the dataclasses that it meets are added to `named`."""
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return _union(arguments, named)
    if origin is tuple and arguments[-1:] != (...,):
        items = [schema_of(item, named) for item in arguments]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
    if origin in (tuple, list):
        return {"type": "array", "items": schema_of(arguments[0], named)}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of(arguments[1], named)}
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return {"type": "string", "enum": [_word(one) for one in kind]}
    return _object(kind, named)


def _union(kinds: Iterable[Any], named: dict[str, Schema]) -> Schema:
    found = [{"type": "null"} if kind is types.NoneType else schema_of(kind, named) for kind in kinds]
    return {"anyOf": [one for number, one in enumerate(found) if one not in found[:number]]}


def _object(kind: Any, named: dict[str, Schema]) -> Schema:
    if kind.__name__ not in named:
        named[kind.__name__] = {}  # a type may hold itself
        hints = typing.get_type_hints(kind)
        properties = {field.name: schema_of(hints[field.name], named) for field in dataclasses.fields(kind)}
        named[kind.__name__] = {
            "type": "object", "description": " ".join((kind.__doc__ or "").split("\n\n")[0].split()),
            "properties": properties, "required": list(properties),
        }  # fmt: skip
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def _word(value: enum.Enum) -> str:
    return value.name.lower().replace("_", " ")


# ------------------------------------------------------------------------------------------------ the document


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer, in a sentence."""

    error: str


REFUSALS = {
    "400": "What was asked for is not understood: the sentence says what and why.",
    "401": "No token, or one that does not hold.",
    "403": "The request came from a page of somebody else.",
    "404": "It is not there, or not for whoever asks.",
    "413": "The body is too large.",
}


def document(operations: Mapping[tuple[str, str], Operation], *, version: str) -> dict[str, Any]:
    """The whole description, of operations by method and path."""
    named: dict[str, Schema] = {}
    failure = {"application/json": {"schema": schema_of(Failure, named)}}
    refusals = {code: {"description": why, "content": failure} for code, why in REFUSALS.items()}
    paths: dict[str, Any] = {}
    for (method, path), operation in operations.items():
        paths.setdefault(path, {})[method.lower()] = _described(path, operation, refusals, named)
    bearer = {"type": "http", "scheme": "bearer", "description": "stocktake-collector api-token NAME"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Stocktake", "version": version, "description": "The register of a trust, for programs."},
        "security": [{"token": []}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(named.items())), "securitySchemes": {"token": bearer}},
    }


def _described(path: str, operation: Operation, refusals: Schema, named: dict[str, Schema]) -> Schema:
    there = [{"name": n, "in": "path", "required": True, "schema": TEXT} for n in _PARAMETER.findall(path)]
    asked = [{"name": q.name, "in": "query", "description": q.means, "schema": q.schema} for q in operation.query]
    answer = {"application/json": {"schema": schema_of(operation.answer, named)}}
    etag = {"ETag": {"description": "Names this answer; send it as If-None-Match.", "schema": TEXT}}
    good = {"description": operation.says, "headers": etag, "content": answer}
    told: Schema = {
        "summary": operation.says, "parameters": [*there, *asked],
        "responses": {"200": good, "304": {"description": "As it was under this ETag."}, **refusals},
    }  # fmt: skip
    if operation.body is not None:
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": operation.body}}}
    return told
