/** States of databases on a server of their own; for the conformance runs over changes. */
import { splitScript } from "../migrations/script/split.ts";
import type { Catalog } from "../src/catalog/catalog.ts";
import { objectsOf } from "../src/catalog/catalog.ts";
import type { Driver } from "../src/driver/port.ts";
import { type TestDatabase, testDatabase } from "../tests/support/database.ts";
import type { TestServer } from "../tests/support/servers.ts";
import { runScript } from "./conformance_changes.ts";

/** What a state may take for granted, by what the server says when it is missing, and what makes it. */
const TAKEN_FOR_GRANTED: readonly (readonly [RegExp, (name: string, schema?: string) => string])[] =
  [
    [/role "([^"]+)" does not exist/, (name) => `create role "${name}"`],
    [/schema "([^"]+)" does not exist/, (name) => `create schema "${name}"`],
    [
      /type "(?:(?<schema>\w+)\.)?(?<name>citext|hstore|ltree)" does not exist/,
      (name, schema = "public") => `create extension ${name} with schema "${schema}"`,
    ],
  ];

/** What another job on the same server is in the way of for a moment: it makes the same role. */
const IN_THE_WAY = /pg_authid_rolname_index|role "[^"]+" already exists|tuple concurrently updated/;

/** How often a state is tried again with something more made for it. */
const TRIES = 12;

/** Runs some work again after what it misses was made; roles belong to the whole server. */
async function withWhatIsMissing(driver: Driver, work: () => Promise<void>): Promise<void> {
  for (let tries = 0;; tries++) {
    try {
      return await work();
    } catch (error) {
      const text = error instanceof Error ? `${error.message} ${error.cause ?? ""}` : "";
      if (tries >= TRIES) throw error;
      const remedy = TAKEN_FOR_GRANTED.flatMap(([missing, make]) => {
        const found = missing.exec(text);
        if (found === null) return [];
        return [make(found.groups?.name ?? found[1]!, found.groups?.schema)];
      })[0];
      if (remedy === undefined && !IN_THE_WAY.test(text)) throw error;
      if (remedy === undefined) continue;
      await runScript(driver, remedy).catch((made) => {
        if (!IN_THE_WAY.test(String(made))) throw made;
      });
    }
  }
}

/** Loads a state in one go: a script that fails leaves nothing. */
export async function loadState(driver: Driver, script: string): Promise<void> {
  await withWhatIsMissing(driver, () => runScript(driver, script));
}

/** Runs the commands of a script one by one on one connection, as psql does. */
export async function runCommands(driver: Driver, script: string): Promise<void> {
  const connection = await driver.acquire();
  try {
    for (const { text } of splitScript(script)) {
      await withWhatIsMissing(driver, () => connection.script(text));
    }
  } finally {
    // a script may leave settings behind
    connection.release({ broken: true });
  }
}

/** Opens a database that a script has made. */
export async function openState(server: TestServer, script: string): Promise<TestDatabase> {
  const db = await testDatabase(server, { options: { poolMax: 2 } });
  try {
    await loadState(db.driver, script);
    return db;
  } catch (error) {
    await db[Symbol.asyncDispose]();
    throw error;
  }
}

/** What a catalog lists and does not describe. */
export function unmodelledIn(catalog: Catalog): string[] {
  return objectsOf(catalog, "unmodelled").map(({ what, name }) => `${what} ${name}`).sort();
}
