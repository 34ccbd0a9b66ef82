import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { emptyFolder, generateInto } from "../support/generated.ts";
import { catalogOf, simpleTable, type TableDraft } from "../unit/emit_world.ts";
import { deno, run, typeCheck } from "./generate_support.ts";

/** A table that references the others and itself. */
function knot(name: string, ...others: string[]): TableDraft {
  const columns = [`${name}_id`, ...others.map((other) => `${other}_id`)];
  return {
    ...simpleTable(name, ...columns),
    foreignKeys: [name, ...others].map((to, index) => ({ columns: [columns[index]!], to })),
  };
}

/** Every table references every other: the worst circle of modules there is. */
const circle = catalogOf([
  knot("alphas", "betas", "gammas"),
  knot("betas", "alphas", "gammas"),
  knot("gammas", "alphas", "betas"),
]);

test("modelFile() is imported by its own class alone", async () => {
  await using folder = await emptyFolder();
  await generateInto(folder.path, circle);
  const names = (await readdir(folder.path, { recursive: true })).filter((one) =>
    one.endsWith(".ts")
  );
  for (const name of names) {
    const text = await readFile(join(folder.path, name), "utf8");
    for (const [, path] of text.matchAll(/from "(\.[^"]*)"/g)) {
      const isModel = /generated\/(?!mod|enums|types)|^\.\/(?!generated|mod|enums|types)/.test(
        path!,
      );
      if (!isModel || !path!.includes("generated/")) continue;
      assert.equal(path, `./generated/${name}`, `${name} imports ${path}`);
    }
    if (name.startsWith("generated/")) {
      assert.doesNotMatch(text, /from "\.\/(?!enums|types)/, `${name} imports a generated model`);
    }
  }
});

test("generated modules load whichever of them is the entry", async () => {
  for (const explicit of [false, true]) {
    await using folder = await emptyFolder();
    await generateInto(folder.path, circle, { explicit });
    for (const entry of ["mod.ts", "alpha.ts", "beta.ts", "gamma.ts", "generated/mod.ts"]) {
      // a process each: a module that is loaded once stays loaded
      const url = pathToFileURL(join(folder.path, entry)).href;
      const script = `const all = await import(${JSON.stringify(url)});
        for (const one of Object.values(all)) {
          for (const relation of one.meta.relations.values()) relation.target?.().meta.table;
          for (const { spec } of one.meta.columns) spec.reference?.target().meta.table;
          console.log(one.meta.table);
        }`;
      const { status, output } = await run(deno, ["eval", "--quiet", script], folder.path);
      assert.equal(status, 0, `${entry}: ${output}`);
      assert.match(output, /alphas|betas|gammas/);
    }
    const checked = await typeCheck(folder.path, explicit);
    assert.equal(checked.status, 0, checked.output);
  }
});
