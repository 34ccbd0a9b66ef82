import { closeDatabase, databaseNames, registerDatabase } from "../connect.ts";
import { ConfigurationError } from "../errors/base.ts";
import type { DatabaseConfig } from "../execute/database_config.ts";
import { Databases } from "../execute/registry.ts";
import { declaredScript } from "./declared_script.ts";

/** How to make an embedded database. */
export interface EmbeddedOptions extends Omit<DatabaseConfig, "name" | "url" | "driver"> {
  /** Its name in the registry, such as the one that models name; default one that is free. */
  readonly name?: string | undefined;
  /**
   * Models whose tables are made, with their keys, checks, indexes, enums and junctions: a list of
   * classes, or a module of them, `import * as models from "./models/mod.ts"`. The extensions of their
   * columns are created too.
   */
  readonly models?: readonly unknown[] | Readonly<Record<string, unknown>> | undefined;
  /** SQL that comes before the models, such as domains, functions and sequences that they need. */
  readonly before?: string | readonly string[] | undefined;
  /** SQL that makes tables and rows: one text or several, each of any number of commands. */
  readonly sql?: string | readonly string[] | undefined;
}

/** An embedded PostgreSQL that lives as long as its test. */
export interface EmbeddedDatabase extends AsyncDisposable {
  /** Its name in the registry, for `using()` and the `database` option of models. */
  readonly name: string;
  /** Runs SQL: one or several commands, without parameters. */
  run(sql: string): Promise<void>;
  /** Closes it, and forgets its name and all that it held. */
  close(): Promise<void>;
  /** Closes it. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens an embedded PostgreSQL in memory (PGlite, which must be installed) and registers it; with
 * `models`, their tables are there.
 *
 * @example
 * ```ts
 * import { embedded } from "@matrx/orm/testing";
 *
 * await using db = await embedded({ name: "main", sql: "create table tags (id int primary key)" });
 * await db.run("insert into tags values (1)");
 * ```
 *
 * @throws {ConfigurationError} the name is taken, or a model cannot be declared
 * @throws {DatabaseError} the SQL is refused
 */
export async function embedded(options: EmbeddedOptions = {}): Promise<EmbeddedDatabase> {
  const { name = freeName(), models = [], before = [], sql = [], ...config } = options;
  if (databaseNames().includes(name)) throw nameTaken(name);
  registerDatabase({ ...config, name, url: "pglite://memory" });
  const database = Databases.default.get(name);
  const run = async (text: string): Promise<void> => {
    const connection = await (await database.driver()).acquire();
    try {
      await connection.script(text);
    } finally {
      connection.release();
    }
  };
  // a name that another database took meanwhile stays with that one
  const close = async (): Promise<void> => {
    if (database.closed) await database.close();
    else await closeDatabase(name);
  };
  try {
    const declared = await declaredScript(models);
    for (const text of [before, declared, sql].flat()) await run(text);
  } catch (error) {
    await close();
    throw error;
  }
  return { name, run, close, [Symbol.asyncDispose]: close };
}

function nameTaken(name: string): ConfigurationError {
  return new ConfigurationError(`Cannot make an embedded database "${name}": that name is taken`, {
    code: "database_already_registered",
    hint: "Choose another name, or close that database before",
    context: { database: name },
  });
}

function freeName(): string {
  const taken = new Set(databaseNames());
  for (let number = 1;; number++) {
    const name = `embedded-${number}`;
    if (!taken.has(name)) return name;
  }
}
