"""The app under test: anything that uses tmdbsimple, set up as its users do. Only its session knows of the sandbox."""

import pytest
import tmdbsimple


@pytest.fixture(autouse=True)
def tmdb(admitone, monkeypatch):
    with admitone.redirect() as session:
        monkeypatch.setattr(tmdbsimple, "API_KEY", admitone.api_key)
        monkeypatch.setattr(tmdbsimple, "REQUESTS_SESSION", session)
        monkeypatch.setattr(tmdbsimple, "REQUESTS_TIMEOUT", 0.5)
        yield tmdbsimple
