"""The walk plan asks for nothing of people, and for no secret: whatever file wants it, it is not in the plan."""

from __future__ import annotations

import ast
import re
from dataclasses import fields as fields_of
from functools import cache
from pathlib import Path

import pytest

from collector import knowledge
from collector.plan import compile_plan
from stocktake import values, wire

#: subtrees that hold people, what they do, or secrets → what they are
FORBIDDEN = {
    "1.3.6.1.2.1.25.4.2.1.5": "HOST-RESOURCES-MIB hrSWRunParameters: command lines, which hold names and passwords",
    "1.3.6.1.2.1.25.1.5": "HOST-RESOURCES-MIB hrSystemNumUsers",
    "1.3.6.1.2.1.43.16": "Printer-MIB prtConsoleDisplayBufferText: names of jobs and their owners",
    "1.3.6.1.4.1.2699.1.1": "Job-Monitoring-MIB: print jobs and their owners",
    "1.3.6.1.4.1.77.1.2.25": "LanMgr-Mib svUserTable: accounts",
    "1.3.6.1.4.1.77.1.2.20": "LanMgr-Mib svSessionTable: who is connected",
    "1.3.6.1.4.1.77.1.2.28": "LanMgr-Mib svPrintQTable",
    "1.3.6.1.4.1.77.1.3": "LanMgr-Mib workstation users",
    "1.3.6.1.6.3.10": "SNMP-FRAMEWORK-MIB",
    "1.3.6.1.6.3.12": "SNMP-TARGET-MIB: whom a device sends traps, with what name",
    "1.3.6.1.6.3.13": "SNMP-NOTIFICATION-MIB",
    "1.3.6.1.6.3.15": "SNMP-USER-BASED-SM-MIB usmUserTable: users and their keys",
    "1.3.6.1.6.3.16": "SNMP-VIEW-BASED-ACM-MIB: groups, views, communities",
    "1.3.6.1.6.3.18": "SNMP-COMMUNITY-MIB snmpCommunityTable",
    "1.3.6.1.2.1.67": "RADIUS-AUTH-CLIENT-MIB",
    "1.3.6.1.2.1.6.13": "TCP-MIB tcpConnTable: who talks to whom",
    "1.3.6.1.2.1.6.19": "TCP-MIB tcpConnectionTable",
    "1.3.6.1.2.1.7.7": "UDP-MIB udpEndpointTable",
    "1.0.8802.1.1.1": "IEEE8021-PAE-MIB: names of users at ports",
    "1.3.6.1.4.1.9.2.9": "OLD-CISCO-TS-MIB: users on lines",
    "1.3.6.1.4.1.9.9.43": "CISCO-CONFIG-MAN-MIB: who changed what, from where",
    "1.3.6.1.4.1.9.9.96": "CISCO-CONFIG-COPY-MIB: names and passwords of copies",
    "1.3.6.1.4.1.9.9.171": "CISCO-IPSEC-FLOW-MONITOR-MIB: peers",
    "1.3.6.1.4.1.9.9.392": "CISCO-REMOTE-ACCESS-MONITOR-MIB: users of a VPN",
    "1.3.6.1.4.1.9.9.599": "CISCO-LWAPP-DOT11-CLIENT-MIB: wireless clients and their users",
    "1.3.6.1.4.1.9.9.220": "CISCO-PAE-MIB",
    "1.3.6.1.4.1.9.9.656": "CISCO-AUTH-FRAMEWORK-MIB: sessions of users",
    "1.3.6.1.4.1.14179.2.1.4": "AIRESPACE-WIRELESS-MIB bsnMobileStationTable: clients and users",
    "1.3.6.1.4.1.14179.2.5": "AIRESPACE-SWITCHING: local users and RADIUS secrets",
    "1.3.6.1.4.1.14823.2.2.1.4": "WLSX-USER-MIB: users",
    "1.3.6.1.4.1.14823.2.3.3.1.2.4": "AI-AP-MIB: clients",
    "1.3.6.1.4.1.25053.1.2.2.1.1.3": "RUCKUS-ZD-WLAN-MIB: stations",
    "1.3.6.1.4.1.41112.1.4.7": "UBNT-AirMAX-MIB stations",
    "1.3.6.1.4.1.14988.1.1.1.2": "MIKROTIK-MIB mtxrWlRtabTable: clients",
    "1.3.6.1.4.1.14988.1.1.5": "MIKROTIK-MIB hotspot: active users",
    "1.3.6.1.4.1.12356.101.5": "FORTINET-FORTIGATE-MIB fgUserTable and its administrators",
    "1.3.6.1.4.1.12356.101.12": "FORTINET-FORTIGATE-MIB: tunnels and users of a VPN",
    "1.3.6.1.4.1.2604.5.1.2.6": "SFOS-FIREWALL-MIB: live users",
    "1.3.6.1.4.1.25461.2.1.2.5": "PAN-COMMON-MIB: users of GlobalProtect",
    "1.3.6.1.4.1.11.2.3.9.4.2.1.1.6": "HP-LASERJET-COMMON-MIB: jobs and what stands of them in the log",
    "1.3.6.1.4.1.674.10892.5.4.300.40": "IDRAC-MIB: the event log",
    "1.3.6.1.4.1.6574.6": "SYNOLOGY-SERVICES-MIB: connected users",
    "1.3.6.1.4.1.8072.1.3.2.2.1.2": "NET-SNMP-EXTEND-MIB nsExtendCommand; what a known name prints may be asked for",
    "1.3.6.1.4.1.8072.1.3.2.2.1.4": "NET-SNMP-EXTEND-MIB nsExtendInput",
    "1.3.6.1.2.1.47.1.2.1.1.4": "ENTITY-MIB entLogicalCommunity",
    "1.3.6.1.4.1.311.1.3": "DHCP-MIB of Microsoft",
    "1.3.6.1.4.1.2021.8": "UCD-SNMP-MIB extTable: commands and what they printed",
    "1.3.6.1.4.1.2021.16": "UCD-SNMP-MIB logMatchTable",
}


@cache
def asked() -> tuple[str, ...]:
    """Every object and subtree that the plan of all files asks for."""
    return tuple(oid for group in compile_plan().groups for oid in (*group.scalars, *group.tables))


@pytest.mark.parametrize("subtree", FORBIDDEN)
def test_nothing_of_people_and_no_secret_is_asked(subtree: str) -> None:
    """An object below a forbidden subtree is one asked for, and so is a subtree above it, which would bring it all."""
    wanted = [o for o in asked() if f"{o}.".startswith(f"{subtree}.") or f"{subtree}.".startswith(f"{o}.")]
    assert not wanted, FORBIDDEN[subtree]


def test_no_file_walks_a_makers_whole_tree() -> None:
    """A subtree near the root of a maker's number would bring whatever that maker puts there later."""
    tables = [oid for group in compile_plan().groups for oid in group.tables]
    assert not [oid for oid in tables if oid.count(".") < 8 and oid.startswith(knowledge.ENTERPRISES)]


# ------------------------------------------------------------------------------------------------ an agent's machine

#: what an agent could read of the people at its machine → what it is
PERSONAL = {
    r"\butmp\b|\bwtmp\b|\blastlog\b|getutxent": "who is and was signed in",
    r"psutil\.users|getpwall|getpwnam|\bgetent\b|/etc/passwd|/etc/shadow|NetUserEnum|Win32_UserAccount": "accounts",
    r"process_iter|psutil\.pids|\bcmdline\(\)|Win32_Process\b": "running programs, and how they were called",
    r"Win32_PrintJob|\blpstat\b|\blpq\b|/var/spool/cups": "print jobs",
    r"Win32_ComputerSystem\b.*UserName|LogonUI|LastLoggedOn|query user|\bquser\b": "who was signed in last",
    r"net_connections|/proc/net/tcp": "who talks to whom",
    r"/home\b|expanduser|USERPROFILE|\.ssh\b|known_hosts|\bhistory\b": "files of people",
    r"wpa_supplicant|netsh wlan|nmcli|snmpd\.conf|\bcommunity\b": "keys and communities",
}
HOST_METHODS = sorted(Path(__file__).parents[2].joinpath("agent", "host").glob("*.py"))


def test_there_are_host_methods_to_look_at() -> None:
    assert len(HOST_METHODS) > 5


@pytest.mark.parametrize("pattern", PERSONAL)
def test_no_host_method_reads_of_people_or_of_secrets(pattern: str) -> None:
    """The code without its words for people: what a method does stands in its calls, names and texts."""
    found = [file.name for file in HOST_METHODS if re.search(pattern, _code(file))]
    assert not found, PERSONAL[pattern]


def test_no_content_has_a_field_for_people() -> None:
    fields = {field.name for kind in values.Content.__args__ for nested in _nested(kind) for field in fields_of(nested)}
    people = ("user", "owner", "login", "account", "job", "community", "password", "process_list", "session")
    assert not [name for name in sorted(fields) if any(word in name for word in people)]


def _nested(kind: type) -> list[type]:
    return [kind, *(nested for (holder, _), nested in wire.contents.NESTED.items() if holder is kind)]


def _code(file: Path) -> str:
    """A module without comments and docstrings."""
    tree = ast.parse(file.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body[0] = ast.Pass()
    return ast.unparse(tree)
