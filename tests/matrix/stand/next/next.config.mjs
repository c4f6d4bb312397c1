import { fileURLToPath } from "node:url";

// The packages lie in folders above this one.
const root = fileURLToPath(new URL("../..", import.meta.url));
export default { turbopack: { root }, outputFileTracingRoot: root };
