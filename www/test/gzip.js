// gzip files of several members, and what a page makes of them by the package's own reader. For any browser.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";

/** As `cat a.gz b.gz …` puts files together. */
export const members = (...parts) => Buffer.concat(parts.map((input) => execFileSync("gzip", ["--stdout"], { input, maxBuffer: 1 << 26 })));

/** Nothing in it can be packed: what is gzip inside of it stands in the file as it is, and is no member of it. */
const noise = Buffer.concat(Array.from({ length: 1_000 }, (_, at) => createHash("sha256").update(String(at)).digest()));
export const INSIDE = Buffer.concat([Buffer.from("phone,name\n"), Buffer.from("+12125550123,Ada\n".repeat(40_000)), Buffer.from("José\n"), noise, members(noise), members("")]);
const cuts = [0, 3, 3, 200_000, 680_013, INSIDE.length - 30_000, INSIDE.length];
export const PACKED = members(...cuts.slice(1).map((end, at) => INSIDE.subarray(cuts[at], end)));

/** Runs in the page: whether it has the whole in pieces of each size, and the codes for files that are damaged. */
export async function unpacked([packed64, inside64]) {
  const [packed, inside] = [packed64, inside64].map((text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
  const { openList } = await import(new URL("textmeter/campaign/bytes.js", document.baseURI).href);
  const read = async (list) => {
    const out = [];
    for await (const piece of (await openList(list)).bytes) out.push(piece);
    return new Uint8Array(await new Blob(out).arrayBuffer());
  };
  const pieces = function* (size) {
    for (let at = 0; at < packed.length; at += size) yield packed.subarray(at, at + size);
  };
  const whole = (bytes) => bytes.length === inside.length && bytes.every((byte, at) => byte === inside[at]);
  const told = {};
  for (const size of [1, 2, 5, 4_096]) told[size] = whole(await read(pieces(size)));
  told.blob = whole(await read(new Blob([packed])));
  const changed = (at) => packed.map((byte, place) => (place === at ? byte ^ 1 : byte));
  const damaged = { short: packed.slice(0, -1), longer: new Uint8Array([...packed, 0x20]), sum: changed(packed.length - 8), length: changed(packed.length - 4), first: changed(12) };
  for (const [what, bytes] of Object.entries(damaged)) told[what] = await read(bytes).then(() => "read", ({ code }) => code);
  return told;
}

export const UNPACKED = { 1: true, 2: true, 5: true, 4096: true, blob: true, short: "input-output", longer: "input-output", sum: "input-output", length: "input-output", first: "input-output" };
