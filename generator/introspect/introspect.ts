import { type Catalog, makeCatalog } from "../../src/catalog/catalog.ts";
import type { CatalogObject, ObjectKind } from "../../src/catalog/types.ts";
import { textArray } from "../../src/codec/array_text.ts";
import type { Connection, Driver, Rows, Statement } from "../../src/driver/port.ts";
import { ConfigurationError } from "../../src/errors/base.ts";
import { nearest } from "../../src/util/nearest.ts";
import { dependencies } from "./queries/dependencies.ts";
import { queries } from "./queries/queries.ts";
import {
  begin,
  commit,
  elsewhere,
  hashJoins,
  rollback,
  settings,
  survey,
  unreadable,
} from "./queries/session.ts";

/** What to read. */
export interface IntrospectOptions {
  /** The schemas to read; default: every schema but the system's and the temporary ones. */
  readonly schemas?: readonly string[] | undefined;
  /** Whether to list what the catalog does not describe; default true. */
  readonly unmodelled?: boolean | undefined;
  /** Whether to read what objects need, as planning a change wants to know; default true. */
  readonly dependencies?: boolean | undefined;
}

/** What introspection found. */
export interface Introspection {
  /** The structure of the database. */
  readonly catalog: Catalog;
  /** The tables and views that the current role may not select from; they are in the catalog all the same. */
  readonly unreadable: readonly { readonly schema: string; readonly name: string }[];
  /** The schemas that were not asked for and have tables or views, and how many. */
  readonly elsewhere: readonly { readonly schema: string; readonly tables: number }[];
}

/** The oldest server that can be read, as `server_version_num`. */
const OLDEST = 150000;

/**
 * Reads the structure of a database.
 *
 * One connection is taken and every query is sent at once inside one read-only transaction, so that
 * all of them see the same moment and print names in full. Needs no right beyond reading the system
 * catalogs. Serves PostgreSQL 15 to 18.
 *
 * @throws {ConfigurationError} the server is too old, or has no schema of a name that was given
 * @throws {DatabaseError} the server refused a query
 * @throws {ConnectionError} no connection could be had, or it was lost
 */
export async function introspect(
  driver: Pick<Driver, "acquire">,
  options: IntrospectOptions = {},
): Promise<Introspection> {
  const connection = await driver.acquire();
  let healthy = false;
  try {
    const found = await readAll(connection, options);
    await connection.query(commit);
    healthy = true;
    return found;
  } catch (error) {
    // The first fault is the one to report; a connection that cannot roll back is not reused.
    healthy = await connection.query(rollback).then(() => true, () => false);
    throw error;
  } finally {
    connection.release({ broken: !healthy });
  }
}

async function readAll(connection: Connection, options: IntrospectOptions): Promise<Introspection> {
  const [, , surveyed] = await allOf(connection, [begin, settings, survey]);
  const version = Number(surveyed!.rows[0]?.[0]);
  if (version < OLDEST) {
    throw new ConfigurationError(`Cannot read the structure of a PostgreSQL ${version} server`, {
      code: "unsupported_server",
      hint: "Use PostgreSQL 15 or newer",
      context: { version },
    });
  }
  const schemas = textArray(chooseSchemas(surveyed!, options.schemas));
  const scope = { version, schemas, everySchema: options.schemas === undefined };
  const kinds = (Object.keys(queries) as ObjectKind[])
    .filter((kind) => kind !== "unmodelled" || options.unmodelled !== false);
  const needs = options.dependencies === false ? [] : [hashJoins, dependencies(scope)];
  const [hidden, others, ...results] = await allOf(connection, [
    unreadable(schemas),
    elsewhere(schemas),
    ...kinds.map((kind) => queries[kind](scope)),
    ...needs,
  ]);
  const objects = results.slice(0, kinds.length).flatMap((rows) => parse<CatalogObject>(rows));
  const needed = results.slice(kinds.length + 1).flatMap((rows) => parse<[string, string[]]>(rows));
  return {
    catalog: makeCatalog(version, objects, new Map(needed)),
    unreadable: hidden!.rows.map(([schema, name]) => ({ schema: schema!, name: name! })),
    elsewhere: others!.rows.map(([schema, tables]) => ({
      schema: schema!,
      tables: Number(tables),
    })),
  };
}

// Waits for every answer before the first fault is thrown: a rollback must not overtake a query.
async function allOf(connection: Connection, statements: readonly Statement[]): Promise<Rows[]> {
  const answers = statements.map((statement) => connection.query(statement));
  await Promise.allSettled(answers);
  return Promise.all(answers);
}

function chooseSchemas(surveyed: Rows, asked: readonly string[] | undefined): readonly string[] {
  const own = surveyed.rows.filter((row) => row[2] === "own").map((row) => row[1]!);
  if (asked === undefined) return own;
  const all = new Set(surveyed.rows.map((row) => row[1]!));
  const missing = asked.filter((name) => !all.has(name));
  if (missing.length === 0) return asked;
  const guess = nearest(missing[0]!, own);
  throw new ConfigurationError(
    `Cannot read ${missing.length === 1 ? "schema" : "schemas"} ${
      missing.map((name) => JSON.stringify(name)).join(", ")
    }: the database has no such schema`,
    {
      code: "schema_not_found",
      hint: guess === undefined
        ? `Schemas of this database: ${own.join(", ") || "none"}`
        : `Did you mean ${JSON.stringify(guess)}?`,
      context: { schema: missing[0]! },
    },
  );
}

// The queries build objects in the catalog's own shape; one parse for all rows is several times faster.
function parse<Row>(result: Rows): Row[] {
  return JSON.parse(`[${result.rows.map((row) => row[0]).join(",")}]`) as Row[];
}
