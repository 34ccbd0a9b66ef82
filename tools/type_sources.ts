/** Many models and queries as source files, to measure what their types cost. */
import { ROOT } from "./project.ts";

/** The source of one model: 15 columns of which three are foreign keys, and three relations. */
function modelSource(index: number, models: number): string {
  const name = `Model${index}`;
  const [next, far] = [(index + 1) % models, (index + 7) % models];
  const imports = [...new Set([next, far])].map((other) =>
    `import { Model${other} } from "./model_${other}.ts";`
  );
  return `import {
  bigint, boolean, decimal, foreignKey, integer, inverseForeignKey, jsonb, manyToMany, model, sql,
  text, timestamptz, uuid, varchar,
} from "./lib.ts";
${imports.join("\n")}

export class ${name} extends model("table_${index}", {
  id: uuid().primaryKey().default(sql\`gen_random_uuid()\`),
  parentId: foreignKey<${name}>(() => ${name}).nullable(),
  nextId: uuid().references<Model${next}>(() => Model${next}, { relatedName: "previous" }),
  farId: uuid().nullable().references<Model${far}>(() => Model${far}, {}),
  name: text(),
  code: varchar(20).unique(),
  status: text().default("draft"),
  count: integer(),
  big: bigint().nullable(),
  total: decimal(12, 2),
  active: boolean().default(true),
  meta: jsonb<{ source: string }>().nullable(),
  note: text().nullable(),
  createdAt: timestamptz().default(sql\`now()\`),
  updatedAt: timestamptz().nullable(),
  children: inverseForeignKey<${name}>(() => ${name}, { fromField: "parentId" }),
  nexts: manyToMany<Model${next}>(() => Model${next}, { through: "t", source: "a", target: "b" }),
  fars: manyToMany<Model${far}>(() => Model${far}, { through: "u", source: "a", target: "b" }),
}) {
  get isDraft(): boolean {
    return this.status === "draft";
  }
}
`;
}

/** The source of one function that queries, writes and follows relations. */
function querySource(index: number, at: number): string {
  const name = `Model${at}`;
  return `import { ${name} } from "./model_${at}.ts";
import type { InsertOf, RowOf } from "./lib.ts";

export async function query${index}(): Promise<string> {
  const rows = await ${name}.filter({
    status: { in: ["a", "b"] },
    total: { gte: "10" },
    nextId: { is: { name: { startsWith: "x" } } },
    children: { some: { count: { gt: 3 } } },
  }).orderBy("-createdAt", "name").selectRelated("nextId")
    .prefetchRelated({ children: { fars: true }, nexts: true }).limit(10).all();
  const [row] = rows;
  if (row === undefined) return "";
  const values: InsertOf<${name}> = { nextId: row.id, name: "n", code: "c", count: 1, total: "1" };
  const made = await ${name}.create(values);
  await made.update({ note: null, count: 2 });
  const plain: Pick<RowOf<${name}>, "id" | "total">[] = await ${name}.filter().only("id", "total").all();
  const far = await made.fetchFk("farId");
  const names = row.getRelated("children").flatMap((child) => child.getRelated("fars").map((one) => one.name));
  return [plain.length, far?.isDraft, row.getRelated("nextId")?.code, ...names].join();
}
`;
}

/** What the generated files import: the modules behind `mod.ts`, without any driver. */
const LIBRARY = [
  `export { sql } from "${ROOT}/src/ast/sql.ts";`,
  `export { model } from "${ROOT}/src/model/model.ts";`,
  ...["document_factories", "extension_factories", "factories", "time_factories"].map((file) =>
    `export * from "${ROOT}/src/schema/${file}.ts";`
  ),
  `export * from "${ROOT}/src/schema/range_factories.ts";`,
  `export { foreignKey } from "${ROOT}/src/schema/foreign_key.ts";`,
  `export { inverseForeignKey, manyToMany } from "${ROOT}/src/schema/relation.ts";`,
  `export type { InsertOf, RowOf } from "${ROOT}/src/schema/infer.ts";`,
].join("\n");

/** The files by name: `lib.ts`, `model_N.ts` and `query_N.ts`. */
export function typeSources(models: number, queries: number): ReadonlyMap<string, string> {
  const files = new Map([["lib.ts", LIBRARY]]);
  for (let at = 0; at < models; at++) files.set(`model_${at}.ts`, modelSource(at, models));
  const step = Math.floor(models / queries);
  for (let at = 0; at < queries; at++) files.set(`query_${at}.ts`, querySource(at, at * step));
  return files;
}
