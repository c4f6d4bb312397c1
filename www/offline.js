// Works offline once it was here: keeps the page's files by a service worker, and says when a newer version is ready.
import { byId, show } from "./dom.js";

export async function workOffline() {
  // Without TLS there is none, and the page is as good as before while there is a network.
  if (navigator.serviceWorker === undefined || !window.isSecureContext) return;
  const { serviceWorker } = navigator;
  let controlled = serviceWorker.controller !== null;
  serviceWorker.addEventListener("controllerchange", () => {
    if (controlled) location.reload();
    controlled = true; // the first one takes over what it was made from
  });
  serviceWorker.addEventListener("message", ({ data }) => show(byId("newer-others"), data === "others are open"));
  try {
    const registration = await serviceWorker.register("sw.js");
    const offer = (worker) => {
      if (worker === null || !controlled) return;
      show(byId("newer"), true);
      byId("newer-take").onclick = () => worker.postMessage("take over");
    };
    offer(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => worker.state === "installed" && offer(worker));
    });
  } catch {
    // Storage may be full or forbidden: then it needs the network, as any page does.
  }
}
