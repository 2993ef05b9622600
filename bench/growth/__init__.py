"""This room shows what size costs: a generator that fills a database, and the curve of the hot calls over it."""
