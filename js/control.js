// Calls a sandbox's control plane.

/** A call of the control plane that was refused; `status` 0 stands for no answer at all. */
export class SandboxError extends Error {
  constructor(status, error, detail, options) {
    super(`${error}: ${detail}`, options);
    this.name = "SandboxError";
    this.status = status;
    this.error = error;
    this.detail = detail;
  }
}

/** The control plane at an address like http://127.0.0.1:8000. */
export class Control {
  constructor(url) {
    this.url = new URL(url).origin;
  }

  /** What `/sandbox` and the path answer, for a body that is sent as JSON; a SandboxError for a refusal. */
  async call(method, path, body) {
    return JSON.parse(await this.text(method, path, body === undefined ? undefined : JSON.stringify(body)));
  }

  /** The same to the letter, both ways. */
  async text(method, path, body) {
    let response;
    let text;
    try {
      const headers = { "content-type": "application/json" };
      response = await fetch(`${this.url}/sandbox${path}`, { method, headers, body });
      text = await response.text();
    } catch (error) {
      throw new SandboxError(0, "unreachable", `no sandbox answers at ${this.url}`, { cause: error });
    }
    let answer;
    try {
      answer = JSON.parse(text);
    } catch {
      answer = undefined;
    }
    if (response.ok && answer !== undefined) return text;
    const detail = answer?.detail ?? `${method} /sandbox${path} answered ${response.status}; is this a sandbox?`;
    throw new SandboxError(response.status, answer?.error ?? "unknown", detail);
  }
}
