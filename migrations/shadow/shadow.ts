import { introspect } from "../../generator/introspect/introspect.ts";
import type { Catalog } from "../../src/catalog/catalog.ts";
import type { Connection, Driver } from "../../src/driver/port.ts";
import { MigrationError } from "../../src/errors/base.ts";
import { openEmbedded } from "./embedded.ts";
import {
  loadStatements,
  MissingExtensionError,
  type Remedies,
  type ShadowStatement,
  tryStatements,
} from "./load.ts";
import type { ShadowPlace } from "./place.ts";
import * as queries from "./queries.ts";
import { isServer, openOnServer } from "./server.ts";

/** Where the shadow is and what it may do. */
export interface ShadowOptions {
  /**
   * `embedded` (default): PostgreSQL in the process. `server`: a temporary database on the server of
   * `target`. A `postgres://` URL: a temporary database on that server.
   */
  readonly place?: string | undefined;
  /** The URL of the live database; `server` needs it, and so does falling back from `embedded`. */
  readonly target?: string | undefined;
  /** Hears in a line why the shadow is not where it was wanted. */
  readonly onNotice?: ((line: string) => void) | undefined;
}

/** How statements are loaded. */
export interface LoadOptions {
  /**
   * The schemas where unqualified names are looked up, those of extensions after them; the first one
   * is where they are made. Default `public`.
   */
  readonly searchPath?: readonly string[] | undefined;
}

/**
 * An empty database of its own in which DDL is tried out: what goes in as anybody writes it comes out
 * as the server words it.
 *
 * @example
 * ```ts
 * import { Shadow, withShadow } from "@matrx/orm/migrations";
 *
 * await withShadow({}, async (shadow) => {
 *   console.log(shadow instanceof Shadow, shadow.place); // true "embedded"
 *   // in any order
 *   await shadow.load(["create view v as select * from t", "create table t (id int)"]);
 *   console.log((await shadow.read(["public"])).objects.size);
 * });
 * ```
 */
export class Shadow {
  #place: ShadowPlace;

  /** Takes over a place; use `openShadow`. */
  constructor(place: ShadowPlace) {
    this.#place = place;
  }

  /** What it runs on. */
  get place(): "embedded" | "server" {
    return this.#place.name;
  }

  /** The shadow's database; another one after `reset()`. */
  get driver(): Driver {
    return this.#place.driver;
  }

  /**
   * Runs statements, each as soon as what it needs is there. Roles that are missing are made in an
   * embedded shadow.
   *
   * @throws {MigrationError} a statement cannot be run at all, or the server lacks an extension
   */
  async load(
    statements: Iterable<string | ShadowStatement>,
    options: LoadOptions = {},
  ): Promise<void> {
    const list = statementsOf(statements);
    await this.#run(options, (connection, remedies) => loadStatements(connection, list, remedies));
  }

  /** Runs what of some statements the server takes, and gives those that it refuses. */
  async attempt(
    statements: Iterable<string | ShadowStatement>,
    options: LoadOptions = {},
  ): Promise<readonly ShadowStatement[]> {
    const list = statementsOf(statements);
    return await this.#run(
      options,
      (connection, remedies) => tryStatements(connection, list, { ...remedies, lenient: true }),
    );
  }

  async #run<Result>(
    { searchPath = ["public"] }: LoadOptions,
    work: (connection: Connection, remedies: Remedies) => Promise<Result>,
  ): Promise<Result> {
    const place = this.#place;
    const connection = await place.driver.acquire();
    let healthy = false;
    try {
      for (const text of queries.settings) await connection.script(text);
      const result = await work(connection, {
        prepare: () => connection.query(queries.setSearchPath(searchPath)),
        createRole: (name) => place.createRole(connection, name),
      });
      await connection.script(queries.resetSettings);
      healthy = true;
      return result;
    } finally {
      connection.release({ broken: !healthy && place.driver.capabilities.concurrentConnections });
    }
  }

  /** Reads what is there: in these schemas, as far as they exist, or in all but the system's. */
  async read(schemas?: readonly string[]): Promise<Catalog> {
    const { driver } = this.#place;
    if (schemas === undefined) return (await introspect(driver)).catalog;
    const { rows } = await driver.query(queries.presentSchemas(schemas));
    const present = rows.map(([name]) => name!);
    return (await introspect(driver, { schemas: present })).catalog;
  }

  /** Makes it empty again. */
  async reset(): Promise<void> {
    this.#place = await this.#place.empty();
  }

  /** Ends it, with all that is in it. */
  async close(): Promise<void> {
    await this.#place.close();
  }
}

function statementsOf(statements: Iterable<string | ShadowStatement>): ShadowStatement[] {
  return Array.from(
    statements,
    (one) => typeof one === "string" ? { sql: one, origin: null } : one,
  );
}

/**
 * Opens a shadow.
 *
 * @throws {MigrationError} there is no such place, or no database can be made there
 *
 * @example
 * ```ts
 * import { openShadow } from "@matrx/orm/migrations";
 *
 * const shadow = await openShadow({ place: "embedded" });
 * await shadow.load(["create table notes (id int primary key)"]);
 * await shadow.close();
 * ```
 */
export async function openShadow(options: ShadowOptions = {}): Promise<Shadow> {
  const { place = "embedded", target } = options;
  if (place === "embedded") return new Shadow(await openEmbedded());
  if (place !== "server") return new Shadow(await openOnServer(place));
  if (target !== undefined) return new Shadow(await openOnServer(target));
  throw new MigrationError("Cannot make a shadow database on the server: no database is named", {
    code: "shadow_without_server",
    hint: "Name the live database, or leave the shadow embedded",
  });
}

/**
 * Works with a shadow and ends it. Where the embedded one lacks an extension, or its version does not
 * take what is written for an older one, the work is done again on the server of the live database,
 * and `onNotice` hears of it.
 *
 * @throws {MigrationError} as `openShadow` and the work do
 *
 * @example
 * ```ts
 * import { withShadow } from "@matrx/orm/migrations";
 *
 * const catalog = await withShadow({}, async (shadow) => {
 *   await shadow.load(["create table notes (id int primary key)"]);
 *   return await shadow.read(["public"]);
 * });
 * console.log(catalog.objects.size);
 * ```
 */
export async function withShadow<Result>(
  options: ShadowOptions,
  work: (shadow: Shadow) => Promise<Result>,
): Promise<Result> {
  const shadow = await openShadow(options);
  try {
    return await work(shadow);
  } catch (error) {
    const { target } = options;
    const why = shadow.place === "embedded" ? unfit(error) : null;
    if (why === null || target === undefined || !isServer(target)) throw error;
    options.onNotice?.(`${why}: a temporary database on the server is used in its place`);
  } finally {
    await shadow.close();
  }
  return await withShadow({ ...options, place: "server" }, work);
}

/** Says why an embedded shadow will not do; null = the fault is another one. */
function unfit(error: unknown): string | null {
  if (error instanceof MissingExtensionError) {
    return `The embedded database lacks the extension ${error.context.extension}`;
  }
  // a word that became one of the grammar, or a form that is gone
  const isSyntax = error instanceof MigrationError && error.context.sqlstate === "42601";
  return isSyntax ? "The embedded PostgreSQL 18 does not take a statement" : null;
}
