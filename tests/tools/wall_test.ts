import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const config = fileURLToPath(new URL("../../tools/wall.json", import.meta.url));

/** What `deno check` says of a file that stands behind the wall. */
function check(source: string): { ok: boolean; output: string } {
  const folder = mkdtempSync(join(tmpdir(), "matrx-wall-"));
  try {
    const file = join(folder, "a.ts");
    writeFileSync(file, source);
    const args = ["check", "--no-lock", "--config", config, file];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1" },
    });
    return { ok: status === 0, output: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("wall.json does refuse the globals of each runtime", () => {
  const names = [
    ...["Deno", "Bun", "process", "Buffer", "setImmediate", "require", "__dirname", "global"],
    ...["window", "document", "localStorage"],
  ];
  const { ok, output } = check(names.map((name) => `console.log(${name});\n`).join(""));
  assert.equal(ok, false);
  for (const name of names) assert.match(output, new RegExp(`Cannot find name '${name}'`));
});

test("wall.json does know web standards", () => {
  const { ok, output } = check(
    "console.log(crypto.subtle, new AbortController(), new URL('a:'), new TextEncoder());\n" +
      "setTimeout(() => {}, structuredClone(1)); queueMicrotask(() => {}); performance.now();\n",
  );
  assert.ok(ok, output);
});
