// What is packed: types that hold without `any`, every file an entry needs, and a manifest that says what the class does.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { TextMeter } from "../element.js";

const npm = fileURLToPath(new URL("..", import.meta.url));
const modules = join(npm, "../tests/node_modules");
const json = (path) => JSON.parse(readFileSync(join(npm, path), "utf8"));

test("the types hold in module, CommonJS and React projects, strictly", () => {
  // It prints what is wrong and exits with an error.
  execFileSync(process.execPath, [join(modules, "typescript/bin/tsc"), "--project", join(npm, "test/types")], { stdio: "inherit" });
});

const packed = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json", "--offline"], { cwd: npm, encoding: "utf8" }))[0].files.map(({ path }) => path);

test("no packed type is any", () => {
  const types = packed.filter((path) => /\.d\.c?ts$/.test(path));
  assert.ok(types.length >= 10, types.join());
  for (const path of types) {
    const code = readFileSync(join(npm, path), "utf8").replace(/\/\*[^]*?\*\/|\/\/.*/g, "");
    assert.doesNotMatch(code, /\bany\b/, path);
  }
});

test("every entry, and every module an entry imports, is packed; no test and no source is", () => {
  const wanted = (entry) => (typeof entry === "string" ? [entry] : Object.values(entry).flatMap(wanted));
  for (const path of Object.values(json("package.json").exports).flatMap(wanted)) assert.ok(packed.includes(path.replace("./", "")), path);
  for (const path of packed.filter((name) => /\.(js|ts|cts)$/.test(name))) {
    for (const [, to] of readFileSync(join(npm, path), "utf8").matchAll(/(?:from|import\(|^import) ?"(\.[^"]+)"/gm)) {
      const target = join(path, "..", to);
      const typed = target.replace(/\.(c?)js$/, ".d.$1ts");
      assert.ok(packed.includes(/ts$/.test(path) ? typed : target), `${path} imports ${to}`);
    }
  }
  assert.ok(packed.includes("LICENSE-MIT") && packed.includes("README.md"));
  assert.deepEqual(packed.filter((path) => /^(test|node_modules)\/|\.test\.|_bg\.wasm\.d\.ts/.test(path)), []);
});

test("what has side effects is said, so that bundlers leave out the rest and keep this", () => {
  const { sideEffects } = json("package.json");
  const defining = readdirSync(join(npm, "element")).filter((name) => name.endsWith(".js") && /customElements\.define\(/.test(readFileSync(join(npm, "element", name), "utf8")));
  assert.deepEqual(sideEffects, defining.map((name) => `./element/${name}`));
});

test("custom-elements.json says what the class does", () => {
  const [{ declarations: [element] }] = json("custom-elements.json").modules;
  assert.deepEqual(element.attributes.map(({ name }) => name).sort(), [...TextMeter.observedAttributes].sort());
  const own = Object.getOwnPropertyNames(TextMeter.prototype).filter((name) => !/^constructor$|Callback$/.test(name));
  assert.deepEqual(element.members.map(({ name }) => name).sort(), own.sort());
  const sources = ["headless.js", ...readdirSync(join(npm, "element")).map((name) => `element/${name}`)].filter((name) => name.endsWith(".js")).map((name) => readFileSync(join(npm, name), "utf8")).join("\n");
  const all = (pattern) => [...new Set([...sources.matchAll(pattern)].map(([, name]) => name))].sort();
  assert.deepEqual(element.events.map(({ name }) => name).sort(), all(/"(text-meter-(?:change|exceeded|ok|edit))"/g));
  assert.deepEqual(element.cssProperties.map(({ name }) => name).sort(), all(/var\((--text-meter-[a-z-]+)/g));
  const parts = element.cssParts.map(({ name }) => name);
  for (const name of all(/part: "([a-z]+)"/g)) assert.ok(parts.includes(name), name);
});

test("the README names every attribute, event, method, part and property", () => {
  const readme = readFileSync(join(npm, "README.md"), "utf8");
  const [{ declarations: [element] }] = json("custom-elements.json").modules;
  for (const kind of ["attributes", "members", "events", "cssParts", "cssProperties", "cssStates"]) {
    for (const { name } of element[kind]) assert.ok(readme.includes(`\`${name}`), `${kind}: ${name}`);
  }
  for (const path of readme.matchAll(/\]\((?!http|#)([^)]+)\)/g)) assert.ok(existsSync(join(npm, path[1])), path[1]);
});
