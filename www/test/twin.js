// The page as the real program serves it: a new ledger in a folder of its own, its demo workspace and key.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { SITE, houseAt } from "./browser.js";

const PROGRAM = process.env.TEXTMETER_BIN ?? fileURLToPath(new URL("../../target/debug/textmeter", import.meta.url));
const RATES = fileURLToPath(new URL("../../rates.json", import.meta.url));

/** A house over a server of its own; `key` is the demo workspace's, `api(path, body)` asks without the page. */
export async function twinHouse() {
  const folder = await mkdtemp(join(tmpdir(), "textmeter-page-"));
  const args = ["serve", "--listen", "127.0.0.1:0", "--db", join(folder, "textmeter.db"), "--site", SITE, "--rates", RATES, "--rate-limit", "0", "--log-level", "error"];
  const server = spawn(PROGRAM, args, { stdio: ["ignore", "pipe", "inherit"], cwd: folder });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  let key;
  let address;
  for await (const line of createInterface({ input: server.stdout })) {
    key ??= /\btm_\S+/.exec(line)?.[0];
    address = /listens on (http:\S+)/.exec(line)?.[1];
    if (address !== undefined) break;
  }
  if (address === undefined) throw new Error(`${PROGRAM} did not start`);
  const house = await houseAt(`${address}/`, async () => {
    server.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true });
  });
  const ask = (path, body) => api(address, path, body, key);
  const revoke = (id) => api(address, `v1/keys/${id}`, undefined, key, "DELETE");
  const steer = (id, to) => api(address, `v1/campaigns/${id}/${to}`, undefined, key, "POST");
  return { ...house, key, api: ask, revoke, steer, begin: (balance) => begin(ask, balance) };
}

let asked = 0;

/** The server's own answer, asked without the page; a body is JSON, or a list. A refusal throws. */
async function api(address, path, body, key, method = body === undefined ? "GET" : "POST") {
  asked += 1;
  const list = typeof body === "string";
  const headers = { authorization: key, "content-type": list ? "text/csv" : "application/json", "idempotency-key": `test-${asked}` };
  const response = await fetch(`${address}/${path}`, { method, headers, body: list ? body : JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.status === 204 ? undefined : response.json();
}

/** Brings the balance to an amount, as a customer can: all credits go towards the subscription, then comes a payment. */
async function begin(ask, balance) {
  const { balance: left } = await ask("v1/balance");
  if (Number(left) > 0) await ask("v1/credits/apply", { to: "subscription" });
  await topUp(ask, balance);
}

/** A payment came in. */
export const topUp = (ask, amount) => ask("v1/top-ups", { amount, provider: "test", payment: `payment-${asked}` });
