"""A network as a drawing: boxes in layers and wires that go around them. Pure; what stands where: `network_layers`.

Wires between neighbouring layers go as a fan. All others, and those to the lower rows of a layer, go through gutters
between columns, each in a lane of its own, so that no wire runs behind a box that it does not end at. Numbers are
pixels; a template writes them into an SVG and counts nothing.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from collector.web.network_layers import COLUMNS, Node, Plan, Seat, plan

WIDTH, HEIGHT = 140, 42  # of a box
LANE = 5  # between wires beside each other
GUTTER, GAP, CHANNEL, BLOCK = 22, 16, 58, 54  # least width between columns, rows, layers and blocks
MOST_FAN = 72  # how much higher a channel is for the wires in it
EDGE = 12  # around everything
NOTE = 26  # height of a line of text above a block
DESK, FEWEST = 1_326, 4  # width that a page gives its content at most; columns that it may take to keep to it
NAME_UNITS = 16.0  # of a name in a box, in widths of an ordinary letter
NO_DEVICE = ""  # class of a box that is none; it has both lines for its name
THICKEST = 4  # members that thickness still tells


@dataclass(frozen=True, slots=True)
class Cable:
    """A wire to draw between two boxes. `members`: how many ports carry it together; `told`: by them, not reasoned."""

    a: str
    b: str
    members: int = 1
    told: bool = True
    standby: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A box as drawn. `name` fits into it, `rest` as a second line; the whole name is the node's."""

    node: Node
    x: int
    y: int
    name: str
    rest: str


@dataclass(frozen=True, slots=True)
class Wire:
    """A wire as drawn: a path of SVG. `thickness`: from 1 to `THICKEST`."""

    cable: Cable
    path: str
    thickness: int


@dataclass(frozen=True, slots=True)
class Map:
    """The whole drawing. `loose`: where the boxes without a known link begin, or None."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    loose: int | None


def draw(nodes: Sequence[Node], cables: Iterable[Cable]) -> Map:
    """The drawing of boxes and wires. Wires of boxes that are not there, and of a box with itself, are left out."""
    keys = {node.key for node in nodes}
    drawn = sorted(
        (cable for cable in cables if cable.a != cable.b and {cable.a, cable.b} <= keys),
        key=lambda cable: (cable.a, cable.b, cable.words, cable.members, cable.told, cable.standby),
    )
    tried = (_framed(nodes, drawn, columns) for columns in range(COLUMNS, FEWEST - 1, -1))
    found, frame = next((one for one in tried if one[1].width <= DESK), None) or _framed(nodes, drawn, COLUMNS)
    boxes = tuple(_box(node, *frame.corner(found.seats[node.key])) for node in nodes)
    loose = None if found.loose is None else frame.tops[found.loose] - 12
    return Map(frame.width, frame.height, boxes, tuple(frame.wires()), loose)


def _framed(nodes: Sequence[Node], cables: Sequence[Cable], columns: int) -> tuple[Plan, _Frame]:
    found = plan(nodes, [(cable.a, cable.b) for cable in cables], columns)
    return found, _Frame(found, [_route(cable, found) for cable in cables])


def _box(node: Node, x: int, y: int) -> Box:
    name, rest = fitted(node.name), ""
    if name != node.name and " " in name:
        at = node.name.rindex(" ", 0, len(name))
        name, rest = (node.name[:at], fitted(node.name[at + 1 :])) if node.device_class == NO_DEVICE else (name, "")
    return Box(node, x, y, name, rest)


def fitted(name: str) -> str:
    """As much of a name as fits into a box."""
    used = 0.0
    for index, letter in enumerate(name):
        used += _units(letter)
        if used > NAME_UNITS:
            return name[: max(index - 1, 1)].rstrip() + "…"
    return name


def _units(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return 2.0
    if letter in "mwMW@%—<>=+~_":
        return 1.5
    if letter in "ijltfr.,:;|!'()[]- ":
        return 0.65
    return 1.2 if letter.isupper() else 1.0


# ------------------------------------------------------------------------------------------------ ways of wires


@dataclass
class _Way:
    """How a wire goes: from `upper` to `lower`. `fan`: aslant from layer to layer; `side`: straight to the neighbour.

    `lane` is the one in the gutter in front of `lower`, `shelf` the one under the row of `upper`; None: not used.
    """

    cable: Cable
    upper: Seat
    lower: Seat
    upper_key: str
    lower_key: str
    fan: bool = False
    side: bool = False
    lane: int | None = None
    shelf: int | None = None

    @property
    def top_entry(self) -> bool:
        """Whether it comes in from above."""
        return self.fan and self.lane is None


def _route(cable: Cable, found: Plan) -> _Way:
    """The way of a wire, without lanes."""
    (upper, upper_key), (lower, lower_key) = sorted(
        ((found.seats[key], key) for key in (cable.a, cable.b)), key=lambda end: (end[0].row, end[0].column)
    )
    way = _Way(cable, upper, lower, upper_key, lower_key)
    taken = {(seat.row, seat.column): seat for seat in found.seats.values()}
    if upper.row == lower.row:
        way.side = all((upper.row, column) not in taken for column in range(upper.column + 1, lower.column))
        if way.side:
            return way
    last = max(seat.row for seat in found.seats.values() if seat.layer == upper.layer)
    first = min(seat.row for seat in found.seats.values() if seat.layer == lower.layer)
    way.fan = lower.layer == upper.layer + 1 and upper.row == last
    if not way.fan or lower.row != first:
        way.lane = 0
    if not way.fan:
        way.shelf = 0
    return way


def _in_lanes(spans: Sequence[tuple[float, float]]) -> list[int]:
    """The lowest free lane for each span, in the order in which they come."""
    lanes: list[list[tuple[float, float]]] = []
    found = []
    for start, end in spans:
        free = next((n for n, lane in enumerate(lanes) if all(end <= a or b <= start for a, b in lane)), len(lanes))
        if free == len(lanes):
            lanes.append([])
        lanes[free].append((start, end))
        found.append(free)
    return found


class _Frame:
    """All pixels: lanes are given out first, then columns and rows are as wide as their lanes need."""

    def __init__(self, found: Plan, ways: Sequence[_Way]) -> None:
        self._ways = ways
        self._first_rows: dict[int, int] = {}
        for seat in found.seats.values():
            self._first_rows[seat.layer] = min(self._first_rows.get(seat.layer, seat.row), seat.row)
        gutters = [self._give_lanes(column) for column in range(found.columns)]
        shelves = [self._give_shelves(row) for row in range(found.rows)]
        self._lefts: list[int] = []
        x = EDGE
        for lanes in gutters:
            x += max(GUTTER, lanes * LANE + LANE) if lanes or self._lefts else 0
            self._lefts.append(x)
            x += WIDTH
        self.width = x + EDGE
        self.tops, self._slants = self._rows(found, shelves)
        self.height = (self.tops[-1] + HEIGHT if self.tops else 0) + (shelves[-1] * LANE if shelves else 0) + EDGE
        self._ports = self._all_ports()

    def corner(self, seat: Seat) -> tuple[int, int]:
        """The upper left corner of a box."""
        return self._lefts[seat.column], self.tops[seat.row]

    def _give_lanes(self, column: int) -> int:
        """Lanes of one gutter, the nearest to the boxes for who leaves it first; how many there are."""
        ways = [way for way in self._ways if way.lane is not None and way.lower.column == column]
        ways.sort(key=lambda way: (way.lower.row, way.lower_key, way.upper.column, way.upper_key))
        spans = [(self._enters(way), way.lower.row + 0.4) for way in ways]
        spans = [(min(span), max(span)) for span in spans]
        for way, lane in zip(ways, _in_lanes(spans), strict=True):
            way.lane = lane
        return max((way.lane + 1 for way in ways if way.lane is not None), default=0)

    def _enters(self, way: _Way) -> float:
        """The height, in rows, at which a way comes into its gutter."""
        return self._first_rows[way.lower.layer] - 0.4 if way.fan else way.upper.row + 0.6

    def _give_shelves(self, row: int) -> int:
        ways = [way for way in self._ways if way.shelf is not None and way.upper.row == row]
        spans = [(way.upper.column + 0.1, way.lower.column - 0.4) for way in ways]
        spans = [(min(span), max(span) + 0.5) for span in spans]
        for way, shelf in zip(ways, _in_lanes(spans), strict=True):
            way.shelf = shelf
        return max((way.shelf + 1 for way in ways if way.shelf is not None), default=0)

    def _rows(self, found: Plan, shelves: Sequence[int]) -> tuple[list[int], list[int]]:
        """The top of each row, and under each row the height at which wires may go aslant."""
        tops, slants = [], []
        layers = {seat.row: seat.layer for seat in found.seats.values()}
        fans = Counter(way.upper.layer for way in self._ways if way.fan)
        y = EDGE + (NOTE if found.loose == 0 else 0)
        for row in range(found.rows):
            tops.append(y)
            y += HEIGHT + (shelves[row] * LANE + LANE if shelves[row] else 0)
            slants.append(y)
            if row + 1 in found.breaks:
                y += BLOCK + (NOTE if row + 1 == found.loose else 0)
            elif layers.get(row + 1) == layers[row]:
                y += GAP
            else:
                y += CHANNEL + min(fans[layers[row]], MOST_FAN) if fans[layers[row]] else GAP * 2
        return tops, slants

    # -------------------------------------------------------------------------------------------- ends of wires

    def _lane_x(self, way: _Way) -> int:
        return self._lefts[way.lower.column] - LANE * ((way.lane or 0) + 1)

    def _all_ports(self) -> dict[tuple[int, bool], int]:
        """(way, whether its lower end) → where on the side of its box it begins or ends, spread evenly."""
        sides: dict[tuple[str, str], list[tuple[float, int, bool]]] = {}
        for index, way in enumerate(self._ways):
            upper, lower = self._middle(way.upper), self._middle(way.lower)
            if way.side:
                sides.setdefault((way.lower_key, "left"), []).append((-1, index, True))
                continue
            goes = self._lane_x(way) if way.lane is not None else lower
            sides.setdefault((way.upper_key, "bottom"), []).append((goes, index, False))
            if way.top_entry:
                sides.setdefault((way.lower_key, "top"), []).append((upper, index, True))
            else:
                sides.setdefault((way.lower_key, "left"), []).append((way.lane or 0, index, True))
        found = {}
        for (_, side), ends in sides.items():
            length = WIDTH if side in ("top", "bottom") else HEIGHT
            for place, (_, index, lower_end) in enumerate(sorted(ends), 1):
                found[index, lower_end] = round(length * place / (len(ends) + 1))
        return found

    def _middle(self, seat: Seat) -> float:
        return self._lefts[seat.column] + WIDTH / 2

    def wires(self) -> Iterable[Wire]:
        """Every wire as a path; thin ones last, so that they are not hidden."""
        made = [
            Wire(way.cable, "M" + " L".join(f"{x} {y}" for x, y in self._points(index, way)),
                 min(max(way.cable.members, 1), THICKEST))
            for index, way in enumerate(self._ways)
        ]  # fmt: skip
        return sorted(made, key=lambda wire: -wire.thickness)

    def _points(self, index: int, way: _Way) -> list[tuple[int, int]]:
        left, top = self.corner(way.upper)
        right, low = self.corner(way.lower)
        if way.side:
            y = top + self._ports[index, True]
            return [(left + WIDTH, y), (right, y)]
        x, bottom = left + self._ports[index, False], top + HEIGHT
        points = [(x, bottom)]
        if way.fan:
            points.append((x, self._slants[way.upper.row]))
            first = self.tops[self._first_rows[way.lower.layer]]
            if way.lane is None:
                return [*points, (right + self._ports[index, True], low)]
            points.append((self._lane_x(way), first))
        else:
            y = bottom + LANE * ((way.shelf or 0) + 1)
            points += [(x, y), (self._lane_x(way), y)]
        y = low + self._ports[index, True]
        return [*points, (self._lane_x(way), y), (right, y)]
