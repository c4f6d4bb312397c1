// Prices a list away from the page, by the package's own door. It gets `{ list, card, request, want }`, tells how far it is,
// and ends with what was wanted: a first look at the columns, the summary, or a file.
import { lookAtList, priceList } from "../textmeter/campaign.js";

/** Bytes of a file that are given to the browser at once: it keeps what is large on the disk. */
const PART_BYTES = 4 << 20;

self.addEventListener("message", async ({ data }) => {
  try {
    self.postMessage(await { look: first, summary, priced: file, rejects: file }[data.want](data));
  } catch (error) {
    self.postMessage({ kind: "failed", error: { code: error.code ?? "unexpected", at: error.at ?? "", message: error.message } });
  }
});

/** Tells how far it is, and for how long it has been at it. */
function teller() {
  const began = performance.now();
  return (told) => self.postMessage({ kind: "progress", ...told, milliseconds: performance.now() - began });
}

async function first({ list, request: { header, delimiter, list_encoding, phone_column, opt_out_column, region } }) {
  return { kind: "looked", look: await lookAtList({ list, header, delimiter, list_encoding, phone_column, opt_out_column, region }) };
}

async function summary(asked) {
  const { list, card, request } = asked;
  self.postMessage({ kind: "look", look: (await first(asked)).look });
  const began = performance.now();
  const priced = await priceList({ list, card, onProgress: teller(), ...request });
  return { kind: "priced", priced, milliseconds: performance.now() - began };
}

async function file({ list, card, request, want }) {
  const blobs = [];
  let parts = [];
  let bytes = 0;
  const onWritten = (part) => {
    parts.push(part);
    bytes += part.length;
    if (bytes < PART_BYTES) return;
    blobs.push(new Blob(parts));
    [parts, bytes] = [[], 0];
  };
  await priceList({ list, card, onProgress: teller(), onWritten, ...request, write: want });
  return { kind: "file", file: new Blob([...blobs, ...parts], { type: "text/csv;charset=utf-8" }) };
}
