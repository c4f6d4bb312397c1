// The program `textmeter` of this build.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);

/** Where the program is: `cargo xtask test` says so. */
export const program = process.env.TEXTMETER_BIN ?? fileURLToPath(new URL("target/debug/textmeter", root));

/**
 * `textmeter quote --jsonl`: feeds it a request per line and gives back its answers, a line each, in order.
 * @param {string[]} lines
 * @returns {Promise<string[]>}
 */
export async function quoteLines(lines) {
  const args = ["quote", "--jsonl", "--rates", fileURLToPath(new URL("rates.json", root))];
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
