"""The layout of a network's map: its layers, few crossings, nothing on top of anything, the same every time."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as some

from collector.web.network_layers import Node, crossings, natural, plan
from collector.web.network_map import DESK, HEIGHT, WIDTH, Cable, Map, _units, draw, fitted

Point = tuple[int, int]
LETTER = 8.0  # pixels of an ordinary letter of a name, in the widest font that a page may fall back to


def nodes(*names: str, **classes: str) -> list[Node]:
    return [Node(name, name, classes.get(name, "switch")) for name in names]


def star(leaves: int, *, dual: bool = False) -> tuple[list[Node], list[Cable]]:
    """A firewall, one core or two, and switches on them."""
    cores = ["core-1", "core-2"] if dual else ["core-1"]
    names = [f"floor-{number}" for number in range(leaves)]
    cables = [Cable(core, name) for core in cores for name in names]
    cables += [Cable("fw", core) for core in cores] + [Cable(*pair) for pair in itertools.pairwise(cores)]
    return nodes("fw", *cores, *names, fw="firewall"), cables


def layer_of(found: Sequence[Node], cables: Sequence[Cable]) -> dict[str, int]:
    seats = plan(found, ((cable.a, cable.b) for cable in cables)).seats
    return {key: seat.layer for key, seat in seats.items()}


def points(path: str) -> list[Point]:
    return [(int(x), int(y)) for x, y in re.findall(r"(\d+) (\d+)", path)]


def through(drawing: Map) -> list[tuple[str, str]]:
    """(wire, box) where a wire runs through the inside of a box."""
    found = []
    for wire in drawing.wires:
        for (x1, y1), (x2, y2) in itertools.pairwise(points(wire.path)):
            steps = max(abs(x2 - x1), abs(y2 - y1), 1)
            inner = [(x1 + (x2 - x1) * n / steps, y1 + (y2 - y1) * n / steps) for n in range(1, steps)]
            found += [
                (f"{wire.cable.a} {wire.cable.b}", box.node.key)
                for box in drawing.boxes
                if any(box.x < x < box.x + WIDTH and box.y < y < box.y + HEIGHT for x, y in inner)
            ]
    return found


def stretches(drawing: Map) -> list[tuple[str, int, int, int]]:
    """(direction, where, from, to) of everything that runs straight across or down."""
    found = []
    for wire in drawing.wires:
        for (x1, y1), (x2, y2) in itertools.pairwise(points(wire.path)):
            if x1 == x2 and y1 != y2:
                found.append(("down", x1, min(y1, y2), max(y1, y2)))
            if y1 == y2 and x1 != x2:
                found.append(("across", y1, min(x1, x2), max(x1, x2)))
    return found


# ------------------------------------------------------------------------------------------------ layers


def test_the_core_is_under_its_firewall_and_everything_else_under_the_core() -> None:
    found, cables = star(12)
    found += nodes("desk")
    layers = layer_of(found, [*cables, Cable("floor-3", "desk")])
    assert (layers["fw"], layers["core-1"], layers["floor-3"], layers["desk"]) == (0, 1, 2, 3)


def test_two_cores_that_share_their_switches_stand_beside_each_other() -> None:
    layers = layer_of(*star(12, dual=True))
    assert layers["core-1"] == layers["core-2"] == 1
    assert {layers[f"floor-{number}"] for number in range(12)} == {2}


def test_what_hangs_apart_is_a_block_of_its_own_and_what_has_no_link_comes_last() -> None:
    found = plan([*nodes("a", "b", "c", "x", "y", "alone")], [("a", "b"), ("b", "c"), ("x", "y")])
    rows = {key: seat.row for key, seat in found.seats.items()}
    assert max(rows[key] for key in "abc") < min(rows[key] for key in "xy")
    assert rows["alone"] == found.loose == found.rows - 1


def test_a_layer_is_ordered_so_that_wires_do_not_cross() -> None:
    # each floor has a desk whose name would put it at the other end
    names = [f"floor-{number}" for number in range(6)]
    desks = [f"desk-{number}" for number in range(6)]
    pairs = [("core", name) for name in names] + list(zip(names, reversed(desks), strict=True))
    seats = plan(nodes("core", *names, *desks), pairs).seats
    upper, lower = (sorted(keys, key=lambda key: seats[key].column) for keys in (names, desks))
    beside = {a: [b] for a, b in pairs if a in names}
    assert crossings(names, desks, beside) == 15
    assert crossings(upper, lower, beside) == 0


def test_crossings_are_counted() -> None:
    assert crossings("ab", "xy", {"a": "y", "b": "x"}) == 1
    assert crossings("ab", "xy", {"a": "xy", "b": "xy"}) == 1
    assert crossings("ab", "xy", {"a": "x", "b": "y"}) == 0


def test_names_with_numbers_are_ordered_as_people_do() -> None:
    assert sorted(["sw-10", "SW-9", "sw-1", ""], key=natural) == ["", "sw-1", "SW-9", "sw-10"]


# ------------------------------------------------------------------------------------------------ the drawing


def test_sixty_switches_fit_the_width_of_a_desk() -> None:
    for dual, height in ((False, 900), (True, 1_100)):
        drawing = draw(*star(58, dual=dual))
        assert drawing.width <= DESK
        assert drawing.height < height


def test_no_label_of_sixty_switches_lies_on_another_or_runs_out_of_its_box() -> None:
    for dual in (False, True):
        found, cables = star(58, dual=dual)
        named = [Node(node.key, f"{node.key}-in-the-Main-Building-WWW", node.device_class) for node in found]
        labels = [
            (box.x + 9, box.y + top, box.x + 9 + LETTER * sum(map(_units, text)), box.y + top + height)
            for box in draw(named, cables).boxes
            for text, top, height in ((box.name, 5, 16), (box.rest or "1,204 devices", 22, 15))
        ]
        assert len(labels) == 2 * len(found)
        for (left, top, right, bottom), (other, above, end, below) in itertools.combinations(labels, 2):
            assert right <= other or end <= left or bottom <= above or below <= top
        assert all(right - left <= WIDTH - 9 for left, _, right, _ in labels)


def test_the_drawing_does_not_depend_on_the_order_in_which_things_come() -> None:
    found, cables = star(23, dual=True)
    first = draw(found, cables)
    assert draw(found, cables[::-1]) == first
    shuffled = draw(found[::-1], cables[1::2] + cables[::2])
    assert (set(shuffled.boxes), shuffled.wires) == (set(first.boxes), first.wires)


def test_wires_are_as_thick_as_their_ports_are_many_up_to_a_bound() -> None:
    cables = [Cable("a", "b", 2), Cable("a", "c", 48), Cable("a", "d", 0)]
    thickness = {wire.cable.b: wire.thickness for wire in draw(nodes(*"abcd"), cables).wires}
    assert thickness == {"b": 2, "c": 4, "d": 1}


def test_a_wire_to_itself_or_to_nowhere_is_left_out_and_two_wires_are_two() -> None:
    drawing = draw(nodes("a", "b"), [Cable("a", "a"), Cable("a", "gone"), Cable("a", "b"), Cable("b", "a")])
    assert len(drawing.wires) == 2
    assert len({wire.path for wire in drawing.wires}) == 2


def test_nothing_at_all_can_be_drawn() -> None:
    assert draw([], []).boxes == ()
    assert draw(nodes("a"), []).loose is not None


def test_a_name_is_cut_to_its_box() -> None:
    assert fitted("elm-core-1") == "elm-core-1"
    assert fitted("elm-access-switch-in-the-hall").endswith("…")
    assert len(fitted("學" * 40)) < len(fitted("n" * 40)) <= 17


@settings(max_examples=40, deadline=None)
@given(some.integers(1, 40), some.lists(some.tuples(some.integers(0, 39), some.integers(0, 39)), max_size=70))
def test_no_box_lies_on_another_and_no_wire_runs_through_one(count: int, pairs: list[tuple[int, int]]) -> None:
    names = [f"sw-{number}" for number in range(count)]
    drawing = draw(nodes(*names), [Cable(f"sw-{a}", f"sw-{b}") for a, b in pairs])
    assert len({(box.x, box.y) for box in drawing.boxes}) == count
    for one, other in itertools.combinations(drawing.boxes, 2):
        assert abs(one.x - other.x) >= WIDTH or abs(one.y - other.y) >= HEIGHT
    assert all(0 <= box.x <= drawing.width - WIDTH and 0 <= box.y <= drawing.height - HEIGHT for box in drawing.boxes)
    assert all(
        0 <= x <= drawing.width and 0 <= y <= drawing.height for wire in drawing.wires for x, y in points(wire.path)
    )
    assert through(drawing) == []


def test_no_two_wires_of_a_large_school_share_a_lane() -> None:
    found, cables = star(59, dual=True)
    cables += [Cable(f"floor-{number}", f"floor-{number + 20}") for number in range(0, 30, 3)]
    lanes = stretches(draw(found, cables))
    for (way, at, start, end), (other, there, first, last) in itertools.combinations(lanes, 2):
        assert (way, at) != (other, there) or end <= first or last <= start
