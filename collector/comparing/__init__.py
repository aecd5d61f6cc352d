"""Compares schools: reads the store, has `benchmark` reckon, and keeps what people decide of it, with the journal.

`measuring`: the trust's own schools, and which are alike. `club`: what is given to other trusts and what they give.
"""
