"""A file that lacks what a rule must name."""
