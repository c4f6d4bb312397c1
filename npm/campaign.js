// Whole lists: a template priced over a CSV while its bytes come in, by a pricing module of its own. In pages it belongs into
// a Worker; elsewhere it lets others have their turn now and then.
import init, { Campaign } from "./pkg/campaign.js";
import { knock, loader, plain } from "./border.js";
import { openList } from "./campaign/bytes.js";

export { TextmeterError } from "./error.js";

/** Bytes that show what parts the fields and what the columns are called. */
const HEAD_BYTES = 65_536;
/** Milliseconds of work between two breaths. */
const BREATH = 100;

const load = loader(init, () => new URL("./pkg/campaign_bg.wasm", import.meta.url));

/** Prices a template over a list; see campaign.d.ts. */
export async function priceList({ card, list, wasm, signal, onProgress, onWritten, ...request } = {}) {
  await load(wasm);
  const campaign = knock(() => new Campaign(plain(card, "card", "The rate card"), plain(request, "", "The request")));
  try {
    const opened = await openList(list);
    const tell = () => onProgress?.({ bytes: opened.read, rows: campaign.rows });
    const hand = () => onWritten?.(campaign.written());
    let worked = performance.now();
    for await (const piece of opened.bytes) {
      signal?.throwIfAborted();
      knock(() => campaign.push(piece));
      hand();
      if (performance.now() - worked < BREATH) continue;
      tell();
      await breathe();
      worked = performance.now();
    }
    signal?.throwIfAborted();
    knock(() => campaign.finish());
    hand();
    tell();
    const summary = JSON.parse(knock(() => campaign.summary()));
    return { summary, previews: JSON.parse(campaign.previews()), wrapped: opened.wrapped };
  } finally {
    campaign.free();
  }
}

/** Looks at the beginning of a list: its columns, or why they are not clear; see campaign.d.ts. */
export async function lookAtList({ list, wasm, ...request } = {}) {
  await load(wasm);
  const { bytes, wrapped } = await openList(list);
  const head = new Uint8Array(HEAD_BYTES);
  let length = 0;
  for await (const piece of bytes) {
    const taken = piece.subarray(0, HEAD_BYTES - length);
    head.set(taken, length);
    length += taken.length;
    if (length === HEAD_BYTES) break;
  }
  // What the template says does not matter yet.
  const asked = plain({ ...request, template: "" }, "", "The request");
  return { ...JSON.parse(knock(() => Campaign.look(head.subarray(0, length), asked))), wrapped };
}

/** Lets whatever else waits have its turn. */
const breathe = () => globalThis.scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
