// The API key between two visits of the same tab: only when its owner ticks the box, never in an address, never on a disk.

const SLOT = "textmeter-key";

/** What was kept; null where nothing was, or where the browser keeps nothing for this page. */
export function keptKey() {
  try {
    return sessionStorage.getItem(SLOT);
  } catch {
    return null;
  }
}

/** Keeps a key until the tab is closed. */
export function keepKey(key) {
  try {
    sessionStorage.setItem(SLOT, key);
  } catch {
    // Without storage it is asked for again after a reload, and that is all.
  }
}

/** Forgets it. */
export function forgetKey() {
  try {
    sessionStorage.removeItem(SLOT);
  } catch {
    // Nothing can have been kept.
  }
}
