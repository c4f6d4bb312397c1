// Hands a file to whoever asked for it.
import { h } from "../dom.js";

const KINDS = { priced: "priced", rejects: "rejects" };

/** `recipients.csv.gz` becomes `recipients.priced.csv`. */
export function hand(file, name, want) {
  const address = URL.createObjectURL(file);
  h("a", { href: address, download: `${name.replace(/(\.(csv|tsv|txt))?(\.gz)?$/i, "")}.${KINDS[want]}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
