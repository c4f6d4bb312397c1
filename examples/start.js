// `npm start`: builds the examples and serves them on http://127.0.0.1:8081.
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { context } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Serves the examples; `close` ends it. */
export async function start(port = 0) {
  const work = await context({
    absWorkingDir: here,
    entryPoints: ["contenteditable/main.js", "lexical/main.js", "prosemirror/main.js", "react/main.jsx"],
    outdir: "dist",
    bundle: true,
    splitting: true,
    format: "esm",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    preserveSymlinks: true, // the package lies beside, and finds React here
    logLevel: "error",
  });
  const served = await work.serve({ servedir: here, host: "127.0.0.1", port });
  return { address: `http://127.0.0.1:${served.port}`, close: () => work.dispose() };
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const { address } = await start(8081);
  console.log(["textarea", "contenteditable", "lexical", "prosemirror", "react"].map((name) => `${address}/${name}/`).join("\n"));
}
