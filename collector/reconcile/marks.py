"""What tells things apart, in the form in which it is compared; and how a wrong one may have come about. Pure.

A serial number matches where its letters and digits are the same. All else is likeness: a letter for a digit, one
stroke of the keyboard, what a spreadsheet made of it. Likeness is named and never matches.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from collector.facts import identifier_text, mac, text

SHORT = 6  # a serial number with fewer letters and digits tells little by itself
LEAST = 5  # letters and digits that likeness is looked for in
_LEAD_IN = re.compile(
    r"^\s*(?:s\s?/\s?n|sn|serial(?:\s?(?:no|num|number))?|service\s?tag|asset(?:\s?(?:tag|no|number))?|tag)\s*[.:#=\s]+",
    re.IGNORECASE,
)
_LOOKS = str.maketrans("OQILSBZ", "0011582")
_LOOKS_WORDS = {"O": "O for 0", "Q": "Q for 0", "I": "I for 1", "L": "L for 1", "S": "S for 5", "B": "B for 8",
                "Z": "Z for 2"}  # fmt: skip
_POWER = re.compile(r"(\d)(?:\.(\d+))?E\+?(\d+)", re.IGNORECASE)


def normal(raw: object) -> str:
    """A serial number or tag as its letters and digits in upper case, without a lead-in as `S/N`; "" for a dummy."""
    said = _LEAD_IN.sub("", text(str(raw), 128))
    return "".join(c for c in identifier_text(said).upper() if c.isalnum() and c.isascii())[:64]


def name(raw: object) -> str:
    """A device's name without its domain, in lower case."""
    return text(str(raw), 128).partition(".")[0].strip().casefold()


def of(values: Mapping[str, object]) -> dict[str, str]:
    """The marks that some fields say, in normal form, by field; empty ones are left out."""
    said = {
        "serial": normal(values.get("serial") or ""), "asset_tag": normal(values.get("asset_tag") or ""),
        "mac": mac(str(values.get("mac") or "")), "local_name": name(values.get("local_name") or ""),
    }  # fmt: skip
    return {kind: value for kind, value in said.items() if value}


def looks(serial: str) -> str:
    """A serial number with letters and digits that look alike written as one."""
    return serial.translate(_LOOKS)


def likeness(written: str, true: str) -> str:
    """How one serial number may have become another, in words; "" where they are not alike. Both in normal form."""
    if written == true or min(len(written), len(true)) < LEAST:
        return ""
    if looks(written) == looks(true):
        swaps = {_confused(a, b) for a, b in zip(written, true, strict=True) if a != b}
        return f"reads alike: {', '.join(sorted(swaps))}"
    if written.isdigit() and true.isdigit() and true.lstrip("0") == written.lstrip("0"):
        return "its leading zeros are lost"
    if written.isdigit() and true.isdigit() and _rounded(written, true):
        return "its last digits are lost, as in a spreadsheet"
    return _stroke(written, true)


def _confused(written: str, true: str) -> str:
    if written in _LOOKS_WORDS:
        return _LOOKS_WORDS[written]
    return f"{written} for {true}"


def _rounded(written: str, true: str) -> bool:
    """Whether digits are those of another number as far as they are not 0 at the end."""
    kept = len(written.rstrip("0"))
    return len(written) == len(true) and len(written) - kept >= 3 and kept >= 3 and _round(true, kept) == written[:kept]


def _round(digits: str, kept: int) -> str:
    whole = int(digits[: kept + 1]) + 5
    return str(whole // 10).zfill(kept)


def _stroke(written: str, true: str) -> str:
    """One stroke of the keyboard: a character other, missing, too many, or two that changed places."""
    start = next((at for at, (a, b) in enumerate(zip(written, true, strict=False)) if a != b), None)
    if start is None:
        start = min(len(written), len(true))
    a, b = written[start:], true[start:]
    if len(a) == len(b):
        if a[1:] == b[1:]:
            return f"one character is other: {a[0]} for {b[0]}"
        if a[:2] == b[:2][::-1] and a[2:] == b[2:]:
            return f"two characters changed places: {a[:2]} for {b[:2]}"
    if a == b[1:]:
        return f"one character is missing: {b[0]}"
    return f"one character is too many: {a[0]}" if a[1:] == b else ""


def spoilt(raw: object, serial: str) -> bool:
    """Whether a spreadsheet may have made this cell of a serial number: 2E+123456, 1.23457E+13, fewer digits."""
    said = str(raw).strip().upper()
    if match := _POWER.fullmatch(said):
        digits, power = match[1] + (match[2] or ""), int(match[3])
        typed = f"{match[1]}{match[2] or ''}E{match[3]}"
        if serial == typed or serial.lstrip("0") == typed.lstrip("0"):
            return True
        return serial.isdigit() and len(serial) == power + 1 and _round(f"{serial}0", len(digits)) == digits
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        digits = f"{raw:.0f}"
        return serial.isdigit() and len(serial) == len(digits) and digits[:14] == serial[:14]
    return False


class Near:
    """Finds serial numbers that are alike, for a few that were not found among many: each costs its length."""

    def __init__(self, wanted: Iterable[str]) -> None:
        """Take the serial numbers, in normal form, for which likes are looked for."""
        self._keys: dict[str, set[str]] = defaultdict(set)
        for serial in wanted:
            if len(serial) >= LEAST:
                for key in _keys(serial):
                    self._keys[key].add(serial)

    def of(self, true: str) -> set[str]:
        """Those that may have become of this one."""
        if len(true) < LEAST:
            return set()
        found = {serial for key in _keys(true) for serial in self._keys.get(key, ())}
        return {serial for serial in found if likeness(serial, true)}


def _keys(serial: str) -> set[str]:
    """What two serial numbers share where they are alike: themselves with one character left out, and so on."""
    keys = {serial, f"l{looks(serial)}"}
    keys |= {serial[:at] + serial[at + 1 :] for at in range(len(serial))}
    if serial.isdigit():
        keys |= {f"z{serial.lstrip('0')}", f"r{len(serial)}:{serial[:3]}"}
    return keys
