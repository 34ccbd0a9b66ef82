/** What types cost the compiler: a change that makes every model or query dearer is seen here. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { typeSources } from "../../tools/type_sources.ts";
import { emptyFolder, generateInto } from "../support/generated.ts";
import { instantiations } from "../support/instantiations.ts";
import { relatedTables } from "../support/related_tables.ts";

const MODELS = 100;
const QUERIES = 10;
/** Most instantiations of all of them; 49,239 were counted when this was written. */
const LIMIT = 60_000;

test("types of models and queries cost few instantiations", async () => {
  const folder = await mkdtemp(join(tmpdir(), "matrx-orm-types-"));
  try {
    const sources = typeSources(MODELS, QUERIES);
    for (const [name, text] of sources) await writeFile(join(folder, name), text);
    const imports = [...sources.keys()].map((name) => `import "./${name}";\n`);
    await writeFile(join(folder, "all.ts"), imports.join(""));
    const own = await instantiations(folder, "all.ts") - await instantiations(folder, "lib.ts");
    assert.ok(own > 0 && own <= LIMIT, `${own} instantiations; at most ${LIMIT} are allowed`);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** Tables of the generated folder. */
const TABLES = 48;
/** Most instantiations that a view and a manager may cost; 1,953 were counted when this was written. */
const MANAGER_LIMIT = 2_300;

test("types of generated views and managers cost few instantiations", async () => {
  await using folder = await emptyFolder();
  const plan = await generateInto(folder.path, relatedTables(TABLES), { managers: true });
  const models = await instantiations(folder.path, "mod.ts");
  const own = await instantiations(folder.path, "managers.ts") - models;
  const each = Math.round(own / plan.models.length);
  assert.ok(
    own > 0 && each <= MANAGER_LIMIT,
    `${each} instantiations a manager; at most ${MANAGER_LIMIT} are allowed`,
  );
});
