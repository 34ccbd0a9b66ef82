/** What types cost the compiler: a change that makes every model or query dearer is seen here. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { typeSources } from "../../tools/type_sources.ts";

const MODELS = 100;
const QUERIES = 10;
/** Most instantiations of all of them; 49,239 were counted when this was written. */
const LIMIT = 60_000;

const CONFIG = {
  compilerOptions: {
    lib: ["esnext", "dom"],
    types: [],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
  },
};

/** Checks the types of a folder's files and gives how many types were instantiated for that. */
async function instantiations(folder: string, root: string): Promise<number> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--no-lock", "--config", "deno.json", "--log-level", "debug", root],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  assert.ok(success, text.split("\n").filter((line) => /TS\d+ \[ERROR\]/.test(line)).join("\n"));
  const [, count] = /^\s*Instantiations: (\d+)$/m.exec(text) ?? [];
  assert.ok(count !== undefined, "deno check tells no count of instantiations");
  return Number(count);
}

test("types of models and queries cost few instantiations", async () => {
  const folder = await mkdtemp(join(tmpdir(), "matrx-orm-types-"));
  try {
    const sources = typeSources(MODELS, QUERIES);
    for (const [name, text] of sources) await writeFile(join(folder, name), text);
    await writeFile(join(folder, "deno.json"), JSON.stringify(CONFIG));
    const imports = [...sources.keys()].map((name) => `import "./${name}";\n`);
    await writeFile(join(folder, "all.ts"), imports.join(""));
    const [library, all] = await Promise.all([
      instantiations(folder, "lib.ts"),
      instantiations(folder, "all.ts"),
    ]);
    const own = all - library;
    assert.ok(own > 0 && own <= LIMIT, `${own} instantiations; at most ${LIMIT} are allowed`);
  } finally {
    await rm(folder, { recursive: true });
  }
});
