// Works offline once it was here: keeps the page's files by a service worker, and says when a newer version is ready.
import { byId, show } from "./dom.js";

export async function workOffline() {
  // Without TLS there is none, and the page is as good as before while there is a network.
  if (navigator.serviceWorker === undefined || !window.isSecureContext) return;
  const first = navigator.serviceWorker.controller === null;
  try {
    const registration = await navigator.serviceWorker.register("sw.js");
    const offer = (worker) => {
      if (worker === null || first) return;
      show(byId("newer"), true);
      byId("newer-take").addEventListener("click", () => worker.postMessage("take over"), { once: true });
    };
    offer(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => worker.state === "installed" && offer(worker));
    });
    if (!first) navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  } catch {
    // Storage may be full or forbidden: then it needs the network, as any page does.
  }
}
