"""Commands that erase on request, and that say who is a guest."""

from __future__ import annotations

from typing import Any

from collector.cli.frame import Arguments, add, command, execute
from collector.config import Config
from collector.errors import CollectorError


def _erase(settings: Config, arguments: Arguments) -> int:
    if arguments.again:
        print(execute(settings, "erase_again", {}))
        return 0
    asked = {kind: getattr(arguments, kind) for kind in ("mac", "serial", "uuid", "device")}
    kind, value = next(((kind, value) for kind, value in asked.items() if value), ("", ""))
    if not value:
        raise CollectorError("say what to erase: --mac, --serial, --uuid or --device; or --again after a restore")
    if not (arguments.reason or arguments.dry_run):
        raise CollectorError("say why with --reason, or look first with --dry-run")
    said = {"kind": kind, "value": value, "reason": arguments.reason}
    print(execute(settings, "erase", said | {"keep_away": arguments.keep_away, "dry_run": arguments.dry_run}))
    return 0


def add_to(group: Any) -> None:
    """Add these commands to the parser."""
    erase = add(group, "erase", _erase, "erase a value or a device everywhere, and leave a tombstone without it")
    what = erase.add_mutually_exclusive_group()
    what.add_argument("--mac", default="", help="a MAC address, in any notation")
    what.add_argument("--serial", default="", help="a serial number, or another text")
    what.add_argument("--uuid", default="", help="the UUID of a machine")
    what.add_argument("--device", default="", metavar="ID", help="a device with all that only it has")
    what.add_argument("--again", action="store_true", help="after a backup was restored: all that was erased before")
    erase.add_argument("--reason", default="", help="why; the tombstone keeps it")
    erase.add_argument("--keep-away", action="store_true", help="redact it again whenever it arrives")
    erase.add_argument("--dry-run", action="store_true", help="say what would go, and erase nothing")
    add(group, "erasures", command("erasures"), "list what was erased, when and why; never what it was")
    release = add(group, "release", command("release", "erasure_id"), "no longer keep away what an erasure was of")
    release.add_argument("erasure_id", metavar="ERASURE")
    guest = add(
        group, "guest", command("guest", "school", "network", "tracked"),
        "say that everybody on a network is a guest: counted, not tracked",
    )  # fmt: skip
    guest.add_argument("network", help="such as 10.1.8.0/22")
    guest.add_argument("--school", required=True, help="the school, or School/Site")
    guest.add_argument("--tracked", action="store_true", help="the opposite: they are devices again")
