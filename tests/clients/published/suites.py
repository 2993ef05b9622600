"""The published suites: where each lies, what is filled in, which of their tests ask for what we do not serve."""

from dataclasses import dataclass
from pathlib import Path

from tests.running import REPOSITORY

FETCHED = REPOSITORY / ".venv" / "published"
STAND_INS = Path(__file__).parent / "stand_ins"


@dataclass(frozen=True)
class Suite:
    """One client's tests, byte for byte as published but for `filled_in`: lines that name what their authors own.

    `filled_in` says by file what to write for what; `{}` stands for the number of a list that was made for it.
    `left_out` says by reason which tests must fail, by file, file.class or file.class.test. `size` counts all tests.
    """

    client: str
    size: int
    stand_in: str
    filled_in: dict[str, dict[str, str]]
    left_out: dict[str, tuple[str, ...]]

    @property
    def published(self) -> Path:
        """The folder of tests."""
        found = list(FETCHED.glob(f"{self.client}-*/tests"))
        assert len(found) == 1, f"scripts/published fetches {self.client}'s tests; make test runs it"
        return found[0]

    def reason(self, test: str) -> str | None:
        """Why a test is left out; None if it is not."""
        for reason, names in self.left_out.items():
            if any(f"{test}.".startswith(f"{name}.") for name in names):
                return reason
        return None


CHANGES = "nobody watches what changes in a catalogue here"
PEOPLE = "people, companies, networks, collections, keywords and their like are no titles: not served"
CHOICES = "trending, discover and charts other than the popular ones: not served"
RULES = "certifications and who streams what where: not served"
PARTS = "the sides of seasons and episodes, and their ids in TMDB: not known here"
FACTS = "the catalogue has titles, dates and a few ids; what else is asked for here is answered, but empty"
GONE = "TMDB itself has withdrawn it"

TMDBSIMPLE = Suite(
    client="tmdbsimple",
    size=153,
    stand_in="__init__.py",
    filled_in={
        "test_account.py": {
            "MOVIETITLE = 'The Brother from Another Planet'": "MOVIETITLE = 'Ruby Sparks'",
            "LIST_ID = '509ec17b19c2950a0600050d'": "LIST_ID = '{}'",
        }
    },
    left_out={
        CHANGES: ("test_changes", "test_tv.TVChangesTestCase", "test_movies.MoviesTestCase.test_movies_changes"),
        PEOPLE: (
            "test_movies.CollectionsTestCase",
            "test_movies.CompaniesTestCase",
            "test_movies.KeywordsTestCase",
            "test_movies.ReviewsTestCase",
            "test_people",
            "test_search.SearchTestCase.test_search_collection",
            "test_search.SearchTestCase.test_search_company",
            "test_search.SearchTestCase.test_search_keyword",
            "test_search.SearchTestCase.test_search_person",
            "test_tv.NetworksTestCase",
        ),
        CHOICES: (
            "test_discover",
            "test_find.TrendingTestCase",
            "test_genres.GenresTestCase.test_genres_movies",
            "test_movies.MoviesTestCase.test_movies_latest",
            "test_movies.MoviesTestCase.test_movies_now_playing",
            "test_movies.MoviesTestCase.test_movies_top_rated",
            "test_movies.MoviesTestCase.test_movies_upcoming",
            "test_tv.TVTestCase.test_tv_airing_today",
            "test_tv.TVTestCase.test_tv_latest",
            "test_tv.TVTestCase.test_tv_on_the_air",
            "test_tv.TVTestCase.test_tv_top_rated",
        ),
        RULES: ("test_configuration.CertificationsTestCase", "test_watch_providers"),
        PARTS: (
            "test_tv.TVEpisodeGroupsTestCase",
            "test_tv.TVEpisodesTestCase.test_tv_episodes_credits",
            "test_tv.TVEpisodesTestCase.test_tv_episodes_external_ids",
            "test_tv.TVEpisodesTestCase.test_tv_episodes_images",
            "test_tv.TVEpisodesTestCase.test_tv_episodes_info",
            "test_tv.TVEpisodesTestCase.test_tv_episodes_translations",
            "test_tv.TVEpisodesTestCase.test_tv_episodes_videos",
            "test_tv.TVSeasonsTestCase",  # asks for series 3572, which the catalogue has not
            "test_tv.TVTestCase.test_tv_episode_groups",
            "test_tv.TVTestCase.test_tv_screened_theatrically",
        ),
        FACTS: ("test_movies.MoviesTestCase.test_movies_info_with_params",),  # titles in German
        GONE: (
            "test_movies.MoviesTestCase.test_movies_releases",
            "test_movies.MoviesTestCase.test_movies_similar_movies",
        ),
    },
)

TMDBV3API = Suite(
    client="tmdbv3api",
    size=156,
    stand_in="util.py",
    filled_in={
        "test_list.py": {
            "self.test_list_id = 112870": "self.test_list_id = {}",
            "self.test_movie_id = 540111": "self.test_movie_id = 76203",
        }
    },
    left_out={
        CHANGES: (
            "test_change",
            "test_episode.EpisodeTests.test_get_episode_changes",
            "test_movie.MovieTests.test_get_movie_changes",
            "test_season.SeasonTests.test_get_season_changes",
            "test_tv.TvTests.test_get_tv_changes",
        ),
        PEOPLE: (
            "test_collection",
            "test_company",
            "test_credit",
            "test_keyword",
            "test_network",
            "test_person",
            "test_review",
            "test_search.SearchTests.test_get_search_collections",
            "test_search.SearchTests.test_get_search_companies",
            "test_search.SearchTests.test_get_search_keywords",
            "test_search.SearchTests.test_get_search_people",
        ),
        CHOICES: (
            "test_discover",
            "test_movie.MovieTests.test_get_movie_latest",
            "test_movie.MovieTests.test_get_movie_now_playing",
            "test_movie.MovieTests.test_get_movie_top_rated",
            "test_movie.MovieTests.test_get_movie_upcoming",
            "test_trending",
            "test_tv.TvTests.test_get_tv_airing_today",
            "test_tv.TvTests.test_get_tv_latest",
            "test_tv.TvTests.test_get_tv_on_the_air",
            "test_tv.TvTests.test_get_tv_top_rated",
        ),
        RULES: ("test_certification", "test_provider"),
        PARTS: (
            "test_episode",
            "test_group",
            "test_season",
            "test_tv.TvTests.test_get_tv_episode_groups",
            "test_tv.TvTests.test_get_tv_screened_theatrically",
        ),
        FACTS: (
            "test_find.FindTests.test_find_by_facebook_id",
            "test_find.FindTests.test_find_by_instagram_id",
            "test_find.FindTests.test_find_by_tvdb_id",
            "test_find.FindTests.test_find_by_tvrage_id",
            "test_find.FindTests.test_find_by_twitter_id",
            "test_movie.MovieTests.test_get_movie_alternative_titles",
            "test_movie.MovieTests.test_get_movie_images",
            "test_movie.MovieTests.test_get_movie_keywords",
            "test_movie.MovieTests.test_get_movie_providers",
            "test_movie.MovieTests.test_get_movie_recommendations",
            "test_movie.MovieTests.test_get_movie_release_dates",
            "test_movie.MovieTests.test_get_movie_reviews",
            "test_movie.MovieTests.test_get_movie_similar",
            "test_movie.MovieTests.test_get_movie_translations",
            "test_movie.MovieTests.test_get_movie_videos",
            "test_tv.TvTests.test_get_tv_aggregate_credits",
            "test_tv.TvTests.test_get_tv_alternative_titles",
            "test_tv.TvTests.test_get_tv_content_ratings",
            "test_tv.TvTests.test_get_tv_credits",
            "test_tv.TvTests.test_get_tv_external_ids",
            "test_tv.TvTests.test_get_tv_images",
            "test_tv.TvTests.test_get_tv_keywords",
            "test_tv.TvTests.test_get_tv_providers",
            "test_tv.TvTests.test_get_tv_recommendations",
            "test_tv.TvTests.test_get_tv_reviews",
            "test_tv.TvTests.test_get_tv_similar",
            "test_tv.TvTests.test_get_tv_translations",
            "test_tv.TvTests.test_get_tv_videos",
        ),
        GONE: ("test_find.FindTests.test_find_by_freebase_id", "test_find.FindTests.test_find_by_freebase_mid"),
    },
)
