/** A primary with two replicas, and models whose database reads from them. */
import {
  type DatabaseConfig,
  foreignKey,
  integer,
  inverseForeignKey,
  model,
  type QueryEvent,
  registerDatabase,
  text,
  version,
} from "../../mod.ts";
import { openNodePg } from "../../src/drivers/node_pg.ts";
import { closeDatabase } from "../../src/connect.ts";
import { driverOptions } from "../support/database.ts";
import { ownServerLacks } from "../support/own_server.ts";
import { type Replication, startReplication } from "../support/replication.ts";

/** Declares the models on one database. */
// deno-lint-ignore explicit-function-return-type explicit-module-boundary-types -- what it gives is a bag of classes
export function notesOf(database: string) {
  class Note extends model("notes", {
    id: integer().primaryKey(),
    text: text(),
    version: version(),
    lines: inverseForeignKey<Line>(() => Line, { fromField: "noteId" }),
  }, { database }) {}

  class Line extends model("lines", {
    id: integer().primaryKey(),
    noteId: foreignKey<Note>(() => Note),
    words: text(),
  }, { database }) {}

  return { Note, Line };
}

const TABLES = [
  "create table notes (id int primary key, text text not null, version int not null default 1)",
  "create table lines (id int primary key, note_id int not null references notes, words text not null)",
  "create sequence numbers",
  "insert into notes values (1, 'first'), (2, 'second')",
  "insert into lines values (1, 1, 'one'), (2, 1, 'two')",
];

let count = 0;

/** A group of servers for the tests of one file. */
// deno-lint-ignore explicit-function-return-type explicit-module-boundary-types -- the tests see what it gives
export async function replicated(kind: "pg18" | "pg15") {
  const skip = await ownServerLacks(kind);
  if (skip !== false) console.warn(`skipped: replicas of ${kind}: ${skip}`);
  let starting: Promise<Replication> | undefined;

  async function start(): Promise<Replication> {
    const group = await startReplication(kind, 2);
    await command(group.primary.url, ...TABLES);
    return group;
  }

  /** Runs commands on one server. */
  async function command(url: string, ...texts: readonly string[]): Promise<void> {
    const driver = openNodePg(driverOptions(url, { poolMax: 1 }));
    try {
      for (const text of texts) await driver.query({ text, params: [] });
    } finally {
      await driver.close();
    }
  }

  return {
    skip,
    command,
    /** Starts the servers, once. */
    group: () => starting ??= start(),
    /** Registers the group anew, under a name of its own. */
    async open(changes: Partial<DatabaseConfig> = {}) {
      const group = await (starting ??= start());
      const name = `${kind}_replicas_${++count}`;
      const events: QueryEvent[] = [];
      registerDatabase({
        name,
        url: group.primary.url,
        poolMax: 4,
        replicas: group.replicas.map(({ url }) => url),
        onQuery: (event) => void events.push(event),
        ...changes,
      });
      return {
        ...notesOf(name),
        name,
        group,
        events,
        /** The servers that were sent something since the last call, but for looks at how far they are. */
        servers(): string[] {
          const seen = events.splice(0).filter(({ origin }) => origin.operation !== "replication");
          return seen.map(({ origin }) => origin.server.replace(/\d/, ""));
        },
        [Symbol.asyncDispose]: () => closeDatabase(name),
      };
    },
    /** Stops the servers. */
    async close(): Promise<void> {
      await (await starting)?.[Symbol.asyncDispose]();
    },
  };
}
