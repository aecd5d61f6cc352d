"""It has an asset tag.

DfE, laptop, desktop and tablet standard, and GOV.UK on fixed assets: each device is labelled, and the register has it.
"""

from __future__ import annotations

from collector.audit import Case, Finding, Given, Need, failed, passed, untold

TITLE = "It has an asset tag"
CLASSES = ()
NEEDS = frozenset({Need.RECORD, Need.TOLD})


def judge(case: Case, _given: Given) -> Finding:
    """By its record, else by the tag that is written into its firmware."""
    if case.record.get("asset_tag"):
        return passed("its asset tag is recorded", "record: asset_tag")
    if case.of().get("asset_tag"):
        return passed("its firmware tells an asset tag", "asset_tag")
    if not case.recorded:
        return untold("nobody has recorded anything of it, and it tells no asset tag")
    return failed("its record has no asset tag, and it tells none", "record: asset_tag")
