"""Audit rules: one file each, found by being there. What a file names is said in `collector.audit`."""
