// A list's bytes, whatever holds them and whatever they are wrapped in: gzip and UTF-16 are recognised by how they begin,
// not by a file's name.
import { TextmeterError } from "../error.js";
import { unzipped } from "./gzip.js";

/** So many bytes tell a wrapping. */
const MARK_BYTES = 4;

const SPREADSHEET = "This is a spreadsheet's own file (or an archive), not a list; save it as CSV and try that.";

/** Opens a list: its bytes as UTF-8 or in a code page, how many of its own bytes were read, and what it was wrapped in. */
export async function openList(list) {
  const opened = { bytes: null, read: 0, wrapped: [] };
  const counted = async function* () {
    for await (const piece of pieces(list)) {
      opened.read += piece.byteLength;
      yield piece;
    }
  };
  let { head, bytes } = await peeked(counted());
  if (starts(head, 0x1f, 0x8b)) {
    opened.wrapped.push("gzip");
    ({ head, bytes } = await peeked(readable(unzipped(bytes))));
  }
  if (starts(head, 0x50, 0x4b, 0x03, 0x04) || starts(head, 0xd0, 0xcf, 0x11, 0xe0)) {
    await bytes.return();
    throw new TextmeterError("not-a-list", "", SPREADSHEET);
  }
  const utf16 = starts(head, 0xff, 0xfe) ? "utf-16le" : starts(head, 0xfe, 0xff) ? "utf-16be" : null;
  if (utf16 !== null) {
    opened.wrapped.push("UTF-16");
    bytes = asUtf8(bytes, utf16);
  }
  opened.bytes = bytes;
  return opened;
}

/** The bytes of anything that has some, piece by piece. */
async function* pieces(list) {
  if (typeof list === "string") yield new TextEncoder().encode(list);
  else if (list instanceof ArrayBuffer) yield new Uint8Array(list);
  else if (ArrayBuffer.isView(list)) yield new Uint8Array(list.buffer, list.byteOffset, list.byteLength);
  else if (typeof list?.stream === "function") yield* readable(streamed(list.stream()));
  else if (typeof list?.getReader === "function") yield* readable(streamed(list));
  else if (list?.[Symbol.asyncIterator] || list?.[Symbol.iterator]) {
    for await (const piece of list) {
      if (!(piece instanceof Uint8Array)) throw wrong();
      yield piece;
    }
  } else throw wrong();
}

const wrong = () => new TextmeterError("wrong-type", "list", "The list must be a text, bytes, a Blob, or a stream of bytes.");

/** Not every browser iterates over a stream by itself. */
async function* streamed(stream) {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    reader.cancel().catch(() => {}); // nobody wants the rest
  }
}

/** The same bytes; where they end too soon the list is what is broken. */
async function* readable(bytes) {
  try {
    yield* bytes;
  } catch (cause) {
    throw cause instanceof TextmeterError ? cause : new TextmeterError("input-output", "", `The list could not be read to its end: ${cause.message}`);
  }
}

/** Half a pair is U+FFFD, as everywhere here; the byte order mark becomes UTF-8's. */
async function* asUtf8(bytes, encoding) {
  const [decoder, encoder] = [new TextDecoder(encoding, { ignoreBOM: true }), new TextEncoder()];
  for await (const piece of bytes) yield encoder.encode(decoder.decode(piece, { stream: true }));
  yield encoder.encode(decoder.decode());
}

/** The first bytes, and all of them again. */
async function peeked(bytes) {
  const seen = [];
  let count = 0;
  while (count < MARK_BYTES) {
    const { done, value } = await bytes.next();
    if (done) break;
    seen.push(value);
    count += value.byteLength;
  }
  const all = async function* () {
    try {
      yield* seen;
      yield* bytes;
    } finally {
      await bytes.return();
    }
  };
  return { head: seen.flatMap((piece) => [...piece.subarray(0, MARK_BYTES)]), bytes: all() };
}

const starts = (head, ...mark) => mark.every((byte, at) => head[at] === byte);
