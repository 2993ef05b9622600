/** A call of the control plane that was refused; `status` 0 stands for no answer at all. */
export class SandboxError extends Error {
  readonly status: number;
  readonly error: string;
  readonly detail: string;
}

export interface StartOptions {
  /** How the program is called, program first; `["admitone"]` unless told otherwise. */
  command?: string[];
  /** More flags of `admitone sandbox`. */
  args?: string[];
  env?: Record<string, string | undefined>;
  timeoutMs?: number;
}

/** Start `admitone sandbox` on any free port. It ends with `stop`, or with this program. */
export function start(options?: StartOptions): Promise<Sandbox>;

/** The sandbox at an address like http://127.0.0.1:8000. */
export function connect(url: string): Promise<Sandbox>;

export interface WorldOptions {
  /** `sample` (3,536 titles), `any` (every number is a title), `own` (none), or a whole seed. */
  seed?: "sample" | "any" | "own" | Record<string, unknown>;
  /** `documented`, or `observed`: with the misbehaviour that TMDB is known for. */
  profile?: "documented" | "observed";
  /** An instant at which the clock stands, or an order. */
  clock?: string | { set?: string; advance?: string | number; freeze?: boolean };
  /** Worlds of the same entropy have the same ids. */
  entropy?: string | number;
}

export class Sandbox {
  constructor(url: string, stop?: () => Promise<void>);
  readonly url: string;
  world(options?: WorldOptions): Promise<World>;
  /** Make a world again from its snapshot, be it another sandbox's: same ids, same instant. */
  restored(snapshot: string): Promise<World>;
  /** End it; one that was there already is left alone. */
  stop(): Promise<void>;
}

export type Does =
  | "approve"
  | "deny"
  | "ignore"
  | "wrong-password-twice-then-approve"
  | "approve-late"
  | "approve-twice"
  | "close-the-page";

export interface Act {
  does: Does;
  username?: string;
  /** On the world's clock: "5m", or seconds. */
  after?: string | number;
  app?: string;
  times?: number;
}

export interface Click {
  username?: string;
  /** What the app put into the link, if it did. */
  redirectTo?: string;
}

/** One world: what is in it nobody else sees. Its credentials are those of its first app. */
export class World {
  readonly name: string;
  readonly baseUrl: string;
  readonly siteUrl: string;
  readonly apiKey: string;
  readonly readToken: string;
  readonly clock: Clock;
  readonly faults: Faults;
  /** Approve a request, as by one click of a person; where the browser goes then. */
  approve(requestToken: string, options?: Click): Promise<string>;
  /** Deny a request, as by one click of a person; where the browser goes then. */
  deny(requestToken: string, options?: Click): Promise<string>;
  /** Say what people do with every new request from now on. */
  script(...acts: (Does | Act)[]): Promise<void>;
  people(): Promise<Person[]>;
  /** Somebody by user name, made when there is nobody of that name; the first person without one. */
  person(username?: string): Promise<Person>;
  addPerson(seed: { username: string; password?: string; name?: string; [more: string]: unknown }): Promise<Person>;
  apps(): Promise<App[]>;
  addApp(seed: { name: string; owner?: string; redirects?: string[]; [more: string]: unknown }): Promise<App>;
  addTitles(...titles: { media_type: "movie" | "tv"; id: number; title: string; [more: string]: unknown }[]): Promise<void>;
  /** What happened in it, oldest first, with the reason behind each refusal; secrets are masked. */
  log(): Promise<Entry[]>;
  /** Its request tokens and sessions with their state and age, never themselves. */
  tokens(): Promise<{ request_tokens: Record<string, unknown>[]; sessions: Record<string, unknown>[] }>;
  mail(): Promise<Record<string, unknown>[]>;
  /** The address of the page on which a person decides. */
  link(requestToken: string, redirectTo?: string): string;
  /** A fetch that reaches this server where an app means TMDB. */
  fetch: typeof globalThis.fetch;
  /** All of it as one text: credentials, ids and time included. */
  snapshot(): Promise<string>;
  /** Bring it back to what it was at a snapshot of it. */
  restore(snapshot: string): Promise<void>;
  reset(): Promise<void>;
  delete(): Promise<void>;
}

export class Person {
  readonly username: string;
  readonly name: string;
  readonly id: number;
  readonly objectId: string;
  readonly password: string;
  approves(requestToken: string, options?: { redirectTo?: string }): Promise<string>;
  denies(requestToken: string, options?: { redirectTo?: string }): Promise<string>;
  /** A session of theirs, without a page or a request token; of the first app unless one is named. */
  session(app?: string): Promise<string>;
  does(what: Does, options?: Omit<Act, "does" | "username">): Promise<void>;
}

export class App {
  readonly name: string;
  readonly app: string;
  readonly owner: string;
  readonly apiKey: string;
  readonly readToken: string;
}

/** A world's clock: everything that expires in it obeys. */
export class Clock {
  now(): Promise<Date>;
  /** By a text like "61m" or a number of seconds. */
  advance(by: string | number): Promise<Date>;
  set(instant: Date | string): Promise<Date>;
  freeze(instant?: Date | string): Promise<Date>;
  run(): Promise<Date>;
}

export interface FaultRule {
  /** A path with * for anything: /3/movie/&#42;/rating. */
  path?: string;
  method?: string;
  app?: string;
  status?: number;
  code?: number;
  message?: string;
  body?: unknown;
  retryAfter?: number;
  /** In real time: "2s", "250ms", or seconds. */
  delay?: string | number;
  /** Cut the connection without an answer. */
  drop?: boolean;
  /** Cut the answer after so many bytes; true for half. */
  truncate?: boolean | number;
  /** How many calls it meets; 1 unless told otherwise, null for all. */
  times?: number | null;
  probability?: number;
}

export class Faults {
  add(rule: FaultRule): Promise<void>;
  clear(): Promise<void>;
  rules(): Promise<Record<string, unknown>[]>;
}

export interface Entry {
  number: number;
  at: string;
  kind: "call" | "person" | "control";
  what: string;
  method?: string;
  path?: string;
  query?: string;
  body?: string;
  status?: number;
  answer?: string;
  fault?: string;
  reason?: string;
  rule?: number;
}
