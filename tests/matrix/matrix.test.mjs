// The package as it is packed, in what people build and run with: each prices the same request to the same bytes.
// Everything below happens offline; `npm ci` in this folder was all that needed the network.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { priceList } from "../../npm/campaign-node.js";
import { createMeter } from "../../npm/index.js";
import { folder, launch, serve } from "../../npm/test/static.js";
import { LIST, REQUEST } from "./stand/request.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const projects = join(here, "projects");
const npm = join(here, "../../npm");
const require = createRequire(import.meta.url);
const card = JSON.parse(readFileSync(join(npm, "rates.json"), "utf8"));
const wanted = createMeter(card).quote(REQUEST);
const QUIET = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", NO_COLOR: "1" };

let browser;
before(async () => {
  rmSync(projects, { recursive: true, force: true });
  mkdirSync(projects);
  const packing = ["pack", "--json", "--offline", "--pack-destination", projects];
  const [{ filename }] = JSON.parse(execFileSync("npm", packing, { cwd: npm, encoding: "utf8" }));
  writeFileSync(join(projects, "package.json"), JSON.stringify({ private: true, type: "module" }));
  execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", "--no-package-lock", `./${filename}`], { cwd: projects, env: QUIET });
  browser = await launch();
});
after(() => browser?.close());

/** A fresh project with some of the stand's files. */
function project(name, files) {
  const home = join(projects, name);
  mkdirSync(home);
  for (const file of ["request.js", ...files]) cpSync(join(here, "stand", file), join(home, file.replace(/^next\//, "")), { recursive: true });
  return home;
}

/** A project with a page; `script` is what its document loads. */
function pageProject(name, script) {
  const home = project(name, ["page.js"]);
  const html = readFileSync(join(here, "stand/page.html"), "utf8").replace("SCRIPT", script);
  writeFileSync(join(home, "index.html"), html);
  return { home, html };
}

/** Opens the page and holds what it prices against what is wanted. */
async function look(address) {
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  const trouble = [];
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("console", (message) => message.type() === "error" && !message.text().includes("favicon") && !message.location().url.includes("favicon") && trouble.push(message.text()));
  await page.goto(address);
  await page.waitForFunction(() => globalThis.answers && document.querySelector("text-meter").quote, null, { timeout: 60_000 }).catch((error) => assert.fail(`${error.message}\n${trouble.join("\n")}`));
  assert.deepEqual(await page.evaluate(() => globalThis.answers), { quote: wanted, marks: 3 });
  await fixInPlace(page);
  assert.deepEqual(trouble, []);
  await page.close();
}

/** The element itself: over balance is seen, and Fix all rewrites the host's field. */
async function fixInPlace(page) {
  await page.locator("text-meter [part=cost]").filter({ hasText: "$0.066" }).waitFor();
  assert.match(await page.locator("text-meter [part=warning]").innerText(), /short/);
  await page.evaluate(() => document.querySelector("text-meter").fixAll());
  assert.equal(await page.locator("#message").inputValue(), 'It\'s "so" late');
}

async function lookAtFolder(root) {
  const server = await serve(folder(root));
  try {
    await look(server.address);
  } finally {
    await server.close();
  }
}

const output = (program, args, home, env = QUIET) => JSON.parse(execFileSync(program, args, { cwd: home, env, encoding: "utf8" }));

/** A program that an npm package of this platform brings. */
function binary(scope, program) {
  const found = readdirSync(join(here, "node_modules", scope)).flatMap((name) => [join(here, "node_modules", scope, name, program), join(here, "node_modules", scope, name, "bin", program)]);
  const path = found.find((candidate) => existsSync(candidate));
  assert.ok(path, `${scope} has no ${program}; run npm ci in tests/matrix`);
  return path;
}

test("Node, ES modules and CommonJS", () => {
  const home = project("node", ["server.mjs", "server.cjs"]);
  assert.deepEqual(output(process.execPath, ["server.mjs"], home), wanted);
  assert.deepEqual(output(process.execPath, ["server.cjs"], home), wanted);
});

test("Deno", () => {
  const home = project("deno", ["server.mjs"]);
  const env = { ...QUIET, DENO_DIR: join(home, "cache"), DENO_NO_UPDATE_CHECK: "1" };
  assert.deepEqual(output(binary("@deno", "deno"), ["run", "--no-remote", "--node-modules-dir=manual", "--allow-read", "server.mjs"], home, env), wanted);
});

test("Bun", () => {
  const home = project("bun", ["server.mjs", "server.cjs"]);
  assert.deepEqual(output(binary("@oven", "bun"), ["run", "--no-install", "server.mjs"], home), wanted);
  assert.deepEqual(output(binary("@oven", "bun"), ["run", "--no-install", "server.cjs"], home), wanted);
});

test("a whole list, in Node, Deno and Bun", async () => {
  const home = project("list", ["list.mjs"]);
  const { summary } = await priceList({ card, ...LIST });
  assert.equal(summary.total, "0.076");
  const env = { ...QUIET, DENO_DIR: join(home, "cache"), DENO_NO_UPDATE_CHECK: "1" };
  assert.deepEqual(output(process.execPath, ["list.mjs"], home), summary);
  assert.deepEqual(output(binary("@deno", "deno"), ["run", "--no-remote", "--node-modules-dir=manual", "--allow-read", "list.mjs"], home, env), summary);
  assert.deepEqual(output(binary("@oven", "bun"), ["run", "--no-install", "list.mjs"], home), summary);
});

test("workerd, where WebAssembly is imported as a module", async () => {
  const home = project("workerd", ["worker.js", "worker.capnp"]);
  const { buildSync } = require("esbuild");
  buildSync({ absWorkingDir: home, entryPoints: ["worker.js"], outdir: "out", bundle: true, format: "esm", conditions: ["workerd"], loader: { ".wasm": "copy" }, assetNames: "[name]" });
  const child = spawn(binary("@cloudflare", "workerd"), ["serve", "worker.capnp", "--control-fd=3"], { cwd: home, stdio: ["ignore", "inherit", "inherit", "pipe"] });
  try {
    const { port } = await new Promise((resolve, reject) => {
      child.stdio[3].on("data", (line) => resolve(JSON.parse(line)));
      child.on("exit", (code) => reject(new Error(`workerd ended with ${code}`)));
    });
    assert.deepEqual(await (await fetch(`http://127.0.0.1:${port}/`)).json(), wanted);
  } finally {
    child.kill();
  }
});

test("three lines of HTML, on a static host, from the unpacked tarball", async () => {
  const home = join(projects, "static");
  cpSync(join(projects, "node_modules/textmeter"), join(home, "textmeter"), { recursive: true });
  const [, lines] = readFileSync(join(home, "textmeter/README.md"), "utf8").match(/```html\n([^]*?)```/);
  writeFileSync(join(home, "index.html"), `<!doctype html><title>Stand</title>${lines}`);
  const server = await serve(async (path) => ({ ...(await folder(home)(path)), headers: { "content-security-policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'" } }));
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(server.address);
  await page.locator("#message").fill("x".repeat(161));
  await page.waitForFunction(() => document.querySelector("text-meter").quote?.segments === 2);
  assert.equal(await page.locator("text-meter [part=cost]").innerText(), "$0.132");
  await page.close();
  await server.close();
});

test("esbuild", async () => {
  const { home } = pageProject("esbuild", "out/page.js");
  const { buildSync } = require("esbuild");
  buildSync({ absWorkingDir: home, entryPoints: ["page.js"], outdir: "out", bundle: true, minify: true, format: "esm", splitting: true });
  await lookAtFolder(home);
});

test("Rollup", async () => {
  const { home } = pageProject("rollup", "out/page.js");
  const { rollup } = await import("rollup");
  const [{ default: resolve }, { default: json }] = await Promise.all([import("@rollup/plugin-node-resolve"), import("@rollup/plugin-json")]);
  const warnings = [];
  const bundle = await rollup({ input: join(home, "page.js"), plugins: [resolve({ browser: true }), json()], onwarn: (warning) => warnings.push(warning.message) });
  await bundle.write({ dir: join(home, "out"), format: "es" });
  await bundle.close();
  assert.deepEqual(warnings, []);
  await lookAtFolder(home);
});

test("webpack 5", async () => {
  const { home } = pageProject("webpack", "out/page.js");
  const webpack = require("webpack");
  const options = { mode: "production", context: home, entry: "./page.js", output: { path: join(home, "out"), filename: "page.js", publicPath: "out/" }, performance: { hints: false } };
  const stats = await new Promise((resolve, reject) => webpack(options, (error, done) => (error ? reject(error) : resolve(done))));
  assert.deepEqual(stats.toJson({ all: false, errors: true, warnings: true }), { errors: [], warnings: [] });
  await lookAtFolder(home);
});

test("Vite, as it serves while one develops and as it builds", async () => {
  const { home } = pageProject("vite", "page.js");
  const { build, createServer } = await import("vite");
  const server = await createServer({ root: home, configFile: false, logLevel: "error", cacheDir: join(home, "cache"), server: { port: 0, host: "127.0.0.1", fs: { allow: [here] } } });
  try {
    await server.listen();
    await look(server.resolvedUrls.local[0]);
  } finally {
    await server.close();
  }
  await build({ root: home, configFile: false, logLevel: "error", base: "./" });
  await lookAtFolder(join(home, "dist"));
});

test("Next, on the server and in the browser", async () => {
  const home = project("next", ["next/app", "next/next.config.mjs"]);
  const next = join(dirname(require.resolve("next/package.json")), "dist/bin/next");
  execFileSync(process.execPath, [next, "build"], { cwd: home, env: QUIET });
  const child = spawn(process.execPath, [next, "start", "--port", "0", "--hostname", "127.0.0.1"], { cwd: home, env: QUIET, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const address = await new Promise((resolve, reject) => {
      let said = "";
      child.stdout.on("data", (data) => {
        said += data;
        const [found] = said.match(/http:\/\/127\.0\.0\.1:\d+/) ?? [];
        if (found) resolve(found);
      });
      child.on("exit", (code) => reject(new Error(`next start ended with ${code}: ${said}`)));
    });
    const page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(address);
    assert.deepEqual(JSON.parse(await page.locator("#server").innerText()), wanted);
    assert.equal(await page.locator("#hook").innerText(), wanted.total);
    await page.waitForFunction(() => document.querySelector("text-meter").quote);
    await page.locator("#message").fill("It’s “so” late");
    assert.equal(await page.locator("#hook").innerText(), "0.076");
    await fixInPlace(page);
    await page.close();
  } finally {
    child.kill();
  }
});
