/**
 * Prints what generating costs: reading and writing 1,000 tables, checking the types of 500 models.
 *
 * Usage: `deno run -A tools/figures.ts`. Ends with 1 where a figure is over its limit.
 */
import { join } from "node:path";
import { generate } from "../generator/mod.ts";
import { introspect } from "../generator/introspect/introspect.ts";
import { closeAll, registerDatabase } from "../src/connect.ts";
import { cpuOf } from "../tests/support/cpu.ts";
import { testDatabase } from "../tests/support/database.ts";
import { testServer } from "../tests/support/servers.ts";
import { checkTypes, prepareFolder } from "./conformance_code.ts";
import { printTable } from "./conformance_table.ts";

const TABLES = 1000;
const MODELS = 500;

/** The columns of each table, and the type of each in TypeScript. */
const COLUMNS: readonly (readonly [name: string, declared: string, type: string])[] = [
  ["id", "uuid primary key default gen_random_uuid()", "string"],
  ["name", "text not null", "string"],
  ["status", "status not null default 'open'", '"open" | "done"'],
  ["amount", "numeric(12, 2) not null", "string"],
  ["quantity", "integer not null default 1", "number"],
  ["counter", "bigint", "bigint | null"],
  ["settings", "jsonb not null default '{}'", "unknown"],
  ["labels", "text[]", "string[] | null"],
  ["is_active", "boolean not null default true", "boolean"],
  ["seen_at", "timestamptz", "Date | null"],
  ["born_on", "date", "string | null"],
  ["created_at", "timestamptz not null default now()", "Date"],
];

const nameOf = (at: number): string => `item_${at}_row`;

/** A schema in which each table references itself and two others. */
function schemaText(): string {
  const lines = ["create type status as enum ('open', 'done');"];
  for (let at = 0; at < TABLES; at++) {
    const own = COLUMNS.map(([name, declared]) => `${name} ${declared}`);
    lines.push(
      `create table ${nameOf(at)} (${own.join(", ")}, parent_id uuid references ${nameOf(at)},
        left_id uuid not null, right_id uuid);`,
      `create index on ${nameOf(at)} (status, created_at desc);`,
      `comment on column ${nameOf(at)}.name is 'What people call it';`,
    );
  }
  // neighbours within the first half, so that these tables stand alone as well
  for (let at = 0; at < TABLES; at++) {
    const half = at < MODELS ? 0 : MODELS;
    const near = (step: number): string => nameOf(half + (at - half + step) % MODELS);
    lines.push(
      `alter table ${nameOf(at)} add foreign key (left_id) references ${near(1)},
        add foreign key (right_id) references ${near(7)};`,
    );
  }
  return lines.join("\n");
}

/** What somebody would write by hand: an interface a table, with its relations. */
function handWritten(): string {
  const camel = (name: string): string => name.replace(/_(.)/g, (_, l: string) => l.toUpperCase());
  const interfaces = Array.from({ length: MODELS }, (_, at) => {
    const near = (step: number): string => `Item${(at + step) % MODELS}Row`;
    const members = [
      ...COLUMNS.map(([name, , type]) => `${camel(name)}: ${type}`),
      ...["parentId: string | null", "leftId: string", "rightId: string | null"],
      `parent: ${near(0)} | null`,
      `left: ${near(1)}`,
      `right: ${near(7)} | null`,
      `children: ${near(0)}[]`,
      `lefts: ${near(MODELS - 1)}[]`,
      `rights: ${near(MODELS - 7)}[]`,
    ];
    return `export interface ${near(0)} {\n${members.map((one) => `  ${one};\n`).join("")}}\n`;
  });
  return interfaces.join("\n");
}

const server = await testServer("pg18");
if (server.skip !== false) {
  console.log(`skipped: ${server.skip}`);
  Deno.exit(0);
}
await using db = await testDatabase(server);
const connection = await db.driver.acquire();
await connection.script(schemaText());
connection.release();

const rows: { figure: string; seconds: string; limit: string }[] = [];
let over = 0;
function tell(figure: string, seconds: number, limit?: number): void {
  if (limit !== undefined && seconds > limit) over++;
  rows.push({
    figure,
    seconds: seconds.toFixed(2),
    limit: limit === undefined ? "" : limit.toFixed(2),
  });
}
// the first one connects and warms up, as any program does once
await introspect(db.driver);
tell(`introspect ${TABLES} tables, client's CPU`, await cpuOf(() => introspect(db.driver)), 2);

const work = await Deno.makeTempDir({ prefix: "matrx-figures-" });
registerDatabase({ name: "main", url: db.url });
for (const how of [`generate ${TABLES} tables`, "generate them again, nothing changed"]) {
  const started = performance.now();
  const used = await cpuOf(() => generate({ out: join(work, "all") }));
  tell(`${how}, reading and writing: CPU`, used, 5);
  tell("  wall time", (performance.now() - started) / 1000);
}

const half = Array.from({ length: MODELS }, (_, at) => nameOf(at));
await generate({ out: join(work, "models"), includeTables: half });
await closeAll();
await prepareFolder(work, false);
tell(`deno check of ${MODELS} generated models`, await checked("models"));
await Deno.mkdir(join(work, "bare"));
await Deno.writeTextFile(join(work, "bare/mod.ts"), 'export * from "@matrx/orm";\n');
tell("deno check of the library alone", await checked("bare"));
await Deno.mkdir(join(work, "hand"));
await Deno.writeTextFile(join(work, "hand/rows.ts"), handWritten());
await Deno.writeTextFile(join(work, "hand/mod.ts"), 'export * from "./rows.ts";\n');
tell(`deno check of a hand-written file of ${MODELS} interfaces`, await checked("hand"));
await Deno.writeTextFile(
  join(work, "hand/mod.ts"),
  'export * from "./rows.ts";\nexport * from "@matrx/orm";\n',
);
tell("deno check of that file and the library", await checked("hand"));
await Deno.remove(work, { recursive: true });

async function checked(folder: string): Promise<number> {
  const { seconds, failures } = await checkTypes(work, folder);
  if (failures.length > 0) throw new Error(failures.join("\n"));
  return seconds;
}

printTable(rows);
if (over > 0) {
  console.log(`${over} over the limit`);
  Deno.exit(1);
}
