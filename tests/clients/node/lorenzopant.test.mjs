// Stories with @lorenzopant/tmdb: a read token in the header everywhere; its host is fixed, so fetch redirects it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { TMDB } from "@lorenzopant/tmdb";
import { approved, BREAKING_BAD, FIGHT_CLUB, ids, origin, password, readToken, RUBY_SPARKS, username } from "./house.mjs";

const { fetch } = globalThis;
globalThis.fetch = (address, options) => {
  assert.ok(address.startsWith("https://api.themoviedb.org/"), address);
  return fetch(address.replace("https://api.themoviedb.org", origin), options);
};

const refused = (status, code) => ({ name: "TMDBError", http_status_code: status, tmdb_status_code: code });

async function signedIn() {
  const tmdb = new TMDB(readToken);
  const { request_token } = await tmdb.authentication.create_request_token();
  await tmdb.authentication.create_session_with_login({ username, password, request_token });
  const { session_id } = await tmdb.authentication.create_session({ request_token });
  return { tmdb, session_id };
}

test("somebody signs in, is known, and signs out", async () => {
  const { tmdb, session_id } = await signedIn();
  assert.equal((await tmdb.authentication.validate_key()).success, true);
  const { id, ...account } = await tmdb.account.details({ session_id });
  assert.equal(account.username, username);
  assert.equal((await tmdb.account.details({ account_id: id, session_id })).id, id);
  assert.equal((await tmdb.authentication.delete_session({ session_id })).success, true);
  await assert.rejects(tmdb.account.details({ session_id }), refused(401, 3));
});

test("a read token alone acts as the owner of the app", async () => {
  const { username: owner } = await new TMDB(readToken).account.details({});
  assert.equal(owner, username);
});

test("titles are kept, listed and let go", async () => {
  const { tmdb, session_id } = await signedIn();
  const { id: account_id } = await tmdb.account.details({ session_id });
  const who = { account_id, session_id };
  await tmdb.account.add_favorite(who, { media_type: "movie", media_id: FIGHT_CLUB, favorite: true });
  await tmdb.account.add_to_watchlist(who, { media_type: "tv", media_id: BREAKING_BAD, watchlist: true });
  assert.deepEqual(ids(await tmdb.account.favorite_movies(who)), [FIGHT_CLUB]);
  assert.deepEqual(ids(await tmdb.account.watchlist_tv({ ...who, sort_by: "created_at.desc" })), [BREAKING_BAD]);
  await tmdb.account.add_favorite(who, { media_type: "movie", media_id: FIGHT_CLUB, favorite: false });
  await tmdb.account.add_to_watchlist(who, { media_type: "tv", media_id: BREAKING_BAD, watchlist: false });
  assert.deepEqual(ids(await tmdb.account.favorite_movies(who)), []);
  for (const list of ["favorite_tv", "watchlist_movies", "rated_movies", "rated_tv", "rated_tv_episodes"]) {
    assert.equal((await tmdb.account[list](who)).total_results, 0, list);
  }
});

test("a list is made, filled, emptied and deleted", async () => {
  const { tmdb, session_id } = await signedIn();
  const { list_id } = await tmdb.lists.create({ session_id }, { name: "Late", description: "At night", language: "en" });
  const list = { list_id, session_id };
  await tmdb.lists.add_movie(list, { media_id: FIGHT_CLUB });
  await tmdb.lists.add_movie(list, { media_id: RUBY_SPARKS });
  await tmdb.lists.remove_movie(list, { media_id: FIGHT_CLUB });
  assert.equal((await tmdb.lists.check_item_status({ list_id, movie_id: RUBY_SPARKS })).item_present, true);
  assert.deepEqual((await tmdb.lists.details({ list_id })).items.map((item) => item.id), [RUBY_SPARKS]);
  assert.equal((await tmdb.lists.clear({ ...list, confirm: true })).success, true);
  assert.equal((await tmdb.lists.delete(list)).success, true);
  await assert.rejects(tmdb.lists.details({ list_id }), refused(404, 34));
});

test("a guest's ratings are listed", async () => {
  const tmdb = new TMDB(readToken);
  const { guest_session_id } = await tmdb.authentication.create_guest_session();
  const rated = await fetch(`${origin}/3/movie/${FIGHT_CLUB}/rating?guest_session_id=${guest_session_id}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${readToken}`, "Content-Type": "application/json" },
    body: JSON.stringify({ value: 8 }),
  });
  assert.equal(rated.status, 201);
  assert.deepEqual(ids(await tmdb.guest_sessions.rated_movies({ guest_session_id })), [FIGHT_CLUB]);
  assert.equal((await tmdb.guest_sessions.rated_tv({ guest_session_id })).total_results, 0);
});

test("by the fourth generation somebody lets an app in, keeps a list with it, and shows it out", async () => {
  const app = new TMDB(readToken).v4;
  const { request_token } = await app.auth.create_request_token({ redirect_to: "https://cineshelf.example/back" });
  await assert.rejects(app.auth.create_access_token({ request_token }), refused(422, 41));
  const { access_token, account_id } = await app.auth.create_access_token({ request_token: approved });
  assert.match(account_id, /^[0-9a-f]{24}$/);
  await assert.rejects(app.auth.create_access_token({ request_token: approved }), refused(401, 33));
  await assert.rejects(app.lists.create({ name: "Late", iso_639_1: "en" }), refused(401, 36));

  const { lists } = new TMDB(access_token).v4;
  const { id: list_id } = await lists.create({ name: "Late", iso_639_1: "en", description: "At night", public: false });
  const film = { media_type: "movie", media_id: FIGHT_CLUB };
  const series = { media_type: "tv", media_id: BREAKING_BAD };
  const done = ({ results }) => results.map((each) => each.success);
  assert.deepEqual(done(await lists.add_items(list_id, { items: [film, series, film] })), [true, true, false]);
  assert.deepEqual(done(await lists.update_items(list_id, { items: [{ ...film, comment: "Twice." }] })), [true]);
  assert.equal((await lists.item_status({ list_id, ...series })).media_id, BREAKING_BAD);
  await assert.rejects(lists.item_status({ list_id, ...series, media_type: "movie" }), refused(404, 34));
  await lists.update({ list_id, name: "Later", sort_by: "title.desc" });
  const shown = await lists.details({ list_id });
  assert.deepEqual([shown.name, shown.public, shown.created_by.id], ["Later", false, account_id]);
  assert.deepEqual(ids(shown), [FIGHT_CLUB, BREAKING_BAD]);
  assert.equal(shown.comments[`movie:${FIGHT_CLUB}`], "Twice.");
  await assert.rejects(app.lists.details({ list_id: 0 }), refused(404, 34));
  assert.deepEqual(done(await lists.remove_items(list_id, { items: [film] })), [true]);
  assert.equal((await lists.clear(list_id)).items_deleted, 1);
  await lists.delete({ list_id });
  await assert.rejects(lists.details({ list_id }), refused(404, 34));

  assert.equal((await app.auth.delete_access_token({ access_token })).success, true);
  await assert.rejects(lists.create({ name: "Late", iso_639_1: "en" }), refused(401, 7));
});
