// A web server of a few lines, and the browser that looks at what it serves.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";

const { chromium } = createRequire(new URL("../../tests/package.json", import.meta.url))("playwright-core");

const KINDS = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".wasm": "application/wasm", ".css": "text/css" };
const ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGS });

/** Serves what `find(path)` gives: `{ body, kind, headers }`; 404 where it gives nothing or fails. */
export async function serve(find) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const found = await Promise.resolve(path).then(find).catch(() => null);
    if (found) response.writeHead(200, { "content-type": KINDS[found.kind] ?? "application/octet-stream", ...found.headers }).end(found.body);
    else response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((resolve) => server.close(resolve)) };
}

/** The files of a folder, as any static host serves them. */
export const folder = (root) => async (path) => {
  const file = join(root, normalize(path.endsWith("/") ? `${path}index.html` : path));
  return { body: await readFile(file), kind: extname(file) };
};
