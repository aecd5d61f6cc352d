"""Devices that another device tells of: members of its stack, access points that it controls, its neighbours.

Knowledge files state them as components named for what they are (`stack member/2`, `access point/7`,
`neighbour/3.1`). Here each becomes a list of facts of its own, and what remains is the teller's.

1. N members with N serials are N devices and one logical stack. Fewer than two serials are no stack.
2. The logical stack has no serial: what it answers with is a member's. It is identified by each of its members
   (`maker:stack-of-SERIAL`), so a fail-over or the exchange of one member leaves it what it was.
3. What stands in a member (`contained_in`) is that member's component and not the stack's.
4. A row that tells of the teller itself (a cluster of access points lists them all) is no further device, but may be
   the only place that tells the teller's serial.

It knows facts alone: neither walks nor stores.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace

from collector.facts import Fact, Value, choose, maker_key

MEMBERS = ("stack member", "member")
ACCESS_POINT, NEIGHBOUR = "access point", "neighbour"
#: first words of components that are devices of their own
APART = tuple(f"{word}/" for word in (*MEMBERS, ACCESS_POINT, NEIGHBOUR))
RELAYED = 20  # what another device tells of its neighbour outweighs nothing that a device says of itself
RELAYED_CLASS = 40
CLASS_VOTE = 60

Facts = list[Fact]


@dataclass(frozen=True, slots=True)
class Split:
    """The facts of the teller, those of each device it tells of, and what identifies it where it is a stack.

    `others` are its members and the access points that it controls; `heard` its neighbours, which it only remembers.
    """

    own: Sequence[Fact]
    others: Sequence[Sequence[Fact]] = ()
    heard: Sequence[Sequence[Fact]] = ()
    stack: Sequence[str] = ()
    refused: str = ""  # why members that are told of are not taken for devices


def split(facts: Sequence[Fact]) -> Split:
    """The facts of one examination by the devices that they are about."""
    apart: dict[str, Facts] = {}
    own: Facts = []
    for fact in facts:
        if fact.component.startswith(APART):
            apart.setdefault("/".join(fact.component.split("/")[:2]), []).append(fact)
        else:
            own.append(fact)
    if not apart:
        return Split(facts)
    teller = {fact.name: fact for fact in choose(fact for fact in own if not fact.component)}
    ours = {(fact.name, fact.value) for fact in own if not fact.component and fact.name in ("serial", "mac")}
    listed = {name: [*_listed(part, teller)] for name, part in apart.items() if not name.startswith(MEMBERS)}
    itself = {name for name, part in listed.items() if _is_teller(part, ours)}
    heard = [part for name, part in listed.items() if name not in itself and name.startswith(NEIGHBOUR)]
    others = [part for name, part in listed.items() if name not in itself and not name.startswith(NEIGHBOUR)]
    if "serial" not in teller:
        own += _serials([listed[name] for name in listed if name in itself])
    told = {name: part for name, part in apart.items() if name.startswith(MEMBERS)}
    members, refused = _by_serial(told), _contradiction(told)
    if len(members) < 2 or "maker" not in teller or refused:
        return Split([*own, *(fact for part in told.values() for fact in part)], others, heard, refused=refused)
    return replace(_stack(own, members, teller, others), heard=heard)


# ------------------------------------------------------------------------------------------------ stacks


def _by_serial(components: dict[str, Facts]) -> dict[str, dict[str, Facts]]:
    """Serial → components that tell of this member, and their facts: two tables may tell of the same one."""
    found: dict[str, dict[str, Facts]] = {}
    for name, part in components.items():
        serial = next(
            (str(fact.value) for fact in choose(part) if fact.name == "serial" and fact.component == name), ""
        )
        if serial:
            found.setdefault(serial, {})[name] = part
    return found


def _contradiction(components: dict[str, Facts]) -> str:
    """What speaks against members being told apart: one member with two serials, or one number for two; "" if none."""
    numbered: dict[Value, set[Value]] = {}
    for name, part in sorted(components.items()):
        serials = {fact.value for fact in part if fact.name == "serial" and fact.component == name}
        if len(serials) > 1:
            return f"{name} is told to have the serials {' and '.join(sorted(map(str, serials)))}"
        for fact in part:
            if fact.name == "member" and fact.component == name:
                numbered.setdefault(fact.value, set()).update(serials)
    twice = min((number for number, serials in numbered.items() if len(serials) > 1), key=str, default=None)
    if twice is None:
        return ""
    return f"two are told to be member {twice}: {' and '.join(sorted(map(str, numbered[twice])))}"


def _stack(own: Facts, members: dict[str, dict[str, Facts]], teller: dict[str, Fact], others: list[Facts]) -> Split:
    key = maker_key(str(teller["maker"].value))
    holder = {name: serial for serial, parts in members.items() for name in parts}
    held = {
        fact.component: holder[str(fact.value)] for fact in own if fact.name == "contained_in" and fact.value in holder
    }
    inside: dict[str, Facts] = {serial: [] for serial in members}
    stack: Facts = []
    for fact in own:
        if fact.component in held:
            inside[held[fact.component]].append(fact)
        elif fact.component or fact.name != "serial":
            stack.append(fact)
    ours = {fact.value for fact in stack if fact.name == "mac"}
    for serial, parts in members.items():
        told = [_told(fact, teller) for part in parts.values() for fact in part if fact.value not in ours]
        others.append([*told, *inside[serial], *_of_stack(told, teller, f"{key}:{identity(serial)}")])
    listed = [fact for parts in members.values() for part in parts.values() for fact in part]
    return Split([*stack, *listed], others, stack=[f"{key}:{identity(serial)}" for serial in members])


def _told(fact: Fact, teller: dict[str, Fact]) -> Fact:
    """A fact of a member as that of a device: `Switch 2` is its name in the stack, and needs that of the stack."""
    if fact.name == "name" and "name" in teller:
        return fact._replace(component="", value=f"{teller['name'].value} {fact.value}", weight=40)
    return fact._replace(component="")


def identity(serial: str) -> str:
    """What identifies a stack by one of its members."""
    return f"stack-of-{serial}"


def _of_stack(told: Facts, teller: dict[str, Fact], stack: str) -> Iterator[Fact]:
    """What a member has from its stack: its name, and what it is, where its own row does not tell."""
    place = next(fact for fact in told if fact.name == "serial")
    yield place._replace(name="stack", value=stack, rule="parts", weight=50)
    names = {fact.name for fact in told}
    if "class" in teller and "class" not in names:
        yield teller["class"]._replace(rule="parts", weight=CLASS_VOTE)
    # members answer as one: their maker is what the stack says, so that each is known by the same serial when it
    # stands alone; and they run one software, or could not be members
    yield teller["maker"]._replace(rule="parts", weight=max(teller["maker"].weight, CLASS_VOTE))
    if "firmware" in teller and "firmware" not in names:
        yield teller["firmware"]._replace(rule="parts", weight=RELAYED)


# ------------------------------------------------------------------------------------------------ those it lists


def _listed(part: Facts, teller: dict[str, Fact]) -> Iterator[Fact]:
    """The facts of an access point or a neighbour as those of a device."""
    place = part[0]
    kind, _, _ = place.component.partition("/")
    for fact in part:
        most = 100 if kind != NEIGHBOUR else RELAYED_CLASS if fact.name == "class" else RELAYED
        yield fact._replace(component="", weight=min(fact.weight, most))
    if kind != ACCESS_POINT:
        return
    yield place._replace(name="class", value="access point", component="", rule="parts", unit="", weight=CLASS_VOTE)
    name = teller.get("name") or teller.get("serial")
    if name:
        yield place._replace(name="controller", value=name.value, component="", rule="parts", unit="", weight=50)
    if "maker" in teller and not any(fact.name == "maker" for fact in part):
        yield teller["maker"]._replace(source=place.source, rule="parts")


def _serials(rows: Iterable[Facts]) -> Facts:
    """The serials that a device's own rows tell of it; what a neighbour's row relays is too weak to identify."""
    return [fact for row in rows for fact in row if fact.name == "serial" and fact.weight > RELAYED]


def _is_teller(part: Iterable[Fact], ours: Set[tuple[str, Value]]) -> bool:
    """Whether what is listed is the device that lists it, by the serials and MACs that are its own."""
    return any((fact.name, fact.value) in ours for fact in part)
