"""The fourth generation of the wire: one file a feature, its rows of the table in `routes`."""
