"""A school as it truly is: what stands on its shelves, and what its network tells of it. Made from a seed.

It knows nothing of books (`messy_register`) and nothing of how a book is held against a network.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

TODAY = date(2026, 11, 22)
_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTVWXYZ"  # what HP and Dell print: no O, no I

#: class, maker as the device says it, models, how its serial numbers look ("#": digit, "@": letter or digit), of 1,000
#: devices so many, pounds, whether computers name themselves
FLEET = (
    ("desktop", "Dell", ("OptiPlex 3060", "OptiPlex 3080", "OptiPlex 7010"), "@@@@@@@", 300, 480, "PC"),
    ("laptop", "HP", ("ProBook 450 G8", "ProBook 445 G9", "250 G7 Notebook PC"), "5CD####@@@", 220, 560, "LT"),
    ("laptop", "Lenovo", ("ThinkPad L13 Gen 2", "100e Chromebook Gen 3"), "PF@@@@@@", 170, 310, "LT"),
    ("tablet", "Apple", ("iPad (9th generation)",), "DMQ@@@@@@@@@", 70, 319, "IPAD"),
    ("printer", "HP", ("LaserJet Pro M404dn", "Color LaserJet M553dn"), "VNB3######", 40, 260, "PRN"),
    ("printer", "Brother", ("HL-L6400DW",), "E7####A#N######", 15, 240, "PRN"),
    ("printer", "Kyocera", ("ECOSYS M3655idn",), "R4B#######", 15, 690, "PRN"),
    ("access point", "Ruckus", ("R550",), "##############", 60, 380, "AP"),
    ("switch", "HP", ("2530-24G-PoE+", "2930F-48G"), "CN##FP####", 40, 890, "SW"),
    ("phone", "Yealink", ("T42S",), "################", 40, 75, ""),
    ("camera", "Hikvision", ("DS-2CD2143G2-I",), "DS########", 20, 120, "CAM"),
    ("server", "Dell", ("PowerEdge R440", "PowerEdge T340"), "#@@@@@#", 6, 3200, "SRV"),
    ("ups", "APC", ("Smart-UPS 1500",), "AS##########", 4, 520, "UPS"),
)  # fmt: skip
#: what schools own that is on no network
OFF_NETWORK = (
    ("visualiser", "Elmo", "MX-P2 Visualiser", "MXP######"),
    ("headphones", "Sennheiser", "HD 206 Headphones", "######"),
    ("monitor", "Iiyama", "ProLite 24in Monitor", "11#########"),
    ("trolley", "Lapcabby", "32 bay Charging Trolley", "LC#####"),
    ("camera", "Canon", "EOS 250D digital camera", "##########"),
    ("whiteboard", "Smart", "SB680 Interactive Whiteboard", "SB680-##-#####"),
)
_BLOCKS = {"Dell": "18:66:da", "HP": "3c:52:82", "Lenovo": "54:ee:75", "Apple": "a4:83:e7", "Brother": "00:80:77",
           "Kyocera": "00:17:c8", "Ruckus": "d8:38:fc", "Yealink": "80:5e:c0", "Hikvision": "44:19:b6",
           "APC": "00:c0:b7"}  # fmt: skip


@dataclass(slots=True)
class Thing:
    """One thing that the school has or had, as it truly is.

    `tells_serial`: the network knows its serial number; `recorded`: somebody said tag, room and purchase of it before;
    `last_seen`: None where nothing ever met it. `elsewhere`: it stands at the other school of the trust by now.
    """

    key: str
    kind: str
    maker: str
    model: str
    serial: str
    mac: str
    name: str
    room: str
    tag: str
    bought: date
    cost_pence: int
    last_seen: date | None
    tells_serial: bool = True
    recorded: bool = True
    elsewhere: bool = False


def school(chance: random.Random, size: int) -> list[Thing]:
    """The things of a school that its network meets, about so many, in the order in which they were bought."""
    shares = [row[4] for row in FLEET]
    found: list[Thing] = []
    orders = _orders(chance, size, shares)
    taken: set[str] = set()
    for kind_at, count, day in orders:
        for thing in _order(chance, kind_at, count, day, len(found)):
            while thing.serial in taken:
                thing.serial = drawn(chance, FLEET[kind_at][3])
            taken.add(thing.serial)
            found.append(thing)
    return found


def _orders(chance: random.Random, size: int, shares: list[int]) -> list[tuple[int, int, date]]:
    """Schools buy by the class set: which row of the fleet, how many at once, when."""
    made = []
    for place, share in enumerate(shares):
        left = max(1, size * share // sum(shares))
        while left > 0:
            count = min(left, chance.choice((1, 2, 8, 15, 30, 30)))
            made.append((place, count, TODAY - timedelta(days=chance.randrange(60, 365 * 7))))
            left -= count
    return sorted(made, key=lambda order: (order[2], order[0]))


def _order(chance: random.Random, place: int, count: int, day: date, before: int) -> list[Thing]:
    kind, maker, models, pattern, _, pounds, letters = FLEET[place]
    model, room = chance.choice(models), _room(chance)
    cost = (pounds + chance.randrange(-40, 60)) * 100
    first = drawn(chance, pattern)
    things = []
    for number in range(count):
        # out of one box, serial numbers follow each other: one digit apart
        serial = _after(first, number, pattern) if count > 2 and chance.random() < 0.6 else drawn(chance, pattern)
        at = before + number
        tells = kind not in ("phone",) and chance.random() < 0.93
        things.append(
            Thing(
                f"t{at:05}", kind, maker, model, serial, _mac(chance, maker), f"{letters}-{at:04}" if letters else "",
                room if count > 10 else _room(chance), f"OAK{at + 1000:05}", day, cost,
                TODAY - timedelta(days=chance.choice((0, 0, 0, 1, 2, 6))), tells, chance.random() < 0.9,
            )
        )  # fmt: skip
    return things


def drawn(chance: random.Random, pattern: str) -> str:
    """A serial number of a pattern."""
    made = {"#": lambda: chance.choice("0123456789"), "@": lambda: chance.choice(_LETTERS)}
    return "".join(made[c]() if c in made else c for c in pattern)


def _after(serial: str, number: int, pattern: str) -> str:
    """The serial number so many further in a box."""
    place = max((at for at, c in enumerate(pattern) if c in "#@"), default=0)
    if "#" not in pattern:
        return serial[:place] + _LETTERS[(_LETTERS.index(serial[place]) + number) % len(_LETTERS)] + serial[place + 1 :]
    digits = [at for at, c in enumerate(pattern) if c == "#"][-3:]
    value = (int("".join(serial[at] for at in digits)) + number) % 10 ** len(digits)
    said = list(serial)
    for at, digit in zip(digits, f"{value:0{len(digits)}}", strict=True):
        said[at] = digit
    return "".join(said)


def _mac(chance: random.Random, maker: str) -> str:
    return ":".join([_BLOCKS[maker], *(f"{chance.randrange(256):02x}" for _ in range(3))])


def _room(chance: random.Random) -> str:
    return chance.choice(("Room 1", "Room 2", "Room 3", "Room 7", "Room 11", "Room 12", "Room 14", "Room 21", "ICT 1",
                          "ICT 2", "Library", "Main Office", "Hall", "Server Room", "Staff Room"))  # fmt: skip
