// Where the panel floats. It is out of the flow, so that nothing around the composer moves; it never covers the button
// that sends, nor the text somebody is writing.

const GAP_PX = 4;

/** Puts the panel below its line, below the button that sends where that is in the way, or above the field. */
export function place(panel, { box, field, wish }) {
  Object.assign(panel.style, { left: "", right: "", width: "" });
  const line = box.getBoundingClientRect();
  const height = panel.offsetHeight;
  const send = field?.form?.querySelector("button:not([type]), [type=submit]")?.getBoundingClientRect();
  const beside = !send || send.right <= line.left || send.left >= line.right || send.bottom <= line.bottom;
  const free = beside || send.top >= line.bottom + height + 2 * GAP_PX;
  const top = (free ? line.bottom : send.bottom) + GAP_PX;
  const text = field?.getBoundingClientRect() ?? line;
  const ceiling = Math.min(text.top, line.top) - GAP_PX;
  const fitsBelow = top + height <= document.documentElement.clientHeight;
  const above = wish === "above" || (wish !== "below" && !fitsBelow && ceiling - height >= 0);
  const px = (length) => `${length}px`;
  if (above) Object.assign(panel.style, { top: "auto", bottom: px(line.bottom - ceiling), left: px(text.left - line.left), right: "auto", width: px(text.width) });
  else Object.assign(panel.style, { top: px(top - line.top), bottom: "auto" });
}
