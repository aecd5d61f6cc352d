"""Reconciles a book with reality: an uploaded register against what the network and the records say.

values      what is passed on: what the register holds, what becomes of each row
book        the rows of an uploaded register, with what is spoilt in them
marks       serial numbers, tags, MACs and names as they are compared, and how a wrong one may have come about
comparing   which fields of a row and a device differ
matching    which row is which device: one to one, by strong marks; all else is a question
judging     from matches to kinds: matched, differing, ghost, unrecorded, twice
around      what the register holds, as a book is held against it
bringing    a book that is brought, read and compared: kept, nothing changed
settling    what a person says of rows: written into records, undone

All but the last three are pure.
"""
