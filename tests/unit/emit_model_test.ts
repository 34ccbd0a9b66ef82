import assert from "node:assert/strict";
import { test } from "node:test";
import { notesOf } from "../../generator/emit/notes.ts";
import { builtin, catalogOf, contextFor, enumObject, fileOf, simpleTable } from "./emit_world.ts";

const column = (catalog: Parameters<typeof fileOf>[0], file: string, property: string) =>
  new RegExp(`^${property}: (.*),$`, "m").exec(fileOf(catalog, file))?.[1];

test("modelFile() writes each built-in type through its factory with its modifiers", () => {
  const cases: Record<string, ReturnType<typeof builtin>> = {
    "decimal(12, 2)": builtin("numeric", "12", "2"),
    "decimal(3, -2)": builtin("numeric", "3", "-2"),
    "varchar(20)": builtin("varchar", "20"),
    "varchar()": builtin("varchar"),
    "char(3)": builtin("bpchar", "3"),
    "char(null)": builtin("bpchar"),
    "timestamptz(3)": builtin("timestamptz", "3"),
    'interval("day to second", 3)': builtin("interval", "day to second", "3"),
    "interval(3)": builtin("interval", "3"),
    "bit(4)": builtin("bit", "4"),
    'customType("bit", { schema: "pg_catalog" })': builtin("bit"),
    'customType("box", { schema: "pg_catalog" })': builtin("box"),
    "array(array(int4range()))": { ...builtin("int4range"), dimensions: 2 },
    'customType("geometry", { schema: "gis", modifiers: ["Point", "4326"] })': {
      schema: "gis",
      name: "geometry",
      modifiers: ["Point", "4326"],
      dimensions: 0,
    },
    "vector(3)": { schema: null, name: "vector", modifiers: ["3"], dimensions: 0 },
  };
  for (const [expression, type] of Object.entries(cases)) {
    const catalog = catalogOf([{ name: "t", columns: { c: type } }]);
    assert.equal(column(catalog, "t", "c"), `${expression}.nullable()`);
  }
});

test("modelFile() says which columns can be written when the server fills them", () => {
  const identity = (generation: "always" | "by default", max = "2147483647") => ({
    notNull: true,
    identity: {
      generation,
      sequence: { schema: "public", name: "t_c_seq" },
      options: { start: "1", increment: "1", min: "1", max, cache: "1", cycle: false },
      comment: null,
    },
  });
  const of = (said: object) => column(catalogOf([{ name: "t", columns: { c: said } }]), "t", "c");
  assert.equal(of(identity("always")), `integer().identity("always")`);
  assert.equal(of(identity("by default", "99")), `integer().identity("by default", { max: 99 })`);
  assert.equal(
    of(identity("by default", "9007199254740993")),
    `integer().identity("by default", { max: 9007199254740993n })`,
  );
  assert.equal(
    of({ generated: { expression: "(a * 2)", kind: "virtual" } }),
    `integer().nullable().generatedAs(sql\`(a * 2)\`, { kind: "virtual" })`,
  );
  assert.equal(
    of({ notNull: true, default: "nextval('s'::regclass)" }),
    "integer().default(sql`nextval('s'::regclass)`)",
  );
});

test("modelFile() leaves a foreign key to a table without a model as a column and a constraint", () => {
  const catalog = catalogOf([
    { ...simpleTable("orders", "user_id"), foreignKeys: [{ columns: ["user_id"], to: "users" }] },
  ]);
  const text = fileOf(catalog, "order");
  assert.equal(column(catalog, "order", "userId"), "integer().nullable()");
  assert.match(
    text,
    /constraint\("orders_user_id_fkey", sql`FOREIGN KEY \(user_id\) REFERENCES users\(id\)`\)/,
  );
  assert.deepEqual(
    notesOf(contextFor(catalog)).map(({ code, table, name }) => [code, table, name]),
    [
      ["foreign_key_without_model", "orders", "orders_user_id_fkey"],
    ],
  );
});

test("sourcesOf() leaves out the tables that it is told to", () => {
  const catalog = catalogOf([simpleTable("secrets"), simpleTable("orders")]);
  const leaveOut = [{ schema: "public", name: "secrets" }];
  const { sources } = contextFor(catalog, { leaveOut });
  assert.deepEqual(sources.map((source) => source.object.name), ["orders"]);
});

test("modelFile() names the library under another name when a class has it in an explicit file", () => {
  const catalog = catalogOf([
    simpleTable("fields"),
    {
      ...simpleTable("relations", "field_id"),
      foreignKeys: [{ columns: ["field_id"], to: "fields" }],
    },
  ]);
  const text = fileOf(catalog, "relation", { explicit: true });
  assert.match(text, /type Field as OrmField/);
  assert.match(text, /readonly id: OrmField<"number", number, number, "required", "primary">/);
  assert.match(text, /import \{ Field \} from "\.\.\/field\.ts"/);
});

test("enumsFile() keeps the labels in their order", () => {
  const labels = ["z", "a", "it's", "`${x}`", "\u2028"];
  const catalog = catalogOf([{
    name: "t",
    columns: { c: { ...builtin("mood"), schema: "public" } },
  }], [
    enumObject("mood", labels),
  ]);
  const text = fileOf(catalog, "enums");
  assert.match(text, /moodLabels = \["z", "a", "it's", "`\$\{x\}`", "\\u2028"\] as const;/);
  assert.equal(column(catalog, "t", "c"), "mood().nullable()");
});
