"""The floors: what the same machine does at the same moment for programs that do nothing but the least."""
