"""Is the whole public face of the client."""

__version__ = "0.1.0"
