// What an attack would leave behind in a page: something of its own that ran, that was fetched, or that stands in the document.

/** Runs in the page before anything of it: watches all elements there ever are, also those in shadow trees, closed ones too. */
export function witness() {
  const seen = { ran: [], policy: [], names: new Set(), addresses: new Set(), changes: 0 };
  Object.defineProperty(globalThis, "hurt", { set: (by) => seen.ran.push(String(by)), get: () => undefined });
  Object.defineProperty(globalThis, "witnessed", { value: seen });
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) => seen.policy.push(`${violatedDirective} ${blockedURI} ${sample}`));
  const LEADS = new Set(["href", "src", "action", "formaction", "data", "ping", "poster", "srcset", "srcdoc", "xlink:href"]);
  const look = (element) => {
    const name = element.localName;
    seen.names.add(name);
    for (const { name: attribute, value } of element.attributes) {
      seen.names.add(`${name} ${attribute}`);
      if (!LEADS.has(attribute)) continue;
      const { protocol, host } = URL.canParse(value, document.baseURI) ? new URL(value, document.baseURI) : { protocol: "none:", host: "" };
      seen.addresses.add(`${protocol}//${host}`);
    }
    if (element.shadowRoot) lookAt(element.shadowRoot);
    if (element.content) lookAt(element.content);
  };
  const lookAt = (root) => {
    if (root.nodeType === 1) look(root);
    for (const element of root.querySelectorAll?.("*") ?? []) look(element);
  };
  const watch = (root) => {
    lookAt(root);
    new MutationObserver((changes) => {
      seen.changes += changes.length;
      for (const { type, target, addedNodes } of changes) {
        if (type === "attributes") look(target);
        else for (const node of addedNodes) lookAt(node);
      }
    }).observe(root, { subtree: true, childList: true, attributes: true });
  };
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    watch(root);
    return root;
  };
  watch(document);
}

/** Waits until the page has nothing left to draw, what is drawn once it is near included, and no list to price. */
export const settled = (page) =>
  page.evaluate(async () => {
    document.getElementById("world")?.scrollIntoView();
    const busy = () => document.querySelector('[aria-busy="true"]') !== null;
    for (let quiet = 0, before = -1; quiet < 3; ) {
      await new Promise((resolve) => requestAnimationFrame(() => requestIdleCallback(resolve, { timeout: 100 })));
      quiet = globalThis.witnessed.changes === before && !busy() ? quiet + 1 : 0;
      before = globalThis.witnessed.changes;
    }
  });

/** What was witnessed since the page was loaded, as data. */
export const testimony = (page) =>
  page.evaluate(() => {
    const { ran, policy, names, addresses } = globalThis.witnessed;
    return { ran, policy, names: [...names], addresses: [...addresses] };
  });
