import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { RESERVED_NAMES } from "../../src/schema/reserved.ts";
import { reservedNames } from "../../tools/reserved_names.ts";

const document = readFileSync(new URL("../../RESERVED_NAMES.md", import.meta.url), "utf8");

test("RESERVED_NAMES.md does list every reserved name when it is read", () => {
  const listed = [...document.matchAll(/^- `(.+)`$/gm)].map(([, name]) => name);
  assert.deepEqual(new Set(listed), new Set(RESERVED_NAMES));
});

test("reservedNames() does give the text of RESERVED_NAMES.md", () => {
  assert.equal(document, reservedNames());
});
