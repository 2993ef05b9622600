"""This file brings all tables of all rooms together: whoever needs every one takes the metadata from here."""

from admitone.store.connected import tables as connected
from admitone.store.people import factor_tables as factors
from admitone.store.people import tables as people
from admitone.store.records import tables as records
from admitone.store.schema import metadata
from admitone.store.worlds import tables as worlds

__all__ = ["connected", "factors", "metadata", "people", "records", "worlds"]
