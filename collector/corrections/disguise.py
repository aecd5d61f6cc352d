"""Recorded walks without what tells whose they are: made-up values of the same form in place of the real ones. Pure.

The same value becomes the same made-up value wherever it stands: in values, inside longer texts, and in the indexes of
tables (a forwarding table has a MAC in every OID). What tells the product stays: of a MAC the maker's half, of a serial
number the first half, which says where and when it was made. This module knows where SNMP keeps names of people and
places, and not what a device is.

1. A made-up text has the length of the real one: letters for letters, digits for digits.
2. What is made up depends on a salt that nobody keeps, so nobody can find the real value by trying.
3. Addresses that are everybody's stay: 0.0.0.0, loopback, link-local, multicast, masks.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from stocktake import ber
from stocktake.values import Binding

LETTERS, DIGITS, HEX_LETTERS = "abcdefghjkmnpqrstuvwxyz", "0123456789", "abcdef"
LEAST = 4  # characters of a text that is looked for inside others
LEAST_NUMBER = 6  # digits of a number that is
MOST_TRIES = 100  # for a value that nothing else became
INDEX_FROM = 9  # arcs of an OID that name the object: what is behind may be an index
#: objects whose whole value is a name that somebody gave, a place, or a person
TOLD_BY_PEOPLE = (
    "1.3.6.1.2.1.1.4.", "1.3.6.1.2.1.1.5.", "1.3.6.1.2.1.1.6.",  # sysContact, sysName, sysLocation
    "1.3.6.1.2.1.31.1.1.1.18.",  # ifAlias
    "1.3.6.1.2.1.47.1.1.1.1.14.", "1.3.6.1.2.1.47.1.1.1.1.15.",  # entPhysicalAlias, entPhysicalAssetID
    "1.3.6.1.2.1.17.7.1.4.3.1.1.",  # dot1qVlanStaticName
    "1.3.6.1.2.1.43.5.1.1.4.", "1.3.6.1.2.1.43.5.1.1.5.", "1.3.6.1.2.1.43.5.1.1.16.",  # prtGeneral…: who, name
    "1.3.6.1.2.1.33.1.1.5.", "1.3.6.1.2.1.33.1.1.6.",  # upsIdentName, upsIdentAttachedDevices
    "1.0.8802.1.1.2.1.3.3.", "1.0.8802.1.1.2.1.3.7.1.4.",  # lldpLocSysName, lldpLocPortDesc
    "1.0.8802.1.1.2.1.4.1.1.8.", "1.0.8802.1.1.2.1.4.1.1.9.",  # lldpRemPortDesc, lldpRemSysName
    "1.3.6.1.4.1.9.9.23.1.2.1.1.6.", "1.3.6.1.4.1.9.9.23.1.2.1.1.17.",  # cdpCacheDeviceId, cdpCacheSysName
)  # fmt: skip
ENGINE = "1.3.6.1.6.3.10.2.1.1.0"  # snmpEngineID: the maker's number in 4 octets, the kind in one, then the engine
#: tables whose index is a MAC at the end, and those whose index is an IPv4 address at the end
MAC_INDEXED = ("1.3.6.1.2.1.17.4.3.1.", "1.3.6.1.2.1.17.7.1.2.2.1.", "1.3.6.1.2.1.17.7.1.2.3.1.")
ADDRESS_INDEXED = ("1.3.6.1.2.1.3.1.1.", "1.3.6.1.2.1.4.20.1.", "1.3.6.1.2.1.4.22.1.", "1.3.6.1.2.1.4.35.1.",
                   "1.3.6.1.2.1.4.34.1.", "1.0.8802.1.1.2.1.4.2.1.", "1.0.8802.1.1.2.1.3.8.1.")  # fmt: skip
MAC_TEXT = re.compile(r"(?<![0-9A-Fa-f:.-])(?:[0-9A-Fa-f]{2}([:\- ])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}"
                      r"|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})(?![0-9A-Fa-f:.-])")  # fmt: skip
BARE_MAC = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{12}(?![0-9A-Fa-f])")
ADDRESS_TEXT = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
NUMBERS = frozenset({ber.INTEGER, ber.GAUGE32, ber.COUNTER32, ber.COUNTER64, ber.UINTEGER32})

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Known:
    """What is to be disguised beyond what its form tells.

    `names` go wherever they stand, whole; of `serials` the second half goes. `places`: objects that hold some of them,
    where even short ones go. `kept` are words that tell the product (maker, model, firmware): they stay, even where a
    device is named so, as it comes from its factory.
    """

    names: frozenset[str] = frozenset()
    serials: frozenset[str] = frozenset()
    places: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    kept: frozenset[str] = frozenset()


@dataclass
class Disguise:
    """Makes up values, the same for the same. Make it with the salt, then `walk`."""

    salt: bytes = field(repr=False)
    known: Known = field(default_factory=Known)
    _made: dict[str, str] = field(default_factory=dict, repr=False)
    _macs: dict[bytes, bytes] = field(default_factory=dict, repr=False)
    _addresses: dict[bytes, bytes] = field(default_factory=dict, repr=False)
    _taken: set[bytes | str] = field(default_factory=set, repr=False)

    def walk(self, bindings: Iterable[Binding]) -> tuple[Binding, ...]:
        """The bindings in disguise, in the order of their new OIDs."""
        listed = list(bindings)
        for binding in listed:
            self._learn(binding)
        look_for = _Texts(self, self._texts(listed))
        arcs = _Arcs(self, look_for)
        made = [Binding(arcs.disguised(b.oid), b.tag, self._value(b, look_for)) for b in listed]
        return tuple(sorted(made, key=lambda binding: ber.oid_key(binding.oid)))

    # -------------------------------------------------------------------------------------------- making up

    def name(self, real: str) -> str:
        """A made-up text of the same form."""
        return self._made_up(real, 0)

    def serial(self, real: str) -> str:
        """A made-up serial number: the first half stays."""
        return self._made_up(real, len(real) // 2)

    def mac(self, real: bytes) -> bytes:
        """A made-up MAC of the same maker."""
        if real not in self._macs:
            draws = (real[:3] + self._stream(f"mac {count}", real.hex())[:3] for count in range(MOST_TRIES))
            self._macs[real] = self._free(draws, real, real[:3] + bytes(3))
        return self._macs[real]

    def address(self, real: bytes) -> bytes:
        """A made-up address: in 10.0.0.0/8, or in 2001:db8::/64 (RFC 3849); what is everybody's stays."""
        if not _is_ones_own(real):
            return real
        if real not in self._addresses:
            head = b"\x0a" if len(real) == 4 else b"\x20\x01\x0d\xb8" + bytes(4)
            rest = len(real) - len(head)
            draws = (head + self._stream(f"address {count}", real.hex())[:rest] for count in range(MOST_TRIES))
            self._addresses[real] = self._free(draws, real, head + bytes(rest))
        return self._addresses[real]

    def _free(self, draws: Iterable[bytes], real: bytes, otherwise: bytes) -> bytes:
        """The first of some draws that nothing else became."""
        made = next((each for each in draws if each != real and each not in self._taken), otherwise)
        self._taken.add(made)
        return made

    def _made_up(self, real: str, keep: int) -> str:
        key = real.casefold()
        if key not in self._made and any(c.isalnum() for c in key[keep:]):
            self._made[key] = next((each for each in self._tries(key, keep) if each != key), key)
            self._taken.add(self._made[key])
        made = self._made.get(key, key)
        same = len(made) == len(real)  # folding may lengthen a letter
        return "".join(_like(r, m) for r, m in zip(real, made, strict=True)) if same else made

    def _tries(self, real: str, keep: int) -> Iterator[str]:
        letters = HEX_LETTERS if re.fullmatch(r"[0-9a-f\-]{32,36}", real) else LETTERS  # a UUID stays one
        for count in range(MOST_TRIES):
            stream = self._stream(f"text {count}", real)
            made = "".join(_drawn(c, stream[n % len(stream)], letters) for n, c in enumerate(real[keep:]))
            if real[:keep] + made not in self._taken or count > MOST_TRIES // 2:
                yield real[:keep] + made

    def _stream(self, purpose: str, real: str) -> bytes:
        return hmac.new(self.salt, f"{purpose}:{real}".encode("utf-8", "surrogatepass"), hashlib.sha512).digest()

    # -------------------------------------------------------------------------------------------- learning

    def _learn(self, binding: Binding) -> None:
        """Note the MACs and addresses of a binding, in its value and in its index."""
        value = binding.value
        size = {ber.IP_ADDRESS: 4, ber.OCTET_STRING: 6}.get(binding.tag)
        if len(value) == size and not (size == 6 and _is_text(value)):
            self._note(value)
        elif binding.tag == ber.OCTET_STRING and _is_text(value):
            for found in MAC_TEXT.finditer(value.decode("ascii")):
                self._note(bytes.fromhex(re.sub(r"[^0-9A-Fa-f]", "", found[0])))
            self._learn_address(value.decode("ascii"))
        for index in _indexes(binding.oid):
            self._note(index)

    def _learn_address(self, text: str) -> None:
        """A private address alone, or any in a locator: anything else with three dots may be a version."""
        located = text.partition("://")[2]
        found = re.split(r"[/%\]]", (located or text).strip().lstrip("["))[0]
        try:
            address = ipaddress.ip_address(found if found.count(":") != 1 else found.partition(":")[0])
        except ValueError:
            return
        if located or (address.is_private and text not in self.known.kept):
            self._note(address.packed)

    def _note(self, octets: bytes) -> None:
        if len(octets) == 6:
            if any(octets) and not octets[0] & 1:
                self.mac(octets)
        elif _is_ones_own(octets):
            self.address(octets)

    def _texts(self, bindings: Iterable[Binding]) -> dict[str, bool]:
        """Every text to look for, folded → whether it is a serial number."""
        told = {text for b in bindings if b.oid.startswith(TOLD_BY_PEOPLE) and (text := _text(b.value))}
        found = {name.casefold(): False for name in (*told, *self.known.names)}
        found |= {serial.casefold(): True for serial in self.known.serials}
        kept = "\n".join(self.known.kept).casefold()  # a name that is a piece of the product's is not looked for
        return {text: serial for text, serial in found.items() if _can_be_found(text) and text not in kept}

    # -------------------------------------------------------------------------------------------- replacing

    def _value(self, binding: Binding, look_for: _Texts) -> bytes:
        value, tag = binding.value, binding.tag
        if tag == ber.IP_ADDRESS and len(value) == 4:
            return self.address(value)
        if tag in NUMBERS:
            return self._number(binding)
        if tag not in (ber.OCTET_STRING, ber.OPAQUE) or not value:
            return value
        if binding.oid == ENGINE:
            return value[:5] + self._stream("engine", value.hex())[: max(len(value) - 5, 0)]
        if value in self._macs or value in self._addresses:
            return self._macs.get(value) or self._addresses[value]
        made = look_for.replaced(value)
        return self._in_place(binding) if made == value else made

    def _in_place(self, binding: Binding) -> bytes:
        """A value that nothing known was found in: where it is known to hold something, that goes."""
        value, text = binding.value, _text(binding.value)
        held = [one for one in self.known.places.get(binding.oid, ()) if one]
        for one in sorted(held, key=len, reverse=True):
            if one in text and one not in self.known.kept:
                made = self.serial(one) if one in self.known.serials else self.name(one)
                return re.sub(rf"(?<![^\W_]){re.escape(one)}(?![^\W_])", made, text).encode("utf-8")
        whole = binding.oid.startswith(TOLD_BY_PEOPLE) or any(len(value) <= 2 * len(one) + 8 for one in held)
        if not whole or not text or text in self.known.kept:
            return value
        return self.name(text).encode("utf-8") if text.encode("utf-8") == value else self.octets(value)

    def octets(self, real: bytes) -> bytes:
        """Made-up octets for some that are no text."""
        return (self._stream("octets", real.hex()) * (len(real) // 64 + 1))[: len(real)]

    def _number(self, binding: Binding) -> bytes:
        """A serial number may be a number."""
        number = ber.integer(binding)
        if binding.oid not in self.known.places or number is None or str(number) not in self.known.serials:
            return binding.value
        made = int(self.serial(str(number)))
        fits = made.bit_length() < (63 if binding.tag == ber.COUNTER64 else 31)
        encode = ber.encode_integer if binding.tag == ber.INTEGER else ber.encode_unsigned
        return encode(made if fits else number // 1000 * 1000)

    @property
    def macs(self) -> Mapping[bytes, bytes]:
        """MACs that were met, and what they became."""
        return self._macs

    @property
    def addresses(self) -> Mapping[bytes, bytes]:
        """Addresses that were met, and what they became."""
        return self._addresses


class _Texts:
    """Looks for known texts, MACs and addresses inside values."""

    def __init__(self, disguise: Disguise, texts: Mapping[str, bool]) -> None:
        self._disguise = disguise
        self.texts = texts
        known = "|".join(re.escape(text) for text in sorted(texts, key=len, reverse=True))
        self._known = re.compile(rf"(?<![^\W_])(?:{known})(?![^\W_])", re.IGNORECASE) if known else None

    def replaced(self, value: bytes) -> bytes:
        """A value with everything that is known in it replaced."""
        try:
            return self.in_text(value.decode("utf-8")).encode("utf-8")
        except UnicodeDecodeError:
            for real, made in self._disguise.macs.items():
                value = value.replace(real, made)
            return value

    def in_text(self, text: str) -> str:
        """The same of a text."""
        if self._known:
            text = self._known.sub(lambda found: self.made(found[0]), text)
        text = MAC_TEXT.sub(self._mac, text)
        text = BARE_MAC.sub(self._mac, text)
        return ADDRESS_TEXT.sub(self._address, text)

    def made(self, real: str) -> str:
        """What a known text becomes."""
        serial = self.texts.get(real.casefold(), False)
        return self._disguise.serial(real) if serial else self._disguise.name(real)

    def _mac(self, found: re.Match[str]) -> str:
        made = self._disguise.macs.get(bytes.fromhex(re.sub(r"[^0-9A-Fa-f]", "", found[0])))
        if made is None:
            return found[0]
        octets = iter(made.hex().upper() if found[0].upper() == found[0] else made.hex())
        return "".join(next(octets) if c in "0123456789abcdefABCDEF" else c for c in found[0])

    def _address(self, found: re.Match[str]) -> str:
        try:
            real = ipaddress.IPv4Address(found[0]).packed
        except ValueError:
            return found[0]
        return str(ipaddress.IPv4Address(self._disguise.addresses.get(real, real)))


class _Arcs:
    """Replaces what stands in the indexes of OIDs: MACs, addresses, and texts, an arc an octet."""

    def __init__(self, disguise: Disguise, texts: _Texts) -> None:
        octets = {**disguise.macs, **disguise.addresses}
        octets |= {t.encode(): texts.made(t).encode() for t in texts.texts if t.isascii()}
        octets |= {t.upper().encode(): texts.made(t.upper()).encode() for t in texts.texts if t.isascii()}
        self._sizes = sorted({len(real) for real in octets}, reverse=True)
        self._made = octets

    def disguised(self, oid: str) -> str:
        """The OID with made-up indexes."""
        arcs = oid.split(".")
        at = INDEX_FROM
        while at < len(arcs):
            made = next((m for size in self._sizes if (m := self._at(arcs, at, size))), b"")
            arcs[at : at + len(made)] = [str(octet) for octet in made]
            at += len(made) or 1
        return ".".join(arcs)

    def _at(self, arcs: list[str], at: int, size: int) -> bytes:
        run = arcs[at : at + size]
        if len(run) < size or any(len(arc) > 3 or int(arc) > 255 for arc in run):
            return b""
        return self._made.get(bytes(int(arc) for arc in run), b"")


# ------------------------------------------------------------------------------------------------ forms


def _indexes(oid: str) -> Iterator[bytes]:
    """What the index of a known table holds."""
    arcs = oid.split(".")
    for tables, size in ((MAC_INDEXED, 6), (ADDRESS_INDEXED, 4), (ADDRESS_INDEXED, 16)):
        run = [int(arc) for arc in arcs[-size:]]
        if oid.startswith(tables) and len(arcs) >= INDEX_FROM + size and max(run) < 256:
            yield bytes(run)


def _is_ones_own(octets: bytes) -> bool:
    """Whether an address says whose it is."""
    if len(octets) not in (4, 16):
        return False
    address = ipaddress.ip_address(octets)
    general = address.is_unspecified or address.is_loopback or address.is_multicast or address.is_reserved
    mask = len(octets) == 4 and octets[0] in (0, 255)
    return not general and not mask and not (len(octets) == 4 and address.is_link_local)


def _can_be_found(text: str) -> bool:
    """Whether a text is long enough to be looked for in others."""
    return len(text) >= LEAST and any(c.isalnum() for c in text) and (not text.isdecimal() or len(text) >= LEAST_NUMBER)


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace").strip("\0 \r\n\t")


def _is_text(value: bytes) -> bool:
    return value.isascii() and value.decode("ascii").isprintable()


def _drawn(real: str, octet: int, letters: str) -> str:
    """A character of the same kind."""
    if real.isdecimal():
        return DIGITS[octet % 10]
    return letters[octet % len(letters)] if real.isalpha() else real


def _like(real: str, made: str) -> str:
    return made.upper() if real.isupper() else made
