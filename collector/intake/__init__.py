"""Intake: the collector's side of the wire. It keeps evidence and answers; it does not know what evidence means.

One TCP port (`doorway`) leads to two gRPC servers: `enrolment` (server TLS only) and, with mutual TLS, `reports` and
`control`. Who speaks is told by the certificate alone (`certificates`).
"""
