"""The kinds of values that settings have: numbers, spans of time, sizes, networks, MACs, paths, choices, lists.

A kind reads what TOML gave and says in words what it expects. It does not know which setting it serves, nor the file.
"""

from __future__ import annotations

import difflib
import ipaddress
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from stocktake.values import Secret


class Unfit(ValueError):
    """A value that will not do: the text says why, not where. `item` is the item of a list, `instead` what to write."""

    def __init__(self, why: str, item: object = None, instead: str = "") -> None:
        super().__init__(why)
        self.item = item
        self.instead = instead


@dataclass(frozen=True, slots=True)
class Kind:
    """What may stand as a value: `read` turns TOML into the value or raises `Unfit`, `expects` says it in words."""

    read: Callable[[Any], Any]
    expects: str
    example: str


def _of_type(wanted: type | tuple[type, ...], name: str, value: Any) -> Any:
    if isinstance(value, bool) is not (wanted is bool) or not isinstance(value, wanted):
        raise Unfit(f"{shown(value)} is not {name}", value)
    return value


def text(
    expects: str = "a text on one line, in quotes", pattern: str = r"[^\x00-\x1f\x7f]*", example: str = '"text"'
) -> Kind:
    """A text without control characters that matches the whole of `pattern`."""

    def read(value: Any) -> str:
        found: str = _of_type(str, "a text in quotes", value)
        if not re.fullmatch(pattern, found):
            raise Unfit(f"{shown(found)} is not {expects}", found)
        return found

    return Kind(read, expects, example)


def secret(low: int, high: int) -> Kind:
    """A text of a bounded length that no message ever shows; read as a Secret."""

    def read(value: Any) -> Secret:
        if not isinstance(value, str):
            raise Unfit("this is not a text in quotes")
        if not low <= len(value) <= high or not value.isprintable():
            raise Unfit(f"these {len(value)} characters are too few, too many, or not all printable")
        return Secret(value)

    return Kind(read, f"a text in quotes with {low} to {high} characters", '"' + "…" * low + '"')


def flag() -> Kind:
    """True or false."""
    return Kind(lambda value: _of_type(bool, "true or false", value), "true or false", "true")


def whole_number(low: int, high: int) -> Kind:
    """A whole number between two bounds, both included."""

    def read(value: Any) -> int:
        found: int = _of_type(int, "a whole number", value)
        if not low <= found <= high:
            raise Unfit(f"{found} is out of bounds", found)
        return found

    return Kind(read, f"a whole number from {low} to {high}", str(low))


_SPANS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def duration(low: timedelta, high: timedelta) -> Kind:
    """A span of time such as "90s", "15m", "6h" or "2d", between two bounds."""
    bounds = f"from {span_text(low)} to {span_text(high)}"

    def read(value: Any) -> timedelta:
        match = re.fullmatch(r"(\d{1,9}) *([smhd])", _of_type(str, "a span of time", value))
        if not match:
            raise Unfit(f"{shown(value)} is not a span of time", value)
        found = timedelta(seconds=int(match[1]) * _SPANS[match[2]])
        if not low <= found <= high:
            raise Unfit(f"{shown(value)} is out of bounds", value)
        return found

    return Kind(read, f'a span of time {bounds}, such as "90s", "15m", "6h" or "2d"', f'"{span_text(low)}"')


def span_text(span: timedelta) -> str:
    """The shortest exact form that `duration` reads, for example `6h`."""
    seconds = int(span.total_seconds())
    unit = next(unit for unit in ("d", "h", "m", "s") if seconds % _SPANS[unit] == 0)
    return f"{seconds // _SPANS[unit]}{unit}"


_SIZES = {"kB": 10**3, "MB": 10**6, "GB": 10**9}


def size(low: int, high: int) -> Kind:
    """A size in bytes such as "64MB", between two bounds in bytes."""

    def read(value: Any) -> int:
        match = re.fullmatch(r"(\d{1,9}) *(kB|MB|GB)", _of_type(str, "a size", value))
        if not match:
            raise Unfit(f"{shown(value)} is not a size", value)
        found = int(match[1]) * _SIZES[match[2]]
        if not low <= found <= high:
            raise Unfit(f"{shown(value)} is out of bounds", value)
        return found

    return Kind(read, f'a size from {size_text(low)} to {size_text(high)}, such as "64MB"', f'"{size_text(low)}"')


def size_text(count: int) -> str:
    """The form that `size` reads, for example `64MB`; `count` is a multiple of a kilobyte."""
    unit = next((unit for unit in ("GB", "MB") if count % _SIZES[unit] == 0), "kB")
    return f"{count // _SIZES[unit]}{unit}"


def network() -> Kind:
    """A network in CIDR form; canonical text. A single address is a network of one."""

    def read(value: Any) -> str:
        found = _of_type(str, "a network in quotes", value)
        try:
            return str(ipaddress.ip_network(found))
        except ValueError:
            raise Unfit(f"{shown(found)} is not a network", found, _network_instead(found)) from None

    return Kind(read, 'a network such as "10.1.0.0/22"', '"10.1.0.0/22"')


def _network_instead(found: str) -> str:
    try:
        return shown(str(ipaddress.ip_network(found, strict=False)))
    except ValueError:
        return ""


def mac_prefix() -> Kind:
    """A MAC, or its first three to five octets (a maker); lower case with colons."""

    def read(value: Any) -> str:
        found = _of_type(str, "a MAC in quotes", value).lower().replace("-", ":")
        if not re.fullmatch(r"[0-9a-f]{2}(:[0-9a-f]{2}){2,5}", found):
            raise Unfit(f"{shown(value)} is not a MAC", value)
        return str(found)

    return Kind(read, 'a MAC, or the first octets of a maker\'s MACs, such as "00:80:77"', '"00:80:77"')


def path() -> Kind:
    """An absolute path."""

    def read(value: Any) -> Path:
        found = Path(_of_type(str, "a path in quotes", value))
        if not found.is_absolute():
            raise Unfit(f"{shown(value)} does not start at the root", value)
        return found

    return Kind(read, 'a full path such as "/var/lib/stocktake"', '"/var/lib/stocktake"')


def endpoint(default_port: int) -> Kind:
    """A host with a port, read as `host:port`; IPv6 addresses stand in brackets."""
    shape = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(?::(\d{1,5}))?")

    def read(value: Any) -> str:
        match = shape.fullmatch(_of_type(str, "an address in quotes", value))
        port = int(match[2] or default_port) if match else 0
        if not match or not 0 < port < 65536:
            raise Unfit(f"{shown(value)} is not host:port", value)
        return f"{match[1]}:{port}"

    return Kind(read, f'a host with its port, such as "stocktake.example.org:{default_port}"', f'"host:{default_port}"')


def choice(*options: str) -> Kind:
    """One of a few words."""

    def read(value: Any) -> str:
        found = _of_type(str, "a text in quotes", value)
        if found not in options:
            close = difflib.get_close_matches(found, options, 1, 0.5)
            raise Unfit(f"{shown(found)} is not one of them", found, shown(close[0]) if close else "")
        return str(found)

    return Kind(read, "one of " + ", ".join(shown(option) for option in options), shown(options[0]))


def many(kind: Kind, most: int = 1000) -> Kind:
    """A list of at most `most` values of one kind, read as a tuple."""

    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Unfit(f"{shown(value)} is not a list", value, f"[{shown(value)}]")
        if len(value) > most:
            raise Unfit(f"{len(value)} values are too many, {most} is the most")
        return tuple(_item(kind, item) for item in value)

    return Kind(read, f"a list in brackets, each item {kind.expects}", f"[{kind.example}]")


def _item(kind: Kind, item: object) -> Any:
    try:
        return kind.read(item)
    except Unfit as unfit:
        raise Unfit(str(unfit), item, unfit.instead) from None


def shown(value: object) -> str:
    """The value as TOML would have it, on one line, short, with everything unusual escaped."""
    shown = json.dumps(value, default=str)
    return shown if len(shown) <= 60 else shown[:57] + "..."
