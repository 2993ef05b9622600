// Stories with moviedb-promise: credentials in the bodies of POST and DELETE, the account as the literal {account_id}.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BREAKING_BAD, client, FIGHT_CLUB, ids, key, password, refused, RUBY_SPARKS, signedIn, username,
} from "./house.mjs";

const film = (moviedb, id = FIGHT_CLUB) => moviedb.movieAccountStates({ id });

test("somebody signs in, is known, and signs out", async () => {
  const moviedb = client();
  const token = await moviedb.requestToken();
  assert.equal(token.success, true);
  assert.match(token.request_token, /^[0-9a-f]{40}$/);
  assert.ok(new Date(token.expires_at) > new Date(), token.expires_at);
  assert.deepEqual(await moviedb.requestToken(), token, "it keeps a token until it expires");

  await assert.rejects(moviedb.retrieveSession(), refused(401, 17));
  const wrong = { username, password: "not this one", request_token: token.request_token };
  const login = "authentication/token/validate_with_login";
  await assert.rejects(moviedb.makeRequest("post", login, wrong), refused(401, 30));
  const allowed = await moviedb.makeRequest("post", login, { ...wrong, password });
  assert.deepEqual({ ...allowed, success: true }, token);

  const session = await moviedb.retrieveSession();
  assert.match(session, /^[0-9a-f]{40}$/);
  const account = await moviedb.accountInfo();
  assert.equal(account.username, username);
  assert.equal((await moviedb.makeRequest("get", "account/:id")).id, account.id);

  const ended = await moviedb.makeRequest("delete", "authentication/session");
  assert.equal(ended.success, true);
  await assert.rejects(moviedb.accountInfo(), refused(401, 3));
});

test("a key of nobody's opens nothing, a key alone is nobody's account", async () => {
  await assert.rejects(client("0".repeat(32)).requestToken(), refused(401, 7));
  await assert.rejects(client().accountInfo(), refused(401, 3));
});

test("films and series are kept as favourites and to watch later", async () => {
  const moviedb = await signedIn();
  const kinds = [
    ["favorite", "accountFavoriteUpdate", { movie: "accountFavoriteMovies", tv: "accountFavoriteTv" }],
    ["watchlist", "accountWatchlistUpdate", { movie: "accountMovieWatchlist", tv: "accountTvWatchlist" }],
  ];
  const titles = [
    ["movie", FIGHT_CLUB, "movieAccountStates"], ["movie", RUBY_SPARKS, "movieAccountStates"],
    ["tv", BREAKING_BAD, "tvAccountStates"],
  ];
  for (const [mark, update, lists] of kinds) {
    for (const [media_type, media_id, states] of titles) {
      const marked = await moviedb[update]({ media_type, media_id, [mark]: true });
      assert.deepEqual([marked.success, marked.status_code], [true, 1]);
      assert.equal((await moviedb[states]({ id: media_id }))[mark], true);
    }
    const again = await moviedb[update]({ media_type: "movie", media_id: FIGHT_CLUB, [mark]: true });
    assert.equal(again.status_code, 12);
    const page = await moviedb[lists.movie]();
    assert.deepEqual([page.page, page.total_pages, page.total_results], [1, 1, 2]);
    assert.deepEqual(ids(await moviedb[lists.movie]({ sort_by: "created_at.asc" })), [FIGHT_CLUB, RUBY_SPARKS]);
    assert.deepEqual(ids(await moviedb[lists.movie]({ sort_by: "created_at.desc" })), [RUBY_SPARKS, FIGHT_CLUB]);
    assert.deepEqual(ids(await moviedb[lists.tv]({ language: "en-US", page: 1 })), [BREAKING_BAD]);
    for (const [media_type, media_id, states] of titles) {
      const unmarked = await moviedb[update]({ media_type, media_id, [mark]: false });
      assert.equal(unmarked.status_code, 13);
      assert.equal((await moviedb[states]({ id: media_id }))[mark], false);
    }
    assert.deepEqual(ids(await moviedb[lists.movie]()), []);
  }
});

test("films, series and episodes are rated, rated again, and no longer", async () => {
  const moviedb = await signedIn();
  const episode = { id: BREAKING_BAD, season_number: 1, episode_number: 2 };
  const kinds = [
    ["movie", { id: FIGHT_CLUB }, "accountRatedMovies"], ["tv", { id: BREAKING_BAD }, "accountRatedTv"],
    ["episode", episode, "accountRatedTvEpisodes"],
  ];
  for (const [kind, title, rated] of kinds) {
    const first = await moviedb[`${kind}RatingUpdate`]({ ...title, value: 8.5 });
    assert.deepEqual([first.success, first.status_code], [true, 1]);
    const second = await moviedb[`${kind}RatingUpdate`]({ ...title, value: 9 });
    assert.equal(second.status_code, 12);
    assert.deepEqual((await moviedb[`${kind}AccountStates`](title)).rated, { value: 9 });
    const { results: [row] } = await moviedb[rated]();
    assert.equal(row.rating, 9);
    if (kind === "episode") {
      assert.deepEqual([row.show_id, row.season_number, row.episode_number], [BREAKING_BAD, 1, 2]);
      const season = await moviedb.seasonAccountStates({ id: BREAKING_BAD, season_number: 1 });
      assert.deepEqual(season.results.map((each) => [each.episode_number, each.rated]), [[2, { value: 9 }]]);
    } else {
      assert.equal(row.id, title.id);
    }
    await assert.rejects(moviedb[`${kind}RatingUpdate`]({ ...title, value: 11 }), refused(400, 18));
    const gone = await moviedb[`${kind}RatingDelete`](title);
    assert.equal(gone.status_code, 13);
    assert.equal((await moviedb[`${kind}AccountStates`](title)).rated, false);
    assert.equal((await moviedb[rated]()).total_results, 0);
  }
});

test("what one writes stands beside the title itself", async () => {
  const moviedb = await signedIn();
  await moviedb.movieRatingUpdate({ id: RUBY_SPARKS, value: 7.5 });
  const details = await moviedb.movieInfo({ id: RUBY_SPARKS, append_to_response: "account_states" });
  assert.equal(details.title, "Ruby Sparks");
  assert.deepEqual(details.account_states.rated, { value: 7.5 });
  await moviedb.movieRatingDelete({ id: RUBY_SPARKS });
  const series = await moviedb.tvInfo({ id: BREAKING_BAD, append_to_response: "account_states" });
  assert.equal(series.account_states.rated, false);
});

test("a list is made, filled, looked at, emptied and deleted", async () => {
  const moviedb = await signedIn();
  const { list_id: id, ...made } = await moviedb.createList({ name: "Rainy days", description: "", language: "en" });
  assert.deepEqual(made, { success: true, status_code: 1, status_message: "The item/record was created successfully." });
  assert.equal((await moviedb.createListItem({ id, media_id: FIGHT_CLUB })).status_code, 12);
  assert.equal((await moviedb.createListItem({ id, media_id: RUBY_SPARKS })).status_code, 12);
  await assert.rejects(moviedb.createListItem({ id, media_id: RUBY_SPARKS }), refused(403, 8));
  assert.equal((await moviedb.listStatus({ id, movie_id: FIGHT_CLUB })).item_present, true);
  assert.equal((await moviedb.removeListItem({ id, media_id: FIGHT_CLUB })).status_code, 13);
  assert.equal((await moviedb.listStatus({ id, movie_id: FIGHT_CLUB })).item_present, false);

  const details = await moviedb.listInfo({ id });
  assert.deepEqual([details.name, details.created_by, details.item_count], ["Rainy days", username, 1]);
  assert.deepEqual(details.items.map((item) => item.id), [RUBY_SPARKS]);
  const mine = (await moviedb.accountLists()).results.find((each) => each.id === id);
  assert.deepEqual([mine.name, mine.item_count], ["Rainy days", 1]);
  assert.ok(ids(await moviedb.movieLists({ id: RUBY_SPARKS })).includes(id));

  await assert.rejects(moviedb.clearList({ id }), refused(400, 29));
  assert.equal((await moviedb.clearList({ id, confirm: true })).status_code, 12);
  assert.deepEqual((await moviedb.listInfo({ id })).items, []);
  await assert.rejects(client().deleteList({ id }), refused(401, 3));
  assert.equal((await moviedb.deleteList({ id })).success, true);
  await assert.rejects(moviedb.listInfo({ id }), refused(404, 34));
});

test("a guest rates, and nobody else sees it", async () => {
  const moviedb = client();
  const guest = await moviedb.makeRequest("get", "authentication/guest_session/new");
  const { guest_session_id } = guest;
  assert.equal(guest.success, true);
  assert.equal((await moviedb.movieRatingUpdate({ id: FIGHT_CLUB, value: 6, guest_session_id })).status_code, 1);
  assert.equal((await moviedb.tvRatingUpdate({ id: BREAKING_BAD, value: 10, guest_session_id })).status_code, 1);
  const episode = { id: BREAKING_BAD, season_number: 1, episode_number: 1, guest_session_id };
  assert.equal((await moviedb.episodeRatingUpdate({ ...episode, value: 0.5 })).status_code, 1);
  assert.deepEqual((await moviedb.movieAccountStates({ id: FIGHT_CLUB, guest_session_id })).rated, { value: 6 });
  for (const [rated, rating] of [["movies", 6], ["tv", 10], ["tv/episodes", 0.5]]) {
    const { results } = await moviedb.makeRequest("get", `guest_session/${guest_session_id}/rated/${rated}`);
    assert.deepEqual(results.map((row) => row.rating), [rating]);
  }
  assert.equal((await moviedb.movieRatingDelete({ id: FIGHT_CLUB, guest_session_id })).status_code, 13);
  assert.equal((await film(await signedIn())).rated, false);
  await assert.rejects(film(moviedb), refused(401, 3));
});

test("titles are found, and what a client reads before anything else is there", async () => {
  const moviedb = client();
  assert.ok(ids(await moviedb.searchMovie("fight club")).includes(FIGHT_CLUB));
  assert.ok(ids(await moviedb.searchTv({ query: "Breaking" })).includes(BREAKING_BAD));
  assert.equal((await moviedb.searchMulti({ query: "ruby sparks" })).results[0].media_type, "movie");
  const found = await moviedb.find({ id: "tt0137523", external_source: "imdb_id" });
  assert.deepEqual(found.movie_results.map((row) => row.id), [FIGHT_CLUB]);
  assert.ok((await moviedb.moviePopular()).results.length > 0);
  assert.ok((await moviedb.genreMovieList()).genres.length > 0);
  assert.match((await moviedb.configuration()).images.secure_base_url, /^https:/);
  const others = ["countries", "jobs", "languages", "primaryTranslations", "timezones"];
  for (const list of others) assert.ok((await moviedb[list]()).length > 0, list);
  assert.equal(moviedb.apiKey, key);
});
