"""This room runs three Admit One over a PostgreSQL cluster of three, on one machine or, by the same files, on more."""
