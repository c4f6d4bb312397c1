// The server this page may come from: what it is asked, and what becomes of an answer that never arrives.

/** How long an answer may take. The server gives up after 30 seconds by itself. */
const PATIENCE_MILLISECONDS = 40_000;

/**
 * Where the API of the server behind a rate card is, by the link that comes with it (RFC 8631); null on a plain static
 * host, which has no such link. Nobody is asked for an address that may not exist.
 */
export function serviceBehind(response) {
  const found = /<([^>]*)>[^,]*;\s*rel="?service-desc\b/i.exec(response.headers.get("link") ?? "");
  return found === null ? null : new URL(".", new URL(found[1], response.url || document.baseURI));
}

/** A key for one attempt to send. Not `randomUUID`: that is missing where a page is served without TLS. */
export function attemptKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `page-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** The API, asked with one key. An answer is `{status, body, headers}`; status 0 is none: lost on the way, or too late. */
export class Twin {
  #service;
  #key;
  #known = null;

  constructor(service, key) {
    this.#service = service;
    this.#key = key;
  }

  /** What is left, asked with the tag of what is known: unchanged, it comes without a body. */
  async balance() {
    const known = this.#known; // what it is unchanged from, whatever is answered to others meanwhile
    const tag = known?.headers.get("etag");
    const answer = await this.#ask("v1/balance", { headers: tag ? { "If-None-Match": tag } : {} });
    if (answer.status === 304) return known;
    if (answer.status === 200) this.#known = answer;
    return answer;
  }

  /** The numbers there are to send from. */
  senders() {
    return this.#ask("v1/phone-numbers");
  }

  /** Sends and charges; the same attempt asked again is charged once. */
  send({ key, body }) {
    return this.#ask("v1/messages", { method: "POST", headers: { "Content-Type": "application/json", "Idempotency-Key": key }, body: JSON.stringify(body) });
  }

  /** A page of what moved credits, newest first. */
  usage(limit, cursor) {
    return this.#ask(`v1/usage?${new URLSearchParams({ limit: String(limit), ...(cursor === null ? {} : { cursor }) })}`);
  }

  /** All of it, as a file. */
  statement() {
    return this.#ask("v1/usage?format=csv", {}, (response) => response.blob());
  }

  /** Why a charge is what it is. */
  charge(id) {
    return this.#ask(`v1/charges/${encodeURIComponent(id)}`);
  }

  async #ask(path, { headers = {}, ...options } = {}, read = (response) => response.json()) {
    try {
      const response = await fetch(new URL(path, this.#service), {
        ...options,
        headers: { ...headers, Authorization: this.#key },
        cache: "no-store",
        credentials: "omit",
        signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
      });
      const { status } = response;
      if (status === 304) return { status, body: null, headers: response.headers };
      // A refusal by somebody between us and the server may be no JSON; an answer that breaks off is none.
      const body = response.ok ? await read(response) : await response.json().catch(() => ({}));
      return { status, body, headers: response.headers };
    } catch {
      return { status: 0, body: {}, headers: new Headers() };
    }
  }
}

/** Refusals for which the server looks the key up: under it nothing was charged, by this request or an earlier one. */
const JUDGED = new Set(["0200402", "0201402", "0200404", "region-not-enabled", "price-above-max", "spend-cap"]);

/**
 * Whether an answer to a send leaves open what became of it. A refusal of this request, and a server that says "unavailable",
 * did nothing; of an earlier one whose answer was lost (`lost`) only what is known under the key says anything.
 */
export const leavesOpen = ({ status, body }, lost) => status !== 202 && !JUDGED.has(body.code) && (lost || status < 400 || (status >= 500 && body.code !== "unavailable"));
