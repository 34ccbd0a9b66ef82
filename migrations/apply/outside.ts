/** Commands that run outside of a transaction, and what a killed one leaves behind. */
import type { Connection, Rows, Statement } from "../../src/driver/port.ts";
import { now, pause } from "../../src/util/host.ts";
import { type ConcurrentCommand, readConcurrent } from "../script/head.ts";
import {
  atWork,
  dropIndex,
  type FoundIndex,
  indexesOf,
  indexNamed,
  isPartition,
  isThere,
} from "./catalog_queries.ts";
import { settings } from "./queries.ts";
import { limitsOf, type Site, sqlstatesOf } from "./work.ts";

/** A command to run outside of a transaction. */
export interface OutsideStep {
  /** The migration's name. */
  readonly migration: string;
  /** The command. */
  readonly statement: Statement;
  /** Tells it from every other step, in a comment that other sessions can see. */
  readonly digest: string;
  /** Whether an earlier run began it and may have ended in the middle. */
  readonly resumed: boolean;
}

/** How often the server is asked whether a command of a killed run is still at work, in ms. */
const POLL_MS = 300;

/** How every comment starts by which a command is found at work. */
export const STEP_MARK = "/* matrx migration step ";

/** The comment before a command by which a later run finds it at work. */
function markOf(digest: string): string {
  return `${STEP_MARK}${digest.slice(0, 24)} */`;
}

/** Runs a command by itself; gives how many rows changed. */
export async function runOutside(site: Site, step: OutsideStep): Promise<number> {
  const driver = await site.database.driver();
  const connection = await driver.acquire({ signal: site.signal });
  try {
    const command = readConcurrent(step.statement.text);
    if (site.database.config.poolMode === "session") {
      const limits = limitsOf(site, step.migration);
      // CONCURRENTLY waits for others without being in their way
      const own = command === null ? limits : { ...limits, lock_timeout: "0" };
      await connection.query(settings(own, "session"));
    }
    await waitForEarlier(site, connection, step);
    if (command !== null && await REPAIRS[command.kind](site, connection, step, command as never)) {
      return 0;
    }
    return await runMarked(site, connection, step, command);
  } finally {
    // the session's settings go with it
    connection.release({ broken: true });
  }
}

async function runMarked(
  site: Site,
  connection: Connection,
  step: OutsideStep,
  command: ConcurrentCommand | null,
): Promise<number> {
  const { statement, digest } = step;
  const text = `${markOf(digest)} ${statement.text}`;
  try {
    return (await connection.query({ text, params: statement.params }, optionsOf(site))).affected;
  } catch (error) {
    if (command?.kind === "create index" && sqlstatesOf(error).some((state) => state !== "08006")) {
      // a build that failed leaves its index behind; the build's own error matters more
      await dropHalfBuilt(site, connection, step, command).catch(() => undefined);
    }
    throw error;
  }
}

function optionsOf(site: Site): { readonly signal: AbortSignal } | undefined {
  return site.signal === undefined ? undefined : { signal: site.signal };
}

/** Waits until the same command of a run that was killed has ended on the server. */
async function waitForEarlier(site: Site, on: Connection, step: OutsideStep): Promise<void> {
  const started = now();
  for (;;) {
    const { rows } = await on.query(atWork(markOf(step.digest)));
    if (rows.length === 0) return;
    site.onEvent({
      kind: "working",
      migration: step.migration,
      seconds: (now() - started) / 1000,
      phase: `waiting for process ${rows[0]![0]} of an earlier run`,
      done: 0,
      total: 0,
    });
    await pause(POLL_MS, site.signal);
  }
}

/** Sees to what an earlier run left; gives whether the command's work is done already. */
type Repair<Command> = (
  site: Site,
  on: Connection,
  step: OutsideStep,
  command: Command,
) => Promise<boolean>;

type OfKind<Kind extends ConcurrentCommand["kind"]> = Extract<
  ConcurrentCommand,
  { readonly kind: Kind }
>;

const REPAIRS: { readonly [Kind in ConcurrentCommand["kind"]]: Repair<OfKind<Kind>> } = {
  async "create index"(site, on, step, command) {
    const whole = await dropHalfBuilt(site, on, step, command);
    // one that was there before this migration is for the server to refuse
    return step.resumed && whole;
  },
  async "drop index"(_site, on, step, { indexes }) {
    if (!step.resumed) return false;
    const left = await Promise.all(indexes.map((index) => on.query(isThere(index))));
    return left.every(({ rows }) => rows[0]?.[0] !== "t");
  },
  async reindex(site, on, step, { what, name }) {
    if (!step.resumed) return false;
    const table = what === "table" ? name : (await found(on, indexNamed(name)))[0]?.table;
    if (table === undefined) return false;
    for (const index of await found(on, indexesOf(table))) {
      if (!index.valid && /_cc(?:new|old)\d*$/.test(index.name)) await drop(site, on, step, index);
    }
    return false;
  },
  async detach(_site, on, step, { partition, finalize }) {
    if (!step.resumed) return false;
    const attached = (await on.query(isPartition(partition))).rows[0]?.[0] === "t";
    if (!attached) return true;
    try {
      await on.query({ text: finalize, params: [] });
      return true;
    } catch (error) {
      // nothing was pending: the command had not begun
      if (sqlstatesOf(error).includes("55000")) return false;
      throw error;
    }
  },
};

/** Drops the index of a build that did not end; gives whether a whole one of its name is there. */
async function dropHalfBuilt(
  site: Site,
  on: Connection,
  step: OutsideStep,
  { index, table }: OfKind<"create index">,
): Promise<boolean> {
  for (;;) {
    const present = (await found(on, indexesOf(table))).find(({ name }) => name === index);
    if (present === undefined) return false;
    if (present.valid) return true;
    if (!present.building) {
      await drop(site, on, step, present);
      return false;
    }
    await pause(POLL_MS, site.signal);
  }
}

async function drop(
  site: Site,
  on: Connection,
  step: OutsideStep,
  index: FoundIndex,
): Promise<void> {
  site.onEvent({ kind: "repaired", migration: step.migration, index: index.name });
  await on.query({ text: dropIndex(index), params: [] }, optionsOf(site));
}

/** Reads indexes. */
export async function found(
  on: { query(statement: Statement): Promise<Rows> },
  statement: Statement,
): Promise<FoundIndex[]> {
  return (await on.query(statement)).rows.map(([schema, name, table, valid, building]) => ({
    schema: schema!,
    name: name!,
    table: table!,
    valid: valid === "t",
    building: building === "t",
  }));
}
