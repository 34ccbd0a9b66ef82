/**
 * The demo: loads the shop into an embedded PostgreSQL, generates its code, checks it, queries it; then
 * changes a model and lets a migration bring that to the database, and take it back.
 *
 * Usage: `deno task demo`, or `npx -y deno@2.9 task demo` on a machine with Node and npm alone.
 */
import { fileURLToPath } from "node:url";
import { closeAll, registerDatabase } from "@matrx/orm";
import { main as matrx } from "@matrx/orm/cli";
import { openPglite } from "@matrx/orm/drivers/pglite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const DATA = here(".matrx/data");
const MIGRATIONS = here(".matrx/migrations");
const URL_OF_SHOP = `pglite://${encodeURI(DATA)}`;

const bold = (text: string): string =>
  Deno.stdout.isTerminal() && !Deno.noColor ? `\x1b[1m${text}\x1b[0m` : text;

async function step(title: string, work: () => Promise<void>): Promise<void> {
  console.log(`\n${bold(`== ${title}`)}`);
  const started = performance.now();
  await work();
  console.log(`   (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

/** Makes the database anew, so that each run tells the same story. */
async function loadShop(): Promise<void> {
  for (const folder of [DATA, MIGRATIONS]) {
    await Deno.remove(folder, { recursive: true }).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
  const driver = openPglite({
    name: "shop",
    url: URL_OF_SHOP,
    poolMax: 1,
    poolMode: "session",
    connectTimeoutMs: 60_000,
    acquireTimeoutMs: 60_000,
    statementTimeoutMs: 0,
    idleTimeoutMs: 0,
    livenessTimeoutMs: 0,
  });
  const connection = await driver.acquire();
  for (const file of ["schema.sql", "data.sql"]) {
    await connection.script(await Deno.readTextFile(here(file)));
    console.log(`   loaded ${file}`);
  }
  connection.release();
  await driver.close();
}

async function generateModels(...more: readonly string[]): Promise<void> {
  const words = ["--schema", "public,crm", "--out", here("models"), ...more];
  const shown = ["--schema public,crm --out models", ...more].join(" ");
  console.log(`   matrx generate --database pglite://... ${shown}\n`);
  const status = await matrx(["generate", "--database", URL_OF_SHOP, ...words]);
  if (status !== 0) Deno.exit(status);
}

/** Adds a column and an index to a model, as one would in an editor. */
async function changeModel(): Promise<void> {
  const file = here("models/generated/order.ts");
  const text = await Deno.readTextFile(file);
  const changed = text.replace(/^( *)note: .*$/m, (line, indent) => `${line}\n${indent}${COLUMN}`);
  if (changed === text) throw new Error(`${file} has no column note`);
  await Deno.writeTextFile(file, changed);
  console.log(`   models/generated/order.ts  + ${COLUMN}`);
}

const COLUMN = "giftNote: text().nullable(),";

/** In a process of its own: this one has loaded the models as they were before. */
async function makeMigration(): Promise<void> {
  const words = ["makemigrations", "--database", URL_OF_SHOP, "--models", here("models")];
  console.log("   matrx makemigrations --database pglite://... --models models\n");
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", here("../../cli.ts"), ...words, "--dir", MIGRATIONS],
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  if (!success) Deno.exit(1);
}

async function showMigrations(): Promise<void> {
  for await (const { name } of Deno.readDir(MIGRATIONS)) {
    if (!/^\d/.test(name)) continue;
    const text = await Deno.readTextFile(`${MIGRATIONS}/${name}`);
    console.log(`\n   ${name}\n${text.trimEnd().replace(/^/gm, "   | ")}`);
  }
}

async function apply(command: "migrate" | "rollback"): Promise<void> {
  console.log(`   matrx ${command} --database pglite://...\n`);
  const status = await matrx([command, "--database", URL_OF_SHOP, "--dir", MIGRATIONS]);
  if (status !== 0) Deno.exit(status);
}

/** Type-checks the queries, and with them the generated models that they import. */
async function checkTypes(): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "--check", here("queries.ts")],
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  if (!success) Deno.exit(1);
  console.log("   queries.ts and the models are sound");
}

async function runQueries(): Promise<void> {
  registerDatabase({ name: "main", url: URL_OF_SHOP });
  // by a computed name: the models that it imports are there only now
  const queries = new URL("queries.ts", import.meta.url).href;
  await (await import(queries)).run();
  await closeAll();
}

await step("Load the shop into an embedded PostgreSQL with pgvector", loadShop);
await step("Generate its models", () => generateModels());
await step("Check their types", checkTypes);
await step("Query it", runQueries);
await step("Change a model", changeModel);
await step("Make the migration of it", async () => {
  await makeMigration();
  await showMigrations();
});
await step("Migrate", () => apply("migrate"));
await step("Generate again: the database is what the model says", () => generateModels("--force"));
await step("Nothing differs", makeMigration);
await step("Take it back", () => apply("rollback"));
console.log(`\nThe models are in ${here("models")}, the queries in ${here("queries.ts")}`);
