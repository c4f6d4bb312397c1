// The twin under mixed load for as long as one likes: what grows, what slows down, and whether the money is right at the end.
// `node soak.mjs SECONDS [REST_MS]` prints a table; anything that must not be ends it with an error. Each caller rests so long
// after every answer; without a rest, time is judged as well.

import { strict as assert } from "node:assert";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);
const program = process.env.TEXTMETER_BIN ?? fileURLToPath(new URL("target/debug/textmeter", root));
const seconds = Number(process.argv[2] ?? 60);
const rest = Number(process.argv[3] ?? 0);
const CALLERS = 16;
/** Every window is one row of the table. */
const WINDOWS = 6;
/** From the second part to the last: a quarter, and what the database's caches take. */
const GROWTH_MAX = 1.25;
const CACHES_KIB = 16 * 1024;
const SLOWER_MAX = 1.75;
/** Connections to the database's file that only come to be under load, two files each: readers, and one of each thread. */
const FILES_MORE = 2 * (4 + availableParallelism());

const folder = await mkdtemp(join(tmpdir(), "textmeter-soak-"));
const settings = ["--db", join(folder, "ledger.db"), "--rates", fileURLToPath(new URL("rates.json", root))];
const child = spawn(program, ["serve", "--listen", "127.0.0.1:0", "--rate-limit", "0", "--log-level", "error", ...settings], {
  stdio: ["ignore", "pipe", "inherit"],
});
const ended = once(child, "exit");
process.on("exit", () => child.kill("SIGKILL"));
let key;
let address;
for await (const line of createInterface({ input: child.stdout })) {
  key ??= /\btm_\S+/.exec(line)?.[0];
  address = /listens on (http:\S+)/.exec(line)?.[1];
  if (address) break;
}
assert.ok(address && key, "the twin does not start");

const agent = new Agent({ keepAlive: true, maxSockets: CALLERS + 2 });
const ask = (method, path, body, headers = {}) =>
  new Promise((resolve, reject) => {
    const type = typeof body === "string" ? "text/csv" : "application/json";
    const options = { method, agent, headers: { authorization: key, "content-type": type, ...headers } };
    const asked = request(new URL(path, address), options, async (answer) => {
      const pieces = [];
      for await (const piece of answer) pieces.push(piece);
      resolve({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(pieces).toString("utf8") });
    });
    asked.on("error", reject);
    asked.end(typeof body === "object" ? JSON.stringify(body) : body);
  });

const paid = await ask("POST", "/v1/top-ups", { amount: "1000000", provider: "soak", payment: "1" });
assert.equal(paid.status, 201, paid.text);
const start = micros(JSON.parse((await ask("GET", "/v1/balance")).text).balance);

let charged = 0n;
let asked = 0;
const list = "name,phone\n" + Array.from({ length: 200 }, (_, n) => `Zoë ${n},+1212555${1000 + n}\n`).join("");
const MESSAGE = { content: "Your table is ready at eight, see you soon", from: "+12025550100", to: ["+12125550123"] };
const CHARGE = { text: "Your table is ready — see you soon 😀", to: "+447400123456", channel: "api" };

/** One request of many kinds, and the statuses it may be answered with. */
const KINDS = [
  [6, "quote", () => ask("POST", "/v1/quotes", { ...CHARGE, balance: "5.00" }), [200]],
  [6, "send", () => ask("POST", "/v1/messages", MESSAGE), [202]],
  [3, "charge", (n) => ask("POST", "/v1/charges", CHARGE, { "idempotency-key": `charge-${n}` }), [201]],
  [1, "again", (n) => twice("/v1/charges", CHARGE, `again-${n}`), [201]],
  [3, "balance", () => ask("GET", "/v1/balance"), [200]],
  [1, "history", () => ask("GET", "/v1/usage?limit=50"), [200]],
  [1, "refused", () => ask("POST", "/v1/charges", { ...CHARGE, max_price: "0.01" }, { "idempotency-key": `no-${(asked += 1)}` }), [409, 422]],
  [1, "broken", () => ask("POST", "/v1/messages", { content: 7 }), [400]],
  [1, "campaign", () => ask("POST", "/v1/campaigns/quote?template=Hi%20%7B%7Bname%7D%7D", list), [200]],
  [1, "no key", () => ask("GET", "/v1/balance", undefined, { authorization: "tm_nobody" }), [401]],
];
const kinds = KINDS.flatMap((kind) => Array(kind[0]).fill(kind));

async function twice(path, body, name) {
  const first = await ask("POST", path, body, { "idempotency-key": name });
  const second = await ask("POST", path, body, { "idempotency-key": name });
  assert.deepEqual([second.status, second.text, second.headers["idempotency-hit"]], [first.status, first.text, "true"]);
  return first;
}

/** A decimal string in millionths. */
function micros(amount) {
  const [whole, decimals = ""] = amount.split(".");
  return BigInt(whole) * 1_000_000n + BigInt(decimals.padEnd(6, "0"));
}

/** What an answer says that it cost. */
function spent(answer) {
  const told = JSON.parse(answer.text);
  return micros(told.data?.cost ?? told.cost);
}

const window = { waits: [], kinds: new Map() };
const end = Date.now() + seconds * 1000;
async function caller(number) {
  for (let turn = number; Date.now() < end; turn += CALLERS) {
    const [, kind, run, statuses] = kinds[turn % kinds.length];
    const began = performance.now();
    const answer = await run(turn);
    window.waits.push(performance.now() - began);
    assert.ok(statuses.includes(answer.status), `${kind}: ${answer.status} ${answer.text}`);
    if (answer.status === 201 || answer.status === 202) charged += spent(answer);
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
  }
}

/** What the process has now: memory in KiB, open files. */
async function footprint() {
  const status = await readFile(`/proc/${child.pid}/status`, "utf8");
  return { memory: Number(/VmRSS:\s+(\d+)/.exec(status)[1]), files: (await readdir(`/proc/${child.pid}/fd`)).length };
}

const metric = async (name) => {
  const { text } = await ask("GET", "/metrics");
  return Number(new RegExp(`^textmeter_${name} (\\S+)$`, "m").exec(text)?.[1]);
};

const rows = [];
const callers = Array.from({ length: CALLERS }, (_, number) => caller(number));
for (let number = 1; number <= WINDOWS; number += 1) {
  const until = end - ((WINDOWS - number) * seconds * 1000) / WINDOWS;
  await Promise.race([Promise.all(callers), new Promise((resolve) => setTimeout(resolve, Math.max(until - Date.now(), 0)))]);
  const waits = window.waits.splice(0).sort((a, b) => a - b);
  const at = (share) => waits[Math.min(Math.floor(waits.length * share), waits.length - 1)];
  rows.push({ requests: waits.length, p50: at(0.5), p99: at(0.99), ...(await footprint()), drift: await metric("ledger_drift") });
}
await Promise.all(callers);
for (let tries = 0; (await metric("outbox_messages")) !== 0; tries += 1) {
  assert.ok(tries < 600, "the outbox does not empty");
  await new Promise((resolve) => setTimeout(resolve, 100));
}
const left = micros(JSON.parse((await ask("GET", "/v1/balance")).text).balance);
assert.equal(start - left, charged, "what was charged is what was acknowledged, to the millionth");

console.log("| part | requests | p50 ms | p99 ms | memory MiB | open files | drift |\n|---:|---:|---:|---:|---:|---:|---:|");
rows.forEach(({ requests, p50, p99, memory, files, drift }, n) => {
  console.log(`| ${n + 1} | ${requests} | ${p50.toFixed(1)} | ${p99.toFixed(1)} | ${(memory / 1024).toFixed(1)} | ${files} | ${drift} |`);
});
const total = rows.reduce((sum, row) => sum + row.requests, 0);
console.log(`\n${seconds} s, ${CALLERS} callers, ${total} requests; charged as acknowledged, to the millionth.`);

agent.destroy();
child.kill("SIGTERM");
assert.deepEqual(await ended, [0, null], "it stops well");
const proof = spawnSync(program, ["reconcile", "--db", join(folder, "ledger.db")], { encoding: "utf8" });
assert.equal(proof.status, 0, proof.stdout + proof.stderr);
await rm(folder, { recursive: true });

const [, second] = rows;
const last = rows.at(-1);
assert.ok(rows.every((row) => row.drift === 0), "a balance is not the sum of its journal");
assert.ok(last.memory < second.memory * GROWTH_MAX + CACHES_KIB, `memory grew from ${second.memory} to ${last.memory} KiB`);
assert.ok(last.files <= second.files + FILES_MORE, `open files grew from ${second.files} to ${last.files}`);
// Callers who rest leave the machine to others, who are not even.
if (rest === 0) assert.ok(last.p99 < second.p99 * SLOWER_MAX, `p99 grew from ${second.p99} to ${last.p99} ms`);
