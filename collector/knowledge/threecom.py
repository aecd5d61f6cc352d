"""3Com: switches, routers and access points from before Hewlett-Packard bought the house.

Source: sysDescr and 3Com's number; A3COM-HUAWEI, the tree of the Comware switches, tells no more than ENTITY-MIB does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Statement, Walk

THREE_COM = "1.3.6.1.4.1.43"
#: a word of the description → class; the first that is there. Whatever has none of them is a switch or hub
WORDS = (("vcx", "pbx"), ("access point", "access point"), ("modem", "modem"), ("switch", "switch"),
         ("router", "router"), ("firewall", "firewall"), ("wlan controller", "wireless controller"))  # fmt: skip
SAYS = (
    re.compile(
        r"^(?:3Com )*(?P<model>(?:\S+ )*?Switch .*?) Software Version (?:3Com OS )?"
        r"(?P<firmware>V?\d\S*(?:,? (?:Release|Feature) \w+)?)",
        re.IGNORECASE,
    ),
    re.compile(r"^(?:3Com )+(?P<model>Router \w+) Software (?P<firmware>\S+)", re.IGNORECASE),
    re.compile(
        r"^(?:3Com )+(?P<model>\S.*?)(?:, ?| )(?:SW|S/W|Software) ?(?:Version|rev)?[: ]+v?(?P<firmware>\d\S*)",
        re.IGNORECASE,
    ),
    re.compile(r"^(?:3Com )+(?P<model>[^,:]{2,60})$", re.IGNORECASE),
)
UNDER = ("43",)


def read(walk: Walk) -> Iterator[Statement]:
    """The kind by a word, model and version by the form of the description."""
    if not walk.text(OBJECT_ID).startswith(f"{THREE_COM}."):
        return
    description = walk.description
    kind = next((kind for word, kind in WORDS if word in description.lower()), "switch")
    yield from walk.vote(kind, 75, "description", DESCRIPTION)
    for pattern in SAYS:
        if pattern.match(description):
            yield from walk.words(pattern, weight=55)
            return
