// One world of a sandbox as a test sees it: its people, apps, clock, faults and log.

const FIXED_HOSTS = ["api.themoviedb.org", "api.tmdb.org", "themoviedb.org", "www.themoviedb.org"];

const written = (instant) => (instant instanceof Date ? instant.toISOString() : instant);

// Credentials are there to be read, and not to be printed by whoever prints the whole.
const hidden = (object, secrets) => {
  for (const [name, value] of Object.entries(secrets)) Object.defineProperty(object, name, { value, enumerable: false });
};

/** Somebody in a world. */
export class Person {
  constructor(world, told) {
    hidden(this, { world, password: told.password });
    this.username = told.username;
    this.name = told.name;
    this.id = told.id;
    this.objectId = told.object_id;
  }

  /** Approve a request, as by a click on its page; where the browser goes then. */
  approves(requestToken, options) {
    return this.world.approve(requestToken, { ...options, username: this.username });
  }

  /** Deny a request, as by a click on its page; where the browser goes then. */
  denies(requestToken, options) {
    return this.world.deny(requestToken, { ...options, username: this.username });
  }

  /** A session of theirs, without a page or a request token; of the first app unless one is named. */
  async session(app = "") {
    const place = `${this.world.place}/people/${encodeURIComponent(this.username)}/sessions`;
    return (await this.world.control.call("POST", place, { app })).session_id;
  }

  /** Let them see to every new request by themselves from now on; `after` is on the world's clock. */
  does(what, options) {
    return this.world.script({ ...options, does: what, username: this.username });
  }
}

/** A program that people allow to act for them; `app` is its public id. */
export class App {
  constructor(told) {
    hidden(this, { apiKey: told.api_key, readToken: told.read_token });
    this.name = told.name;
    this.app = told.app;
    this.owner = told.owner;
  }
}

/** A world's clock: everything that expires in it obeys. */
export class Clock {
  constructor(control, place) {
    this.move = async (order) => new Date((await control.call("POST", `${place}/clock`, order)).now);
    this.look = () => control.call("GET", `${place}/clock`);
  }

  /** The present instant in the world. */
  async now() {
    return new Date((await this.look()).now);
  }

  /** Move it forward by a text like "61m" or a number of seconds; the new instant. */
  advance(by) {
    return this.move({ advance: by });
  }

  /** Move it to an instant, be it earlier or later. */
  set(instant) {
    return this.move({ set: written(instant) });
  }

  /** Let it stand still, at an instant or where it is. */
  freeze(instant) {
    return this.move({ ...(instant === undefined ? {} : { set: written(instant) }), freeze: true });
  }

  /** Let it go on. */
  run() {
    return this.move({ freeze: false });
  }
}

/** The fault rules of a world, in the order in which they are tried. */
export class Faults {
  constructor(control, place) {
    this.call = (method, body) => control.call(method, `${place}/faults`, body);
  }

  /** Let the next call that matches go wrong; `times: null` lets all of them. */
  async add({ times = 1, retryAfter, ...rule }) {
    const more = retryAfter === undefined ? {} : { retry_after: retryAfter };
    await this.call("POST", { ...rule, ...more, ...(times === null ? {} : { times }) });
  }

  /** Let nothing go wrong any more. */
  async clear() {
    await this.call("DELETE");
  }

  /** The rules in force, each with how many calls it has met. */
  async rules() {
    return (await this.call("GET")).faults;
  }
}

/** One world: what is in it nobody else sees. Its credentials are those of its first app. */
export class World {
  constructor(control, made) {
    hidden(this, { control, apiKey: made.api_key, readToken: made.read_token });
    this.name = made.world;
    this.place = `/worlds/${made.world}`;
    this.baseUrl = made.base_url;
    this.siteUrl = made.site_url;
    this.clock = new Clock(control, this.place);
    this.faults = new Faults(control, this.place);
  }

  /** Approve a request, as by one click of a person; where the browser goes then. */
  approve(requestToken, options) {
    return this.#decide("approve", requestToken, options);
  }

  /** Deny a request, as by one click of a person; where the browser goes then. */
  deny(requestToken, options) {
    return this.#decide("deny", requestToken, options);
  }

  /** Say what people do with every new request from now on, as "approve" or `{ does: "deny", username: "mira" }`. */
  async script(...acts) {
    const script = acts.map((act) => (typeof act === "string" ? { does: act } : act));
    await this.control.call("PUT", `${this.place}/script`, { script });
  }

  /** Everybody in it. */
  async people() {
    return (await this.control.call("GET", `${this.place}/people`)).people.map((each) => new Person(this, each));
  }

  /** Somebody by user name, made when there is nobody of that name; the first person without one. */
  async person(username) {
    const found = (await this.people()).find((each) => !username || each.username === username);
    return found ?? this.addPerson({ username });
  }

  /** Add a person: `username`, `password`, `name`, `ratings`, `favorites`, `watchlist`, `lists` as in a seed. */
  async addPerson(seed) {
    return new Person(this, await this.control.call("POST", `${this.place}/people`, seed));
  }

  /** Every app in it. */
  async apps() {
    return (await this.control.call("GET", `${this.place}/apps`)).apps.map((each) => new App(each));
  }

  /** Register an app: `name`, `owner`, `website`, `redirects` as in a seed. */
  async addApp(seed) {
    return new App(await this.control.call("POST", `${this.place}/apps`, seed));
  }

  /** Put films and series into its catalogue. */
  async addTitles(...titles) {
    await this.control.call("POST", `${this.place}/titles`, { titles });
  }

  /** What happened in it, oldest first, with the reason behind each refusal; secrets are masked. */
  async log() {
    return (await this.control.call("GET", `${this.place}/log`)).log;
  }

  /** Its request tokens and sessions with their state and age, never themselves. */
  tokens() {
    return this.control.call("GET", `${this.place}/tokens`);
  }

  /** What it sent, newest first. */
  async mail() {
    return (await this.control.call("GET", `${this.place}/mail`)).mail;
  }

  /** The address of the page on which a person decides, for tests with a browser. */
  link(requestToken, redirectTo) {
    const query = redirectTo ? `?${new URLSearchParams({ redirect_to: redirectTo })}` : "";
    return `${this.siteUrl}/authenticate/${requestToken}${query}`;
  }

  /** A fetch that reaches this server where an app means TMDB, for clients that take one. */
  fetch = (input, init) => {
    const request = new Request(input, init);
    const meant = new URL(request.url);
    if (!FIXED_HOSTS.includes(meant.hostname)) return fetch(request);
    return fetch(new Request(`${this.baseUrl}${meant.pathname}${meant.search}`, request));
  };

  /** All of it as one text: credentials, ids and time included. Keep it as a secret if they are one. */
  snapshot() {
    return this.control.text("GET", `${this.place}/snapshot`);
  }

  /** Bring it back to what it was at a snapshot of it. */
  async restore(snapshot) {
    await this.control.text("PUT", `${this.place}/snapshot`, snapshot);
  }

  /** Bring it back to its seed: the same credentials, the same ids to come. */
  async reset() {
    await this.control.call("POST", `${this.place}/reset`);
  }

  /** End it. */
  async delete() {
    await this.control.call("DELETE", this.place);
  }

  async #decide(decision, requestToken, { username = "", redirectTo } = {}) {
    const click = { request_token: requestToken, username, decision };
    if (redirectTo !== undefined) click.redirect_to = redirectTo;
    return (await this.control.call("POST", `${this.place}/approvals`, click)).location;
  }
}
