"""Windows by SNMP (sysDescr of Microsoft's agent): edition and release by the build number.

Microsoft's agent tells workstation, server and domain controller by sysObjectID (voted on in `system`), and a build
that means one release of a workstation and another of a server. Software and users are not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Statement, Walk

AGENT = "1.3.6.1.4.1.311.1.1.3.1"
ROLES = {f"{AGENT}.1": "workstation", f"{AGENT}.2": "server", f"{AGENT}.3": "domain controller"}
WORDS = re.compile(
    r"^Hardware: (?P<processor>.+?) +- +Software: Windows (?:NT |2000 )?Version (?P<version>\d+\.\d+) +"
    r"\(Build(?: Number:)? (?P<build>\d+)"
)
#: build → release, of workstations and of servers (Microsoft's release information)
WORKSTATIONS = {
    1057: "NT 3.51", 1381: "NT 4.0", 2195: "2000", 2600: "XP", 3790: "XP x64", 6000: "Vista", 6001: "Vista SP1",
    6002: "Vista SP2", 7600: "7", 7601: "7 SP1", 9200: "8", 9600: "8.1", 10240: "10 1507", 10586: "10 1511",
    14393: "10 1607", 15063: "10 1703", 16299: "10 1709", 17134: "10 1803", 17763: "10 1809", 18362: "10 1903",
    18363: "10 1909", 19041: "10 2004", 19042: "10 20H2", 19043: "10 21H1", 19044: "10 21H2", 19045: "10 22H2",
    22000: "11 21H2", 22621: "11 22H2", 22631: "11 23H2", 26100: "11 24H2", 26200: "11 25H2",
}  # fmt: skip
SERVERS = {
    1057: "NT 3.51", 1381: "NT 4.0", 2195: "2000", 3790: "2003", 6001: "2008", 6002: "2008 SP2", 6003: "2008 SP2",
    7600: "2008 R2", 7601: "2008 R2 SP1", 9200: "2012", 9600: "2012 R2", 14393: "2016", 16299: "1709", 17134: "1803",
    17763: "2019", 18362: "1903", 18363: "1909", 19041: "2004", 19042: "20H2", 20348: "2022", 25398: "23H2",
    26100: "2025",
}  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """Product, release, build and role of a Windows machine."""
    match = WORDS.match(walk.description)
    role = walk.of_object_id(ROLES)
    if match is None:
        return
    workstation = role == "workstation"
    if role is None:  # another agent's number: a computer, of which kind is not told
        yield from walk.vote("computer", 45, "description", DESCRIPTION)
    build = int(match["build"])
    release = (WORKSTATIONS if workstation else SERVERS).get(build, "") if role else ""
    product = "Windows" if workstation or not role else "Windows Server"
    yield from walk.fact("os.name", f"{product} {release}".strip(), DESCRIPTION, weight=60)
    yield from walk.fact("os.version", match["version"], DESCRIPTION, weight=40)
    yield from walk.fact("os.build", match["build"], DESCRIPTION, weight=40)
    yield from walk.fact("role", role, OBJECT_ID)
    yield from walk.fact("name", match["processor"], DESCRIPTION, component="processor/0", weight=30)
