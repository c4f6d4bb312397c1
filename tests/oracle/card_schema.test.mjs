// npm `ajv` as an oracle for rates.schema.json: what an editor that knows the schema is told about a card must be what
// the crate says of it. The vectors name the few defects that no schema can see.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import test from "node:test";

const Ajv = createRequire(import.meta.url)("ajv/dist/2020.js").default;

const json = async (path) => JSON.parse(await readFile(new URL(path, import.meta.url), "utf8"));
const schema = await json("../../rates.schema.json");
const vectors = await json("../vectors/cards.json");
// The pattern beside each `format` says the same.
const valid = new Ajv({ strict: true, strictRequired: false, validateFormats: false, allErrors: true }).compile(schema);

/** RFC 7396. */
function merged(target, patch) {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
  const fields = new Map(Object.entries(target !== null && typeof target === "object" && !Array.isArray(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) fields.delete(name);
    else fields.set(name, merged(fields.get(name), value));
  }
  return Object.fromEntries(fields);
}

test("the shipped card follows the schema", async () => {
  assert.equal(valid(await json("../../rates.json")), true, JSON.stringify(valid.errors));
});

test("the schema refuses what the crate refuses", () => {
  assert.equal(valid(vectors.card), true, JSON.stringify(valid.errors));
  assert.ok(vectors.refused.length > 80);
  for (const { name, patch, schema: seen } of vectors.refused) {
    assert.equal(!valid(merged(vectors.card, patch)), seen, name);
  }
});

test("every field of the schema is described", () => {
  const undescribed = [];
  const walk = (path, node) => {
    for (const [name, field] of Object.entries(node.properties ?? {})) {
      const definition = schema.$defs[field.$ref?.split("/").at(-1)];
      if (!field.description && !definition?.description) undescribed.push(`${path}.${name}`);
      walk(`${path}.${name}`, field);
    }
  };
  walk("", schema);
  walk(".channel", schema.$defs.channel);
  walk(".minute", schema.$defs.minute);
  assert.deepEqual(undescribed, []);
});
