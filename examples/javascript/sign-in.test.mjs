// A TMDB sign-in and everything that goes wrong with it, by moviedb-promise, which never heard of Admit One.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { start } from "@admitone/sandbox";
import moviedb from "moviedb-promise";

let sandbox, world, app;
before(async () => { sandbox = await start(); });
after(() => sandbox.stop());
beforeEach(async () => {
  world = await sandbox.world();
  app = new moviedb.MovieDb(world.apiKey, `${world.baseUrl}/3/`);
});

const refused = (code) => (error) => error.response.data.status_code === code;

test("approval by script", async () => {
  await world.script("approve");
  await app.requestToken();
  await app.retrieveSession();
  await app.movieRatingUpdate({ id: 550, value: 8.5 });
  assert.equal((await app.accountInfo()).username, "mira");
  assert.equal((await app.accountRatedMovies()).results[0].rating, 8.5);
});

test("denial", async () => {
  const { request_token } = await app.requestToken();
  await world.deny(request_token);
  await assert.rejects(app.retrieveSession(), refused(17));
});

test("expiry", async () => {
  const { request_token } = await app.requestToken();
  await world.approve(request_token);
  await world.clock.advance("61m");
  await assert.rejects(app.retrieveSession(), refused(17));
});

test("revoked session", async () => {
  app.sessionId = await (await world.person("mira")).session();
  assert.equal((await app.accountInfo()).username, "mira");
  await app.makeRequest("delete", "authentication/session", { session_id: app.sessionId });
  await assert.rejects(app.accountInfo(), refused(3));
});

test("wrong password", async () => {
  const { request_token } = await app.requestToken();
  const login = { username: "mira", password: "not this one", request_token };
  await assert.rejects(app.makeRequest("post", "authentication/token/validate_with_login", login), refused(30));
  login.password = (await world.person("mira")).password;
  assert.ok((await app.makeRequest("post", "authentication/token/validate_with_login", login)).success);
});

test("too many requests", async () => {
  await world.faults.add({ path: "/3/movie/*", status: 429, retryAfter: 7 });
  await assert.rejects(app.movieInfo(550), (error) => error.response.headers["retry-after"] === "7");
  assert.equal((await app.movieInfo(550)).title, "Fight Club");
});

test("slow answer", async () => {
  await world.faults.add({ path: "/3/movie/*", delay: "2s" });
  await assert.rejects(app.movieInfo(550, { timeout: 200 }), { code: "ECONNABORTED" });
});

test("cut connection", async () => {
  await world.faults.add({ path: "/3/movie/*", drop: true });
  await assert.rejects(app.movieInfo(550), { code: "ECONNRESET" });
  assert.equal((await app.movieInfo(550)).title, "Fight Club");
});
