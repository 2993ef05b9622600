// The npm package does what it says, against a real sandbox.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { after, before, beforeEach, test } from "node:test";
import { inspect } from "node:util";
import * as everything from "@admitone/sandbox";

const { connect, start, SandboxError } = everything;
const TMDB = "https://api.themoviedb.org";

let sandbox, world;
before(async () => { sandbox = await start(); });
after(() => sandbox.stop());
beforeEach(async () => { world = await sandbox.world(); });

const get = async (path, query = {}, key = world.apiKey) => {
  const response = await world.fetch(`${TMDB}/3/${path}?${new URLSearchParams({ api_key: key, ...query })}`);
  return { status: response.status, ...(await response.json()) };
};
const token = async () => (await get("authentication/token/new")).request_token;
const exchange = (request_token) => get("authentication/session/new", { request_token });

test("a person approves or denies, and is led back to the app", async () => {
  const [mira, tomas] = [await world.person(), await world.person("tomas")];
  const [approved, denied] = [await token(), await token()];
  assert.equal(await mira.approves(approved), `${world.link(approved)}/allow`);
  const back = await tomas.denies(denied, { redirectTo: "https://app.example/back" });
  assert.ok(back.startsWith("https://app.example/back?"), back);
  assert.equal((await exchange(approved)).success, true);
  assert.equal((await exchange(denied)).status_code, 17);
  await assert.rejects(world.approve("0".repeat(40)), { name: "SandboxError", status: 404, error: "token_unknown" });
  assert.match(world.link(approved, "https://app.example/"), /\?redirect_to=https%3A%2F%2Fapp\.example%2F$/);
});

test("a person is signed in without a page, with any app", async () => {
  const tomas = await world.addPerson({ username: "tomas", password: "tomas may come in", name: "Tomas" });
  assert.equal((await get("account", { session_id: await tomas.session() })).username, "tomas");
  const other = await world.addApp({ name: "Another app" });
  assert.deepEqual((await world.apps()).map((each) => each.name).slice(1), ["Another app"]);
  assert.equal((await get("account", { session_id: await tomas.session(other.name) }, other.apiKey)).username, "tomas");
  assert.deepEqual((await world.people()).map((each) => each.username), ["mira", "tomas"]);
});

test("people see to requests by themselves", async () => {
  await (await world.person()).does("approve", { times: 1 });
  assert.equal((await exchange(await token())).success, true);
  assert.equal((await exchange(await token())).success, false);
  await world.script("deny");
  await token();
  assert.equal((await world.tokens()).request_tokens[0].state, "denied");
});

test("the clock is moved in every way", async () => {
  const began = await world.clock.freeze("2027-01-15T08:00:00Z");
  assert.deepEqual(await world.clock.now(), began);
  assert.equal(await world.clock.advance("61m") - began, 61 * 60_000);
  assert.equal(await world.clock.advance(60) - began, 62 * 60_000);
  assert.deepEqual(await world.clock.set(began), began);
  assert.deepEqual(await world.clock.freeze(), began);
  assert.ok(await world.clock.run() >= began);
});

test("a fault meets one call unless it is told otherwise", async () => {
  const statuses = async () => [await get("configuration"), await get("configuration")].map((each) => each.status);
  await world.faults.add({ path: "/3/configuration", status: 429, retryAfter: 7 });
  assert.deepEqual(await statuses(), [429, 200]);
  await world.faults.add({ status: 503, times: null });
  assert.deepEqual(await statuses(), [503, 503]);
  assert.equal((await world.faults.rules()).length, 1);
  await world.faults.clear();
  await world.faults.add({ drop: true });
  await assert.rejects(get("configuration"), TypeError);
  assert.deepEqual(await statuses(), [200, 200]);
});

test("the log tells why, and nothing shows a secret", async () => {
  const made = await token();
  await exchange(made);
  const [first, second] = await world.log();
  assert.deepEqual([first.status, second.status, second.fault], [200, 401, "token_pending"]);
  const person = await world.person();
  const shown = JSON.stringify(await world.log()) + inspect([world, person, await world.apps()], { depth: 9 });
  for (const secret of [made, world.apiKey, world.readToken, person.password]) assert.ok(!shown.includes(secret));
});

test("a world is filled, reset and ended", async () => {
  await world.addTitles({ media_type: "movie", id: 424242, title: "Nothing" });
  assert.equal((await get("movie/424242")).title, "Nothing");
  await world.reset();
  assert.equal((await get("movie/424242")).status_code, 34);
  assert.deepEqual(await world.mail(), []);
  await world.delete();
  await assert.rejects(world.log(), { error: "world_unknown" });
});

test("a world is kept as a text, and is the same again", async () => {
  const request_token = await token();
  const [snapshot, then] = [await world.snapshot(), await world.clock.freeze()];
  await world.approve(request_token);
  await world.restore(snapshot);
  assert.equal((await exchange(request_token)).status_code, 17);
  await world.delete();
  const again = await sandbox.restored(snapshot);
  assert.deepEqual([again.name, again.apiKey], [world.name, world.apiKey]);
  assert.ok(await again.clock.now() - then < 60_000);
  await again.approve(request_token);
  assert.equal((await exchange(request_token)).success, true);
});

test("fetch leads what is meant for TMDB, whatever is sent, and nothing else", async () => {
  const session_id = await (await world.person()).session();
  const rated = await world.fetch(new URL(`${TMDB}/3/movie/550/rating?api_key=${world.apiKey}`), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ value: 8.5, session_id }),
  });
  assert.equal(rated.status, 201);
  const request = new Request(`${TMDB}/3/account/0/rated/movies?session_id=${session_id}`, {
    headers: { authorization: `Bearer ${world.readToken}` },
  });
  assert.equal((await (await world.fetch(request)).json()).results[0].rating, 8.5);
  assert.equal((await (await world.fetch(`${sandbox.url}/sandbox/health`)).json()).ready, true);
});

test("one that is there already is used, and left alone", async () => {
  const same = await connect(`${sandbox.url}/`);
  assert.equal((await same.world({ seed: "any" })).baseUrl, sandbox.url);
  await same.stop();
  assert.equal((await get("configuration")).status, 200);
  await assert.rejects(connect("http://127.0.0.1:1"), { name: "SandboxError", status: 0, error: "unreachable" });
  await assert.rejects(connect("nothing"), TypeError);
});

test("one that cannot start says why, and one that ends leaves nothing behind", async () => {
  await assert.rejects(start({ command: ["no-such-program"] }), /no-such-program cannot be started/);
  await assert.rejects(start({ args: ["--seed", "no-such-file.toml"] }), (error) => {
    assert.ok(error instanceof SandboxError);
    assert.match(error.detail, /ended with 2\n.*no-such-file\.toml/s);
    return true;
  });
  const other = await start();
  await other.stop();
  await other.stop();
  await assert.rejects(connect(other.url), { error: "unreachable" });
  const left = (await readdir(tmpdir())).filter((name) => name.startsWith("admitone-"));
  assert.equal(left.length, 2, "the folders of the one that runs: ours and its own");
});

test("the types name what is there", async () => {
  const types = await readFile("node_modules/@admitone/sandbox/index.d.ts", "utf8");
  const objects = {
    Sandbox: sandbox, World: world, Person: await world.person(), App: (await world.apps())[0], Clock: world.clock,
    Faults: world.faults, SandboxError: new SandboxError(1, "a", "b"),
  };
  const classes = [...types.matchAll(/^export class (\w+)[^{]*\{(.*?)^\}/gms)];
  assert.deepEqual(classes.map(([, name]) => name).sort(), Object.keys(objects).sort());
  for (const [, name, body] of classes) {
    const members = [...body.matchAll(/^ {2}(?:readonly )?(\w+)[(:?]/gm)].map(([, member]) => member);
    for (const member of members) assert.ok(member in objects[name], `${name}.${member}`);
  }
  const exported = [...types.matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(exported.sort(), Object.keys(everything).sort());
});
