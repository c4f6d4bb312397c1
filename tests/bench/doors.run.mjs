// PART node | chromium PROGRAM: runs doors.mjs there and prints its samples as JSON, with what it ran in.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const [part, place, program] = process.argv.slice(2);
const root = new URL("../../", import.meta.url);
const tools = createRequire(new URL("tests/package.json", root));
const card = JSON.parse(readFileSync(new URL("rates.json", root), "utf8"));

// One file, with the peers of the folder beside this one in it.
const bundled = fileURLToPath(new URL("target/xtask/bench/doors.mjs", root));
mkdirSync(new URL("target/xtask/bench/", root), { recursive: true });
tools("esbuild").buildSync({
  entryPoints: [fileURLToPath(new URL("doors.mjs", import.meta.url))],
  outfile: bundled,
  bundle: true,
  format: "esm",
  nodePaths: [fileURLToPath(new URL("peers/node_modules", import.meta.url))],
  logLevel: "warning",
});

async function inChromium() {
  const browser = await tools("playwright-core").chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    const code = readFileSync(bundled, "utf8");
    const cases = await page.evaluate(
      async ([code, part, card]) => {
        const { measure } = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
        return measure(part, card);
      },
      [code, part, card],
    );
    return { cases, runtime: `Chromium ${browser.version()}` };
  } finally {
    await browser.close();
  }
}

async function inNode() {
  const { measure } = await import(pathToFileURL(bundled));
  return { cases: measure(part, card), runtime: `Node ${process.versions.node}` };
}

console.log(JSON.stringify(await (place === "chromium" ? inChromium() : inNode())));
