"""A client's line to the wire: its connection, and what answers right on it."""
