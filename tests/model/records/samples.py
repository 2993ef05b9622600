"""Files as the services write them, small, with every trap that is known of each."""

import json
import zipfile
from io import BytesIO

from admitone.model.records.entries import File

TMDB = (
    "TMDb ID,IMDb ID,Type,Name,Release Date,Season Number,Episode Number,Rating,Your Rating,Date Rated\r\n"
    "550,tt0137523,movie,Fight Club,1999-10-15,,,8.4,8.5,2023-04-05T10:11:12Z\r\n"
    '1399,tt0944947,tv,"Game, of Thrones",2011-04-17,,,8.4,9,2023-04-06\r\n'
    "1399,,tv,Game of Thrones,2011-04-17,1,2,8.1,0.5,2023-04-07 01:02:03 UTC\r\n"
    "1399,,tv,Game of Thrones,2011-04-17,1,,8.1,7,2023-04-07\r\n"
    "680,tt0110912,movie,Pulp Fiction,1994-09-10,,,8.5,,\r\n"
    "13,tt0109830,movie,Forrest Gump,1994-06-23,,,8.5,7.3,2023-04-08\r\n"
)
TMDB_WATCHLIST = (
    "TMDb ID,IMDb ID,Type,Name,Release Date,Season Number,Episode Number,Rating,Your Rating,Date Rated\n"
    "550,tt0137523,movie,Fight Club,1999-10-15,,,8.4,,\n"
)
IMDB = (
    "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,"
    "Num Votes,Release Date,Directors\r\n"
    "tt0137523,9,2020-01-02,Fight Club,Fight Club,https://www.imdb.com/title/tt0137523,Movie,8.8,139,1999,Drama,"
    "2000000,1999-10-15,David Fincher\r\n"
    "tt0944947,10,2020-01-03,Game of Thrones,Game of Thrones,https://www.imdb.com/title/tt0944947/,TV Series,9.2,57,"
    "2011,Drama,1,2011-04-17,\r\n"
    "tt9999999,7,2020-01-04,Some Game,Some Game,https://www.imdb.com/title/tt9999999,Video Game,9.2,57,2011,,1,,\r\n"
)
IMDB_OLD = (
    '"position","const","created","modified","description","Title","Title type","Directors","You rated","Year"\n'
    '"1","tt0137523","Thu Jan 02 00:00:00 2020","","","Léon","Feature Film","","9","1999"\n'
)
IMDB_2015 = (
    '"position","const","created","modified","description","Title","Title type","Directors","You rated","IMDb Rating",'
    '"Runtime (mins)","Year","Genres","Num. Votes","Release Date (month/day/year)","URL"\n'
    '"1","tt0137523","Sun Mar  1 00:00:00 2015","","","Fight Club","Feature Film","David Fincher","6","8.8","139",'
    '"1999","drama","1","1999-10-15","http://www.imdb.com/title/tt0137523/"\n'
    '"2","tt0185906","Tue Jan 20 00:00:00 2015","","","Band of Brothers","Mini-Series","","10","9.5","594","2001",'
    '"drama","1","2001-09-09","http://www.imdb.com/title/tt0185906/"\n'
)
IMDB_WATCHLIST = (
    "Position,Const,Created,Modified,Description,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,"
    "Genres,Num Votes,Release Date,Directors,Your Rating,Date Rated\r\n"
    "1,tt0137523,2021-05-06,2021-05-06,,Fight Club,Fight Club,https://www.imdb.com/title/tt0137523,Movie,8.8,139,1999,"
    "Drama,1,1999-10-15,David Fincher,9,2020-01-02\r\n"
)
LETTERBOXD_RATINGS = (
    "Date,Name,Year,Letterboxd URI,Rating\n"
    "2019-05-06,Fight Club,1999,https://boxd.it/2a9q,4.5\n"
    "2019-05-07,The Matrix,1999,https://boxd.it/2a1m,0.5\n"
)
LETTERBOXD_DIARY = (
    "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
    "2018-05-06,Fight Club,1999,https://boxd.it/aaaa,2,,,2018-05-05\n"
    "2018-05-07,Alien,1979,https://boxd.it/bbbb,,Yes,,2018-05-07\n"
)
LETTERBOXD_REVIEWS = (
    "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date\n"
    '2018-05-06,Fight Club,1999,https://boxd.it/aaaa,4.5,,"Twice,\nand again.",,2018-05-05\n'
)
FOR_LETTERBOXD = (
    "Title,Year,Rating10,WatchedDate\nFight Club,1999,8.5,2018-05-05\nAlien,1979,,2018-05-05\n",
    "LetterboxdURI,Title,Year,Rating\n,Fight Club,1999,4.25\n,Alien,1979,\n",
    "Name,Year,Rating10\nFight Club,1999,8.5\nAlien,1979,\n",
    "imdbID,Title,Year,Rating,WatchedDate\n,Fight Club,1999,4.25,2018-05-05\n,Alien,1979,,2018-05-05\n",
)
LETTERBOXD_PLAIN = "Date,Name,Year,Letterboxd URI\n2020-02-03,Alien,1979,https://boxd.it/2awY\n"
LETTERBOXD_LIST = (
    "Letterboxd list export v7\r\n"
    "Date,Name,Tags,URL,Description\r\n"
    '2020-03-04,"Nights, long",,https://boxd.it/cccc,For when it rains\r\n'
    "\r\n"
    "Position,Name,Year,URL,Description\r\n"
    "1,Alien,1979,https://boxd.it/2awY,\r\n"
    "2,Fight Club,1999,https://boxd.it/2a9q,\r\n"
)
TRAKT = [
    {
        "rated_at": "2014-09-01T09:10:11.000Z",
        "rating": 10,
        "type": "movie",
        "movie": {
            "title": "Fight Club",
            "year": 1999,
            "ids": {"trakt": 1, "slug": "fight-club", "imdb": "tt0137523", "tmdb": 550},
        },
    },
    {
        "rated_at": "2014-09-02T09:10:11.000Z",
        "rating": 8,
        "type": "episode",
        "episode": {"season": 1, "number": 2, "title": "The Kingsroad", "ids": {"trakt": 2, "tmdb": 63057}},
        "show": {"title": "Game of Thrones", "year": 2011, "ids": {"trakt": 3, "imdb": "tt0944947", "tmdb": 1399}},
    },
    {
        "rated_at": "2014-09-03T09:10:11.000Z",
        "rating": 8,
        "type": "season",
        "season": {"number": 1, "ids": {"trakt": 4}},
        "show": {"title": "Game of Thrones", "year": 2011, "ids": {"trakt": 3, "tmdb": 1399}},
    },
    {
        "rated_at": "2014-09-04T09:10:11.000Z",
        "rating": 6,
        "type": "show",
        "show": {"title": "Dark", "year": 2017, "ids": {"trakt": 5, "imdb": None, "tmdb": None}},
    },
]
TRAKT_LISTED = [
    {
        "rank": 1,
        "listed_at": "2015-01-02T03:04:05.000Z",
        "type": "movie",
        "movie": {"title": "Alien", "year": 1979, "ids": {"trakt": 6, "imdb": "tt0078748", "tmdb": 348}},
    }
]
TRAKT_WATCHED = [{"plays": 3, "last_watched_at": "2015-01-02T03:04:05.000Z", "movie": {"title": "Alien", "ids": {}}}]
TRAKT_TABLE = (
    "rated_at,type,title,year,trakt_rating,trakt_id,imdb_id,tmdb_id,season_number,episode_number,rating\n"
    "2014-09-01T09:10:11Z,movie,Fight Club,1999,8.4,1,tt0137523,550,,,7\n"
    "2014-09-01T09:10:11Z,episode,Game of Thrones,2011,8.4,1,tt0944947,1399,3,9,10\n"
)
MOVIELENS_LINKS = "movieId,imdbId,tmdbId\n2959,0137523,550\n1,0114709,862\n142456,0004546,\n99,0137523,550\n"
MOVIELENS_RATINGS = (
    "userId,movieId,rating,timestamp\n1,2959,4.5,964982931\n1,142456,0.5,964982931\n1,99,5.0,964982940\n1,777,5,1\n"
)
MOVIELENS_MOVIES = 'movieId,title,genres\n142456,"Brand New World, The (1915)",Comedy\n'
MOVIELENS_OWN = (
    "movie_id, imdb_id, tmdb_id, rating, average_rating, title\n2959,0137523,550,3.5,4.2,Fight Club (1999)\n"
)
TRAKT_LISTS = [
    {
        "name": "Criterion Collection, watched",
        "description": "One a week",
        "privacy": "private",
        "share_link": "https://trakt.tv/lists/55",
        "type": "personal",
        "display_numbers": True,
        "allow_comments": True,
        "sort_by": "rank",
        "sort_how": "asc",
        "created_at": "2024-01-02T03:04:05.000Z",
        "updated_at": "2024-01-02T03:04:05.000Z",
        "item_count": 2,
        "comment_count": 0,
        "likes": 0,
        "ids": {"trakt": 55, "slug": "criterion-collection-watched"},
        "user": {"username": "mira", "private": False, "ids": {"slug": "mira"}},
    },
]


def file(path: str, content: str, encoding: str = "utf-8") -> File:
    return File(path, content.encode(encoding))


def archive(files: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for path, content in files.items():
            made.writestr(path, content)
    return buffer.getvalue()


LETTERBOXD = archive(
    {
        "letterboxd-mira-2024/ratings.csv": LETTERBOXD_RATINGS,
        "letterboxd-mira-2024/diary.csv": LETTERBOXD_DIARY,
        "letterboxd-mira-2024/watched.csv": LETTERBOXD_PLAIN,
        "letterboxd-mira-2024/watchlist.csv": LETTERBOXD_PLAIN,
        "letterboxd-mira-2024/likes/films.csv": LETTERBOXD_PLAIN,
        "letterboxd-mira-2024/lists/nights-long.csv": LETTERBOXD_LIST,
        "letterboxd-mira-2024/deleted/diary.csv": LETTERBOXD_DIARY,
        "letterboxd-mira-2024/profile.csv": "Date Joined,Username\n2018-01-01,mira\n",
        "__MACOSX/letterboxd-mira-2024/._ratings.csv": "\0\1\2",
    }
)
MOVIELENS = archive(
    {
        "ml-latest-small/ratings.csv": MOVIELENS_RATINGS,
        "ml-latest-small/links.csv": MOVIELENS_LINKS,
        "ml-latest-small/movies.csv": MOVIELENS_MOVIES,
        "ml-latest-small/README.txt": "Summary",
    }
)
# What Trakt itself hands out since 2025: every list in files of its own, what they are called in another.
TRAKT_EXPORT = archive(
    {
        "collection-movies.json": json.dumps([{"collected_at": "2015-01-02T03:04:05.000Z", **TRAKT_WATCHED[0]}]),
        "comments-movies.json": json.dumps([{"type": "movie", "movie": TRAKT[0]["movie"], "comment": {"id": 1}}]),
        "hidden-dropped.json": json.dumps([{"hidden_at": "2015-01-02T03:04:05.000Z", "show": TRAKT[3]["show"]}]),
        "likes-lists.json": json.dumps([{"liked_at": "2015-01-02T03:04:05.000Z", "list": TRAKT_LISTS[0]}]),
        "lists-favorites.json": json.dumps(TRAKT_LISTED),
        "lists-list-55-criterion-collection-watched-1.json": json.dumps(TRAKT_LISTED),
        "lists-list-55-criterion-collection-watched-2.json": json.dumps(
            [{**TRAKT_LISTED[0], "rank": 2, "movie": TRAKT[0]["movie"]}]
        ),
        "lists-list-77-old-watchlist.json": json.dumps(TRAKT_LISTED),
        "lists-lists.json": json.dumps(TRAKT_LISTS),
        "lists-watchlist.json": json.dumps(TRAKT_LISTED),
        "ratings-episodes.json": json.dumps(TRAKT[1:2]),
        "ratings-movies.json": json.dumps([{"rating": 9, "movie": TRAKT[0]["movie"]}]),
        "ratings-seasons.json": json.dumps(TRAKT[2:3]),
        "user-settings.json": json.dumps({"user": {"username": "mira"}}),
        "watched-history-1.json": json.dumps(TRAKT_WATCHED),
    }
)
TRAKT_ARCHIVE = archive(
    {
        "mira/ratings-movies.json": json.dumps(TRAKT[:1]),
        "mira/watchlist.json": json.dumps(TRAKT_LISTED),
        "mira/lists-rainy-nights.json": json.dumps(TRAKT_LISTED),
        "mira/watched-movies.json": json.dumps(TRAKT_WATCHED),
        "mira/user-profile.json": json.dumps({"username": "mira"}),
    }
)
