"""SNMP with devices: the seam (`session`), its forms (`community`, `usm`, `recorded`), and walks over it.

Nothing here knows a plan, a report or what an object means.
"""
