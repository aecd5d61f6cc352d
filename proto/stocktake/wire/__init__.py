"""Turns the plain values of `stocktake.values` into the bytes of `stocktake.v1` and back.

These are the only modules where messages and values meet; they do not know who sends, signs or stores the bytes. One
table (`contents`) maps every kind of evidence to its case on the wire, and a test asserts that table, dataclasses and
message agree. Anything that cannot be read raises `WireError` with a sentence; no other exception leaves them for any
input.
"""

from __future__ import annotations

from stocktake.wire.contents import decode_content, encode_content
from stocktake.wire.orders import (
    decode_credential,
    decode_erased,
    decode_plan,
    encode_credential,
    encode_erased,
    encode_plan,
    plan_digest,
)
from stocktake.wire.parts import WireError, digest
from stocktake.wire.reports import (
    Batch,
    ExaminationFrame,
    GroupFrame,
    ReportFrame,
    decode_batch,
    decode_examination,
    decode_report,
    decode_report_frame,
    decode_subject,
    encode_batch,
    encode_examination,
    encode_report,
)

__all__ = [
    "BATCH_SIGNATURE_PREFIX",
    "CREDENTIAL_SEALING_INFO",
    "ERASURE_SEALING_INFO",
    "Batch",
    "ExaminationFrame",
    "GroupFrame",
    "ReportFrame",
    "WireError",
    "decode_batch",
    "decode_content",
    "decode_credential",
    "decode_erased",
    "decode_examination",
    "decode_plan",
    "decode_report",
    "decode_report_frame",
    "decode_subject",
    "digest",
    "encode_batch",
    "encode_content",
    "encode_credential",
    "encode_erased",
    "encode_examination",
    "encode_plan",
    "encode_report",
    "plan_digest",
]

BATCH_SIGNATURE_PREFIX = b"stocktake.v1.Batch"
CREDENTIAL_SEALING_INFO = b"stocktake.v1.Credential"
ERASURE_SEALING_INFO = b"stocktake.v1.Erasure"
