"""What was disposed of has its certificate.

DfE, digital technology disposal; WEEE Regulations 2013; UK GDPR: the register tells when it was disposed of securely.
"""

from __future__ import annotations

from collector.audit import Case, Finding, Given, Need, failed, passed, untold

TITLE = "Its disposal has a certificate"
CLASSES = ()
NEEDS = frozenset({Need.RECORD, Need.ABSENCE})
GONE = True


def judge(case: Case, _given: Given) -> Finding | None:
    """By its record; what is not said to be disposed of is not asked."""
    if case.record.get("status") != "disposed" and not case.record.get("disposed_on"):
        return None
    if case.record.get("status") != "disposed":
        return untold(
            "its record has a day of disposal, and does not say that it is disposed of", "record: disposed_on"
        )
    number = case.record.get("disposal_certificate")
    if number or case.certificates:
        kept = "the number of its certificate is recorded" if number else "its certificate is kept as a file"
        return passed(kept, "record: disposal_certificate" if number else "record: files")
    return failed("it is said to be disposed of, and there is no certificate", "record: status")
