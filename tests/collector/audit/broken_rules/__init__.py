"""Rules that are broken, each in its own way, and one that is not."""
