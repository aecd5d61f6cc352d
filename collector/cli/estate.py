"""Commands about schools, networks, agents and credentials."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from collector import show
from collector.cli.frame import Arguments, add, command, execute, trust_of
from collector.config import Config
from collector.errors import CollectorError
from collector.store import Store, register


def _agents(settings: Config, arguments: Arguments) -> int:
    del arguments
    with Store.glance(settings.store_url) as connection:
        print(show.agents_table(register.agents(connection, trust_of(connection))))
    return 0


def _add_credential(settings: Config, arguments: Arguments) -> int:
    """Secrets are asked for, or read from stdin, one a line: never from the command line."""
    parts = {
        "name": arguments.name, "version": arguments.snmp, "user": arguments.user, "networks": arguments.network,
        "auth_protocol": arguments.auth, "privacy_protocol": arguments.privacy,
    }  # fmt: skip
    if arguments.snmp == "3":
        if not arguments.user:
            raise CollectorError("SNMPv3 needs --user")
        secrets = {"auth_key": _secret("authentication passphrase"), "privacy_key": _secret("privacy passphrase")}
        if min(len(secret) for secret in secrets.values()) < 8:
            raise CollectorError("SNMPv3 passphrases have at least 8 characters (RFC 3414)")
    else:
        secrets = {"community": _secret("community")}
        parts |= {"auth_protocol": "", "privacy_protocol": ""}
    print(execute(settings, "add_credential", {"credential": parts | secrets, "school": arguments.school}))
    return 0


def _secret(what: str) -> str:
    found = getpass.getpass(f"{what}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if not found:
        raise CollectorError(f"no {what} was given: type it when asked, or give it on stdin, one a line")
    return found


def add_to(group: Any) -> None:
    """Add these commands to the parser."""
    _add_schools(group)
    _add_secrets(group)


def _add_schools(group: Any) -> None:
    school = add(group, "school", command("add_school", "name", "urn"), "add a school")
    school.add_argument("name")
    school.add_argument("--urn", default="", help="its Unique Reference Number, if it has one")
    network = add(group, "network", command("add_network", "school", "cidr"), "name a network for agents to sweep")
    network.add_argument("school", help="a school, or School/Site")
    network.add_argument("cidr", metavar="NETWORK", help="for example 10.1.0.0/22")
    token = add(
        group, "token", command("token", "school"), "print a one-time token that enrols an agent within 72 hours"
    )
    token.add_argument("--school", required=True, help="the school where the agent stands, or School/Site")
    add(group, "agents", _agents, "list the agents")
    revoke = add(group, "revoke", command("revoke_agent", "agent_id"), "shut an agent out")
    revoke.add_argument("agent_id", metavar="AGENT")


def _add_secrets(group: Any) -> None:
    credential = add(
        group, "credential", _add_credential, "keep an SNMP credential; secrets are asked for or read from stdin"
    )
    credential.add_argument("name", help="what people call it")
    credential.add_argument("--snmp", choices=("1", "2c", "3"), default="3", help="SNMP version (default 3)")
    credential.add_argument("--user", default="", help="SNMPv3 user")
    credential.add_argument("--auth", default="SHA", help="SNMPv3 authentication: MD5, SHA, SHA-224 … SHA-512")
    credential.add_argument("--privacy", default="AES", help="SNMPv3 privacy: DES, AES, AES-192, AES-256")
    credential.add_argument("--network", action="append", default=[], help="where it may be tried; may be repeated")
    credential.add_argument("--school", default="", help="for one school only")
    forget = add(group, "forget-credential", command("remove_credential", "name"), "forget an SNMP credential")
    forget.add_argument("name")
    token = add(
        group, "api-token", command("api_token", "name", "scope", "days", "school"), "print a token for programs, once"
    )
    token.add_argument("name", help="who will use it")
    scopes = ("read", "write", "metrics")
    token.add_argument("--scope", choices=scopes, default="read", help="the API, with records to write, or /metrics")
    token.add_argument("--days", type=int, default=365, help="how long it is good (at most 365)")
    token.add_argument("--school", action="append", default=[], metavar="SCHOOL",
                       help="a school that it sees, where it is not to see all; may be repeated")  # fmt: skip
