import type { Rows, Statement } from "../../src/driver/port.ts";
import { MigrationError } from "../../src/errors/base.ts";
import * as queries from "./queries.ts";
import { LEDGER_TABLE } from "../../src/catalog/ledger.ts";
import type { LedgerPlace } from "./queries.ts";

/** What takes statements: a driver, a connection or a transaction. */
export interface Asked {
  /** Runs one statement. */
  query(statement: Statement): Promise<Rows>;
}

/** What the ledger says of a migration. */
export interface LedgerRow {
  /** The migration's name. */
  readonly name: string;
  /** The checksum of its files when it was applied. */
  readonly checksum: string;
  /** Applied, or on its way up or down, step by step. */
  readonly state: "applied" | "running" | "reverting";
  /** The digests of the steps that are finished. */
  readonly steps: readonly string[];
  /** The digest of a step that began and is not known to have ended. */
  readonly begun: string | null;
  /** When it was applied, as the server prints it. */
  readonly appliedAt: string | null;
  /** How long it took, in ms. */
  readonly durationMs: number | null;
  /** The version of the library that applied it. */
  readonly version: string;
}

/** What is known of a server and the ledger before anything is done. */
export interface Survey {
  /** The server's version number. */
  readonly serverVersion: number;
  /** The role. */
  readonly role: string;
  /** Whether the ledger is there. */
  readonly exists: boolean;
  /** Whether its schema is there. */
  readonly schemaExists: boolean;
}

/** The place of the ledger in a schema. */
export function ledgerIn(schema: string): LedgerPlace {
  return { schema, table: LEDGER_TABLE };
}

/**
 * Looks at the server and at what the role may do with the ledger.
 *
 * @throws {MigrationError} `forWriting`, and the server is a replica or the role lacks a right
 */
export async function surveyLedger(
  on: Asked,
  place: LedgerPlace,
  forWriting: boolean,
): Promise<Survey> {
  const [row = []] = (await on.query(queries.survey(place))).rows;
  const [version, recovery, role, exists, schemaExists, ...rights] = row;
  const [usage, create, createSchema, select, write] = rights.map((right) => right === "t");
  const survey = {
    serverVersion: Number(version),
    role: role ?? "",
    exists: exists === "t",
    schemaExists: schemaExists === "t",
  };
  if (forWriting && recovery === "t") {
    throw new MigrationError("Cannot migrate: the server is a replica, which takes no changes", {
      code: "migrating_a_replica",
      hint: "Connect to the primary",
    });
  }
  const missing = survey.exists
    ? [...usage ? [] : [`usage on schema ${place.schema}`], ...select ? [] : ["select"]].concat(
      forWriting && !write ? ["insert, update, delete"] : [],
    )
    : !forWriting
    ? []
    : survey.schemaExists
    ? create && usage ? [] : [`create on schema ${place.schema}`]
    : createSchema
    ? []
    : ["create on the database"];
  if (missing.length === 0) return survey;
  throw new MigrationError(
    `Cannot ${forWriting ? "migrate" : "read the ledger"}: the role ${survey.role} lacks ` +
      `the right to ${missing.join(", ")}${survey.exists ? ` on the table of the ledger` : ""}`,
    {
      code: "missing_rights",
      hint: `Grant it, connect as another role, or keep the ledger in another schema`,
      context: { role: survey.role, schema: place.schema, table: place.table },
    },
  );
}

/** Makes the ledger where it is missing; call it while the lock is held. */
export async function ensureLedger(on: Asked, place: LedgerPlace, survey: Survey): Promise<void> {
  if (survey.exists) return;
  const [schema, ...table] = queries.createLedger(place);
  for (const statement of survey.schemaExists ? table : [schema!, ...table]) {
    await on.query(statement);
  }
}

/** Reads the ledger; none is there where nothing was applied. */
export async function readLedger(
  on: Asked,
  place: LedgerPlace,
  survey: Survey,
): Promise<LedgerRow[]> {
  if (!survey.exists) return [];
  return (await on.query(queries.readLedger(place))).rows.map(rowOf);
}

/** Reads the row of one migration and keeps it until the transaction ends; null where there is none. */
export async function readRow(
  on: Asked,
  place: LedgerPlace,
  name: string,
): Promise<LedgerRow | null> {
  const [row] = (await on.query(queries.readRow(place, name))).rows;
  return row === undefined ? null : rowOf(row);
}

function rowOf(row: readonly (string | null)[]): LedgerRow {
  const [name, checksum, state, steps, begun, appliedAt, durationMs, version] = row;
  return {
    name: name!,
    checksum: checksum!,
    state: state as LedgerRow["state"],
    steps: steps === "{}" ? [] : steps!.slice(1, -1).split(","),
    begun: begun ?? null,
    appliedAt: appliedAt ?? null,
    durationMs: durationMs === null || durationMs === undefined ? null : Number(durationMs),
    version: version!,
  };
}
