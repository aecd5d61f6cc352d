"""A simulated trust: recorded devices on loopback, served over real SNMP."""
