"""The disks of a server are an array, and it is whole.

DfE, servers and storage standard: critical servers keep their data on mirrored or redundant disks.
"""

from __future__ import annotations

from collector.audit import SERVERS, Case, Finding, Given, Need, failed, passed, untold

TITLE = "The server’s disk arrays are whole"
CLASSES = SERVERS
NEEDS = frozenset({Need.TOLD})
WHOLE = frozenset({"ok", "normal", "good", "online", "optimal", "ready", "healthy", "active", "redundant", "clean"})
BROKEN = frozenset({"degraded", "failed", "failure", "critical", "crashed", "faulted", "fault", "bad", "error",
                    "offline", "rebuilding", "depleted", "lost"})  # fmt: skip


def judge(case: Case, _given: Given) -> Finding:
    """By what it tells of its arrays and pools; a word that says neither is none."""
    told = {name: str(said["status"]).lower() for name, said in case.parts("array", "pool") if "status" in said}
    broken = [name for name, status in told.items() if status in BROKEN]
    if broken:
        listed = ", ".join(f"{name.partition('/')[2]} is {told[name]}" for name in broken[:3])
        return failed(
            f"{len(broken)} of {len(told)} disk arrays are not whole: {listed}", *(f"{n} status" for n in broken)
        )
    whole = [name for name, status in told.items() if status in WHOLE]
    if not whole:
        return untold("it does not tell of any disk array")
    return passed(f"{len(whole)} disk arrays are whole", *(f"{name} status" for name in whole))
