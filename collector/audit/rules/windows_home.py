"""Windows is an edition for organisations, not for homes.

DfE, laptop, desktop and tablet standard: an operating system for education or enterprise; others are replaced now.
"""

from __future__ import annotations

from collector.audit import COMPUTERS, Case, Finding, Given, Need, failed, passed, untold

TITLE = "Windows is no Home edition"
CLASSES = COMPUTERS
NEEDS = frozenset({Need.SUPPORT})


def judge(case: Case, _given: Given) -> Finding | None:
    """By the edition that the machine tells; what is no Windows is not asked."""
    if case.windows is None:
        return None
    if case.windows.home is None:
        return untold("it runs Windows, and its edition is not told: SNMP does not know it, an agent on it does")
    named = case.windows.edition or "its name"
    return (
        failed(f"its edition is {named}", "os.edition")
        if case.windows.home
        else passed(f"its edition is {named}", "os.edition")
    )
