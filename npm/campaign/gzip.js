// gzip, of one member or of several one after another, as `cat a.gz b.gz`, log shippers and bgzip make it. The browser's own
// decompressor takes one member and nothing behind it, and does not say where that ends. A member ends with its length,
// and the next begins with a mark: where both stand, one decompressor is ended, and checks what it has, and the next begun.
import { TextmeterError } from "../error.js";

/** How a member begins: gzip's mark, and the one method there is. */
const MARK = [0x1f, 0x8b, 0x08];
/** The shortest member: its head, nothing, its sums. */
const MEMBER_BYTES_MIN = 18;

/** The bytes that are packed in these, of all members. */
export async function* unzipped(bytes) {
  let member = new Member();
  let held = new Uint8Array(0);
  try {
    for await (const piece of bytes) {
      const all = held.length === 0 ? piece : joined(held, piece);
      let from = 0;
      for (let at = markIn(all, 0); at >= 0; at = markIn(all, at + 1)) {
        yield* member.take(all.subarray(from, at));
        from = at;
        if (!member.mayEnd) continue; // packed bytes that look like a mark
        yield* member.end();
        member = new Member();
      }
      const until = all.length - begunMark(all);
      yield* member.take(all.subarray(from, until));
      held = all.slice(until);
    }
    yield* member.take(held);
    yield* member.end();
  } finally {
    member.drop();
  }
}

/** One member on its way. */
class Member {
  #writer;
  #reader;
  /** A read that was asked for and has nothing yet. */
  #reading = null;
  #taken = 0;
  #given = 0;
  #last = [];

  constructor() {
    const { writable, readable } = new DecompressionStream("gzip");
    this.#writer = writable.getWriter();
    this.#reader = readable.getReader();
  }

  /** Whether what was taken could be all of it: it ends with the length of what came out. */
  get mayEnd() {
    const length = this.#last.reduceRight((sum, byte) => sum * 256 + byte, 0);
    return this.#taken >= MEMBER_BYTES_MIN && length === this.#given % 2 ** 32;
  }

  /** Takes packed bytes, gives all that comes out of them. */
  async *take(packed) {
    if (packed.length === 0) return;
    this.#taken += packed.length;
    this.#last = [...this.#last, ...packed.subarray(-4)].slice(-4);
    const written = this.#writer.write(packed).then(() => null);
    // Nothing is unpacked before somebody reads. What came out can be read before its writing is told to be done, and where
    // both are there the first of the two is taken.
    yield* this.#out(() => Promise.race([this.#read(), written]));
  }

  /** Nothing more is taken: gives the rest, or says that there should be more. */
  async *end() {
    this.#writer.close().catch(() => {}); // the reader says so too
    yield* this.#out(() => this.#read());
  }

  /** Nobody wants the rest. */
  drop() {
    this.#writer.abort().catch(() => {});
  }

  async *#out(next) {
    try {
      for (let read = await next(); read !== null && !read.done; read = await next()) {
        this.#reading = null;
        this.#given += read.value.length;
        yield read.value;
      }
    } catch {
      throw damaged();
    }
  }

  #read() {
    return (this.#reading ??= this.#reader.read());
  }
}

/** In other words than the engine's: each has its own. */
const damaged = () => new TextmeterError("input-output", "", "The list could not be read to its end: its gzip is cut off or damaged. Copy it again, or pack it again.");

function markIn(bytes, from) {
  for (let at = bytes.indexOf(MARK[0], from); at >= 0; at = bytes.indexOf(MARK[0], at + 1)) {
    if (bytes[at + 1] === MARK[1] && bytes[at + 2] === MARK[2]) return at;
  }
  return -1;
}

/** How many of the last bytes may be the beginning of a mark. */
function begunMark(bytes) {
  if (bytes.at(-1) === MARK[0]) return 1;
  return bytes.at(-2) === MARK[0] && bytes.at(-1) === MARK[1] ? 2 : 0;
}

function joined(first, second) {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
