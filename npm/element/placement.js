// Where the panel floats. It is out of the flow, so that nothing around the composer moves; it never covers the button
// that sends, nor the text somebody is writing.

const GAP_PX = 4;

/** Puts the panel below its line, below the button that sends where that is in the way, or above the field. */
export function place(panel, { box, field, wish }) {
  const line = box.getBoundingClientRect();
  const height = panel.offsetHeight;
  const send = field?.form?.querySelector("button:not([type]), [type=submit]")?.getBoundingClientRect();
  const beside = !send || send.right <= line.left || send.left >= line.right || send.bottom <= line.bottom;
  const free = beside || send.top >= line.bottom + height + 2 * GAP_PX;
  const top = (free ? line.bottom : send.bottom) + GAP_PX;
  const ceiling = Math.min(field?.getBoundingClientRect().top ?? line.top, line.top) - GAP_PX;
  const fitsBelow = top + height <= document.documentElement.clientHeight;
  const above = wish === "above" || (wish !== "below" && !fitsBelow && ceiling - height >= 0);
  panel.style.top = above ? "auto" : `${top - line.top}px`;
  panel.style.bottom = above ? `${line.bottom - ceiling}px` : "auto";
}
