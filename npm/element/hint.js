// Says once, in the field's own description, that there is a meter; the figures are told when they change. It is a child
// of the element in the host's document, because a description cannot point into a shadow.

/** Adds the hint to a field's description; gives back what takes it off again. */
export function describe(element, node) {
  const hint = element.querySelector(":scope > .text-meter-description") ?? element.appendChild(make());
  const others = () => (node.getAttribute("aria-describedby") ?? "").split(/\s+/).filter((id) => id !== "" && id !== hint.id);
  const put = (ids) => (ids.length > 0 ? node.setAttribute("aria-describedby", ids.join(" ")) : node.removeAttribute("aria-describedby"));
  put([...others(), hint.id]);
  return () => put(others());
}

let made = 0;

function make() {
  const hint = document.createElement("span");
  hint.className = "text-meter-description";
  hint.slot = "description";
  hint.id = `text-meter-description-${(made += 1)}`;
  hint.textContent = "The cost is shown below the text and updated while you type.";
  return hint;
}
