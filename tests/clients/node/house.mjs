// What the stories know of the server that they are told on the way in, and what they all do first.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const told = (name) => {
  const value = process.env[`SERVED_${name}`];
  assert.ok(value, `SERVED_${name} is not set: the stories are run by test_stories.py`);
  return value;
};

export const origin = told("ORIGIN");
export const key = told("KEY");
export const readToken = told("READ_TOKEN");
export const username = told("USERNAME");
export const password = told("PASSWORD");
/** A request token of the fourth generation that the person approved. */
export const approved = told("APPROVED");

export const FIGHT_CLUB = 550;
export const RUBY_SPARKS = 103332;
export const BREAKING_BAD = 1396;

export const { MovieDb } = createRequire(import.meta.url)("moviedb-promise");

/** A moviedb-promise client that has just been made. */
export const client = (apiKey = key) => new MovieDb(apiKey, `${origin}/3/`);

/** The same, signed in: its session is the person's. */
export async function signedIn() {
  const moviedb = client();
  const { request_token } = await moviedb.requestToken();
  await moviedb.makeRequest("post", "authentication/token/validate_with_login", { username, password, request_token });
  await moviedb.retrieveSession();
  return moviedb;
}

/** Rows of every page, by their ids. */
export const ids = (page) => page.results.map((row) => row.id);

/** Whether a call of an axios client was refused so: the HTTP status, then TMDB's code. */
export const refused = (status, code) => (error) => {
  assert.equal(error.response?.status, status, `${error}: ${JSON.stringify(error.response?.data)}`);
  assert.equal(error.response.data.success, false);
  assert.equal(error.response.data.status_code, code);
  return true;
};
