// The program `textmeter` of this build as a server, asked over HTTP.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { program } from "./command.mjs";

const root = new URL("../../", import.meta.url);

/** Starts a server over a new ledger; `post` asks it, `close` ends it. */
export async function openServer() {
  const folder = await mkdtemp(join(tmpdir(), "textmeter-"));
  const args = ["serve", "--listen", "127.0.0.1:0", "--demo", "off", "--log-level", "error"];
  args.push("--db", join(folder, "ledger.db"), "--rates", fileURLToPath(new URL("rates.json", root)));
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  let address;
  for await (const line of createInterface({ input: child.stdout })) {
    [, address] = line.match(/(http:\/\/\S+)/) ?? [];
    if (address) break;
  }
  if (!address) throw new Error("textmeter serve does not start");
  const agent = new Agent({ keepAlive: true });

  /** Posts a body, JSON if nothing is said: the status, and the answer's bytes as text. */
  const post = (path, body, kind = "application/json") =>
    new Promise((resolve, reject) => {
      const headers = { "content-type": kind };
      const asked = request(new URL(path, address), { method: "POST", agent, headers }, async (answer) => {
        const pieces = [];
        for await (const piece of answer) pieces.push(piece);
        resolve({ status: answer.statusCode, body: Buffer.concat(pieces).toString("utf8") });
      });
      asked.on("error", reject);
      asked.end(body);
    });
  const close = async () => {
    agent.destroy();
    child.kill();
    await ended;
    await rm(folder, { recursive: true });
  };
  return { post, close };
}
