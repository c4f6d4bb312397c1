// The element itself, under a text area of its own, beside the lines that put it on somebody else's page.
import { byId, say, show } from "./dom.js";

let near;

/** Brings it to life with the page's meter, so that nothing is loaded twice; without one there are only the lines. */
export async function openEmbed(meter) {
  byId("embed-copy").onclick = copy;
  near?.disconnect();
  if (!show(byId("embed-live"), meter !== null)) return;
  await import("./textmeter/element/define.js");
  // It begins to work when somebody comes near it.
  near = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    byId("embed-meter").meter = meter;
    near.disconnect();
  }, { rootMargin: "300px" });
  near.observe(byId("embed"));
}

async function copy() {
  const lines = byId("embed-code");
  try {
    await navigator.clipboard.writeText(lines.textContent);
    say(byId("embed-said"), "Copied.");
  } catch {
    getSelection().selectAllChildren(lines);
    say(byId("embed-said"), "Selected: copy it from there.");
  }
}
