"""The third generation of the wire: one file a feature, a handler of a few lines for each operation."""
