// The program `textmeter` of this build.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);
const RATES = fileURLToPath(new URL("rates.json", root));

/** Where the program is: `cargo xtask test` says so. */
export const program = process.env.TEXTMETER_BIN ?? fileURLToPath(new URL("target/debug/textmeter", root));

/**
 * `textmeter quote --jsonl`: feeds it a request per line and gives back its answers, a line each, in order.
 * @param {string[]} lines
 * @returns {Promise<string[]>}
 */
export async function quoteLines(lines) {
  const args = ["quote", "--jsonl", "--rates", RATES];
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const answers = [];
  const read = (async () => {
    for await (const line of createInterface({ input: child.stdout })) answers.push(line);
  })();
  for (const line of lines) {
    if (!child.stdin.write(line + "\n")) await once(child.stdin, "drain");
  }
  child.stdin.end();
  await read;
  const [code] = await ended;
  if (code !== 0) throw new Error(`textmeter quote --jsonl ended with ${code}`);
  return answers;
}

/** `textmeter campaign` over a list: what it prints with `--json`, and the two files it writes (null: none). */
export async function priceByProgram(bytes, template, more = []) {
  const folder = await mkdtemp(join(tmpdir(), "textmeter-list-"));
  const [list, out, rejects] = ["list.csv", "out.csv", "rejects.csv"].map((name) => join(folder, name));
  try {
    await writeFile(list, bytes);
    const args = ["campaign", list, "--template", template, "--json", "--rates", RATES, "--out", out, "--rejects", rejects, ...more];
    const said = await new Promise((resolve) => execFile(program, args, { maxBuffer: 1 << 26 }, (_, stdout) => resolve(stdout)));
    const read = (path) => readFile(path).catch(() => null);
    return { json: said.trimEnd(), priced: await read(out), rejects: await read(rejects) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
