import assert from "node:assert/strict";
import { test } from "node:test";
import { contextOf, emitFiles } from "../../generator/emit/emit.ts";
import { loadFormatter } from "../../generator/emit/format.ts";
import { settingsOf } from "../../generator/options.ts";
import type { Catalog } from "../../src/catalog/catalog.ts";
import { builtin, catalogOf, enumObject, keyOf, type TableDraft } from "../unit/emit_world.ts";

/** Numbers that look random and are the same in each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

/** Tables whose names, texts and keys are of every length, so that lines break in every place. */
function randomCatalog(next: (below: number) => number): Catalog {
  const name = (longest = 60) => {
    let text = "abcdefghij"[next(10)]!;
    const length = 1 + next(longest);
    while (text.length < length) text += next(6) === 0 ? "_" : "abcdefghijklmnop"[next(16)];
    return text.replace(/_+$/, "x");
  };
  const maybe = <Value>(chance: number, value: () => Value) => next(chance) === 0 ? value() : null;
  const types = [
    builtin("text"),
    builtin("numeric", "12", "2"),
    { ...builtin("int4"), dimensions: 2 },
    { ...builtin("mood_of_the_day"), schema: "public" },
  ];
  const tables = [...new Set(Array.from({ length: 20 }, () => name()))];
  const drafts = tables.map((table): TableDraft => {
    const columns = [...new Set(Array.from({ length: 2 + next(12) }, () => name()))];
    const target = () => tables[next(tables.length)]!;
    const facts = columns.map((column) => [column, {
      type: types[next(4)]!,
      notNull: next(2) === 0,
      default: maybe(3, () => `'${name(90)}'::text`),
      comment: maybe(3, () => `${name()} ${name()}`),
    }]);
    return {
      name: table,
      columns: { id: { notNull: true }, ...Object.fromEntries(facts) },
      primaryKey: next(2) === 0 ? ["id"] : ["id", columns[0]!],
      foreignKeys: [
        ...columns.filter(() => next(3) === 0)
          .map((column) => ({ columns: [column], to: target(), name: name() })),
        { columns: columns.slice(0, 2), to: target(), toColumns: ["id", "id"], name: name() },
      ],
      table: { comment: maybe(2, () => `${name()} ${name()} ${name()}`) },
      more: [keyOf("unique", { table }, columns.slice(0, 1 + next(3)), name())],
    };
  });
  const labels = Array.from({ length: 1 + next(12) }, () => name());
  return catalogOf(drafts, [enumObject("mood_of_the_day", labels)]);
}

test("loadFormatter() gives text that formatting does not change again", async () => {
  const format = await loadFormatter();
  const next = numbers(7);
  for (let round = 0; round < 10; round++) {
    const catalog = randomCatalog(next);
    for (const explicit of [false, true]) {
      for (const { path, text } of emitFiles(contextOf(catalog, settingsOf({ explicit })))) {
        const formatted = format(text);
        assert.equal(format(formatted), formatted, path);
      }
    }
  }
});
