// What a page downloads for its prices, beside what it would with the libraries that do less: prints a table.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const GOAL = 32 * 1024;

const root = new URL("../../", import.meta.url);
const esbuild = createRequire(new URL("tests/package.json", root))("esbuild");
const packed = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;

function bundled(library) {
  const { outputFiles } = esbuild.buildSync({
    stdin: { contents: `export * from "${library}";`, resolveDir: fileURLToPath(new URL("peers", import.meta.url)) },
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
    logLevel: "error",
  });
  return packed(outputFiles[0].contents);
}

const ours = ["textmeter_bg.wasm", "textmeter.js"].map((name) => packed(readFileSync(new URL(`npm/pkg/${name}`, root))));
const total = ours[0] + ours[1];
const peers = ["sms-segments-calculator", "libphonenumber-js/max", "libphonenumber-js/min"].map((name) => [name, bundled(name)]);
const bytes = (count) => `${count.toLocaleString("en")} B`;
const rows = [
  ["`.wasm`", bytes(ours[0]), "", ""],
  ["its glue", bytes(ours[1]), "", ""],
  ["**`.wasm` and glue together**", `**${bytes(total)}**`, `≤ ${bytes(GOAL)}`, total <= GOAL ? "yes" : "**no**"],
  ...peers.map(([name, count]) => [name, bytes(count), "", ""]),
];
console.log("| what | minified, as brotli packs it | goal | met |\n|---|---:|---:|---|");
for (const row of rows) console.log(`| ${row.join(" | ")} |`);
console.log("\nThe reference counter and a reader of numbers together know no price, no advice and no exact money.");
