/** Measures what the types of many models and queries cost: instantiations and seconds, by checker. */
import { ROOT } from "./project.ts";

const MODELS = 500;
const QUERIES = 50;
/** The checkers, by the folder that npm installs them in. */
const CHECKERS = { "typescript 5.9.3": "ts5", "typescript 7.0.2": "ts7" } as const;
/** Most instantiations that the models and queries may cost with TypeScript 5.9. */
const MOST_INSTANTIATIONS = 550_000;

const folder = Deno.args[0] ?? await Deno.makeTempDir({ prefix: "matrx-orm-types-" });

/** The source of one model: 15 columns of which three are foreign keys, and three relations. */
function modelSource(index: number): string {
  const name = `Model${index}`;
  const [next, far] = [(index + 1) % MODELS, (index + 7) % MODELS];
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
function querySource(index: number): string {
  const at = index * Math.floor(MODELS / QUERIES);
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
  `export * from "${ROOT}/src/schema/factories.ts";`,
  `export { foreignKey } from "${ROOT}/src/schema/foreign_key.ts";`,
  `export { inverseForeignKey, manyToMany } from "${ROOT}/src/schema/relation.ts";`,
  `export type { InsertOf, RowOf } from "${ROOT}/src/schema/infer.ts";`,
].join("\n");

const COMPILER_OPTIONS = {
  target: "esnext",
  module: "esnext",
  moduleResolution: "bundler",
  lib: ["esnext", "dom"],
  types: [],
  noEmit: true,
  allowImportingTsExtensions: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
};

interface Measured {
  readonly errors: string[];
  readonly instantiations: number;
  readonly seconds: number;
}

async function run(
  command: string,
  args: readonly string[],
): Promise<{ text: string; ms: number }> {
  const started = performance.now();
  const { stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd: folder,
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return {
    text: decoder.decode(stdout) + decoder.decode(stderr),
    ms: performance.now() - started,
  };
}

async function measure(checker: string, files: readonly string[]): Promise<Measured> {
  await Deno.writeTextFile(
    `${folder}/tsconfig.json`,
    JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files }),
  );
  const { text } = await run("node", [
    `node_modules/${checker}/bin/tsc`,
    "-p",
    ".",
    "--extendedDiagnostics",
  ]);
  const figure = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+([\\d.]+)`, "m").exec(text)?.[1] ?? NaN);
  return {
    errors: text.split("\n").filter((line) => line.includes("error TS")),
    instantiations: figure("Instantiations"),
    seconds: figure("Total time"),
  };
}

const models = Array.from({ length: MODELS }, (_, index) => `model_${index}.ts`);
const queries = Array.from({ length: QUERIES }, (_, index) => `query_${index}.ts`);
await Deno.writeTextFile(`${folder}/lib.ts`, LIBRARY);
await Promise.all([
  ...models.map((file, index) => Deno.writeTextFile(`${folder}/${file}`, modelSource(index))),
  ...queries.map((file, index) => Deno.writeTextFile(`${folder}/${file}`, querySource(index))),
]);
await run("npm", ["init", "-y"]);
const installed = await run("npm", [
  ...["install", "--silent", "--no-audit", "--no-fund"],
  ...["ts5@npm:typescript@5.9.3", "ts7@npm:typescript@7.0.2"],
]);

let failed = false;
for (const [name, checker] of Object.entries(CHECKERS)) {
  const library = await measure(checker, ["lib.ts"]);
  const onlyModels = await measure(checker, ["lib.ts", ...models]);
  const whole = await measure(checker, ["lib.ts", ...models, ...queries]);
  const own = whole.instantiations - library.instantiations;
  console.log(
    `${name}: ${own} instantiations (${
      onlyModels.instantiations - library.instantiations
    } of them by models), ${whole.seconds} s (${library.seconds} s of them for the library), ${whole.errors.length} errors`,
  );
  if (whole.errors.length > 0) console.error(whole.errors.slice(0, 5).join("\n"));
  failed ||= whole.errors.length > 0 || Number.isNaN(own);
  if (checker === "ts5" && own > MOST_INSTANTIATIONS) {
    console.error(`more than ${MOST_INSTANTIATIONS} instantiations`);
    failed = true;
  }
}
if (failed) console.error(installed.text.slice(0, 2000));

await Deno.writeTextFile(
  `${folder}/all.ts`,
  [...models, ...queries].map((file) => `import "./${file}";`).join("\n"),
);
await Deno.remove(`${folder}/tsconfig.json`);
const config = { compilerOptions: { strict: true, exactOptionalPropertyTypes: true } };
await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify(config));
const checked = await run(Deno.execPath(), ["check", "--quiet", "--no-lock", "all.ts"]);
const denoErrors = checked.text.split("\n").filter((line) => /\bTS\d+ /.test(line));
console.log(
  `deno check: ${(checked.ms / 1000).toFixed(2)} s for everything, ${denoErrors.length} errors`,
);
if (denoErrors.length > 0) console.error(checked.text.slice(0, 2000));
if (Deno.args[0] === undefined) await Deno.remove(folder, { recursive: true });
Deno.exit(failed || denoErrors.length > 0 ? 1 : 0);
