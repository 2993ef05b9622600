// Starts a sandbox as a program of its own, or knows one that is there already.
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Control, SandboxError } from "./control.js";
import { World } from "./world.js";

const BREATH_MS = 10;
const MOST_SAID = 4000; // characters of what a sandbox said before it ended

/** A sandbox. `stop` ends it, if it was started here. */
export class Sandbox {
  #stop;

  constructor(url, stop = async () => {}) {
    this.control = new Control(url);
    this.url = this.control.url;
    this.#stop = stop;
  }

  /** Make a world: `seed`, `profile`, `clock`, `entropy`, all of which may be left out. */
  async world(wanted = {}) {
    return new World(this.control, await this.control.call("POST", "/worlds", wanted));
  }

  /** Make a world again from its snapshot, be it another sandbox's: same ids, same instant. */
  async restored(snapshot) {
    const place = `/worlds/${JSON.parse(snapshot).world}/snapshot`;
    return new World(this.control, JSON.parse(await this.control.text("PUT", place, snapshot)));
  }

  /** End it; one that was there already is left alone. */
  stop() {
    return this.#stop();
  }
}

if (Symbol.asyncDispose) Sandbox.prototype[Symbol.asyncDispose] = Sandbox.prototype.stop;

/** The sandbox at an address like http://127.0.0.1:8000. */
export async function connect(url) {
  const sandbox = new Sandbox(url);
  await sandbox.control.call("GET", "/health");
  return sandbox;
}

/**
 * Start `admitone sandbox` on any free port. `command` is how it is called, program first (["uvx", "admitone"]);
 * `args` are more of its flags. It ends with `stop`, or with this program.
 */
export async function start({ command = ["admitone"], args = [], env = process.env, timeoutMs = 60_000 } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "admitone-"));
  const [readyFile, said] = [join(folder, "ready.json"), join(folder, "said.txt")];
  const out = openSync(said, "w");
  const [program, ...first] = command;
  const flags = [...first, "sandbox", "--port", "0", "--ready-file", readyFile, ...args];
  const child = spawn(program, flags, { env, stdio: ["ignore", out, out] });
  closeSync(out);
  let over;
  const ended = new Promise((resolve) => {
    child.once("error", (error) => resolve((over = `${program} cannot be started: ${error.message}`)));
    child.once("exit", (code, signal) => resolve((over = `it ended with ${signal ?? code}`)));
  });
  const kill = () => child.kill();
  process.once("exit", kill);
  const stop = async () => {
    process.off("exit", kill);
    if (over === undefined) {
      child.ref();
      child.kill();
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  const until = Date.now() + timeoutMs;
  let ready;
  while (!(ready = await readJson(readyFile)) && over === undefined && Date.now() < until) await wait(BREATH_MS);
  if (!ready) {
    const told = `${over ?? `it was not ready after ${timeoutMs} ms`}\n${(await readFile(said, "utf8")).slice(-MOST_SAID)}`;
    await stop();
    throw new SandboxError(0, "not_started", told.trim());
  }
  // A test that forgets it must not keep its runner from ending.
  child.unref();
  return new Sandbox(ready.base_url, stop);
}

async function readJson(path) {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return undefined;
  }
}
