"""Stands in for the file of credentials that each user of tmdbsimple's tests writes, `tests/__init__.py`."""

import os

API_KEY, SESSION_ID, USERNAME, PASSWORD = (
    os.environ[f"TMDB_{name}"] for name in ("API_KEY", "SESSION_ID", "USERNAME", "PASSWORD")
)
