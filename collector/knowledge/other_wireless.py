"""Access points and controllers of smaller makers: Xirrus, Meru, Extricom, Bluesocket, Proxim, Trapeze, 4ipnet.

Sources: the makers' numbers and sysDescr. Proxim's ORiNOCO tells model and version in one line; where nothing but the
number speaks, only the kind is stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Statement, Walk

E = "1.3.6.1.4.1"
KINDS = {f"{E}.9967": "wireless controller", f"{E}.11898": "access point", f"{E}.841": "access point",
         f"{E}.14525": "wireless controller", f"{E}.15983": "wireless controller", f"{E}.21013": "access point",
         f"{E}.23937": "wireless controller", f"{E}.31932": "access point"}  # fmt: skip
SAYS = (
    re.compile(r"^Xirrus (?P<model>\S+) .*?(?:ArrayOS|AOS|Version) (?:Version )?(?P<firmware>\d[\w.-]*)"),
    re.compile(
        r"^(?P<model>(?:ORiNOCO |Tsunami |Proxim )?(?:AP|MP|QB|GX)[-\w.]*\d\w*),? v?(?P<firmware>\d[\d.]+\w*)",
        re.IGNORECASE,
    ),
    re.compile(r"^(?:Trapeze|Juniper) Networks.*?(?P<model>M[XP]R?-\S+|WL[CA]\S+) (?P<firmware>\d\S*)"),
)
UNDER = ("841", "9967", "11898", "14525", "15983", "21013", "23937", "31932")


def read(walk: Walk) -> Iterator[Statement]:
    """The kind by number, identity by description."""
    kind = walk.of_object_id(KINDS)
    if kind is None:
        return
    yield from walk.vote(kind, 75, "object_id", OBJECT_ID)
    for pattern in SAYS:
        if pattern.search(walk.description):
            yield from walk.words(pattern, DESCRIPTION, weight=55)
            return
