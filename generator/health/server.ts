/** What a server says about itself, the role and the way to it. */
import { textArray } from "../../src/codec/array_text.ts";
import type { Driver, Rows } from "../../src/driver/port.ts";
import { backend, nearlySpent, serverFacts } from "../introspect/queries/health.ts";
import { amiss, counted, type Finding, ok } from "./finding.ts";

/** So many connections ask, so often, who serves them. */
const ASKERS = 4;
const ROUNDS = 6;

/** Looks at the server, the role's rights in the schemas, sequences, and whether a pooler stands before it. */
export async function checkServer(
  driver: Driver,
  schemas: readonly string[],
  poolMode: "session" | "transaction",
): Promise<Finding[]> {
  const list = textArray(schemas);
  const facts = await driver.query(serverFacts(list));
  return [
    ...factsFindings(facts),
    await pooler(driver, poolMode),
    sequences(await driver.query(nearlySpent(list))),
  ];
}

function factsFindings({ rows }: Rows): Finding[] {
  const [version, encoding, role, superuser, closed, recovery] = rows[0]!;
  return [
    ok("server", `PostgreSQL ${version}${recovery === "t" ? ", a standby: it only reads" : ""}`),
    encoding === "UTF8" ? ok("encoding", "UTF8") : amiss(
      "warning",
      "encoding",
      `${encoding}`,
      "Text that the encoding does not have is refused by the server; a database in UTF8 takes all",
    ),
    superuser === "t"
      ? amiss(
        "warning",
        "role",
        `${role}, a superuser`,
        "Row security and rights do not hold for it: give the application a role of its own",
      )
      : ok("role", `${role}`),
    closed === null ? ok("rights", "the role may create objects in the schemas") : amiss(
      "warning",
      "rights",
      `the role may not create objects in ${closed}`,
      "Queries need no such right; migrations do",
    ),
  ];
}

/** A connection that is served by more than one process goes through a pooler in transaction mode. */
async function pooler(driver: Driver, poolMode: "session" | "transaction"): Promise<Finding> {
  const check = "pooler";
  if (!driver.capabilities.concurrentConnections) {
    return ok(check, "none: the database is embedded");
  }
  const connections = await Promise.all(Array.from({ length: ASKERS }, () => driver.acquire()));
  try {
    const seen = connections.map(() => new Set<string | null | undefined>());
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.all(connections.map(async (connection, index) => {
        seen[index]!.add((await connection.query(backend)).rows[0]?.[0]);
      }));
    }
    const moved = seen.some((pids) => pids.size > 1) ||
      new Set(seen.flatMap((pids) => [...pids])).size < ASKERS;
    if (moved && poolMode === "session") {
      return amiss(
        "problem",
        check,
        "connections share server processes: a pooler in transaction mode stands between",
        'Register the database with poolMode: "transaction", or connect to the server itself',
      );
    }
    return ok(
      check,
      moved ? 'in transaction mode, and poolMode is "transaction"' : "none was seen",
    );
  } finally {
    for (const connection of connections) connection.release();
  }
}

function sequences({ rows }: Rows): Finding {
  if (rows.length === 0) return ok("sequences", "all have used less than half of their numbers");
  const names = rows.map(([column, percent]) => `${column} (${percent} %)`);
  const late = rows.some(([, percent]) => Number(percent) > 90);
  return amiss(
    late ? "problem" : "warning",
    "sequences",
    `${counted(rows.length, "column")} with more than half of the numbers used`,
    "Inserts fail when they are spent: change the column to bigint in time",
    names,
  );
}
