/** The folder of schemas that the conformance commands go through. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A schema of the folder, as its index.json tells of it. */
export interface SchemaEntry {
  readonly name: string;
  readonly file: string;
  /** The major versions of PostgreSQL that take it. */
  readonly loads_on: readonly number[];
}

/** Schemas that need an extension which only the embedded server has. */
export const EMBEDDED: ReadonlySet<string> = new Set(["pagila_pg18"]);

const data = Deno.env.get("MATRX_DATA") ??
  fileURLToPath(new URL("../../shared/data", import.meta.url));

/** Where the schemas lie. */
export const SCHEMAS: string = join(data, "schemas");

/** The schemas that are asked for, by default all. Ends the command where there are none, or not that one. */
export async function chosenSchemas(
  asked: readonly string[] | undefined,
): Promise<SchemaEntry[]> {
  if (!existsSync(join(SCHEMAS, "index.json"))) {
    console.log(`skipped: no schemas in ${SCHEMAS}; set MATRX_DATA to a folder that has them`);
    Deno.exit(0);
  }
  const text = await Deno.readTextFile(join(SCHEMAS, "index.json"));
  const all = JSON.parse(text) as SchemaEntry[];
  const unknown = asked?.filter((name) => !all.some((entry) => entry.name === name)) ?? [];
  if (unknown.length > 0) {
    const known = all.map(({ name }) => name).join(", ");
    console.error(`there is no schema ${unknown.join(", ")}; there are ${known}`);
    Deno.exit(2);
  }
  return all.filter(({ name }) => asked?.includes(name) ?? true);
}
