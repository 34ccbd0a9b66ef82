/** A migration without a transaction: each command is a step that the ledger knows. */
import type { Statement } from "../../src/driver/port.ts";
import { MigrationError } from "../../src/errors/base.ts";
import { pause } from "../../src/util/host.ts";
import { VERSION } from "../../src/util/version.ts";
import { digest } from "../file/checksum.ts";
import type { Migration, MigrationFunction } from "../file/db.ts";
import { readConcurrent } from "../script/head.ts";
import { handleOf, type StatementRunner } from "./handle.ts";
import { type LedgerRow, readRow } from "./ledger.ts";
import { runOutside } from "./outside.ts";
import { deleteRow, writeApplied, writeBegun, writeStepBegun, writeStepDone } from "./queries.ts";
import { askedOf, guarded, lockPause, type Site, sqlstatesOf } from "./work.ts";

/** What the server says of a command that must not run in a transaction. */
const NOT_IN_TRANSACTION = ["25001", "2D000"];

/**
 * Runs one direction of a migration step by step.
 *
 * A step runs in a transaction together with its line in the ledger, so that it is done and written
 * down or neither. Only a command that PostgreSQL refuses in a transaction runs outside; that it has
 * begun is written down before, so that the next run sees to what a killed one left.
 */
export async function runSteps(
  site: Site,
  migration: Migration,
  direction: "up" | "down",
  work: MigrationFunction,
  durationOf: () => number,
): Promise<"done" | "already"> {
  const steps = await Steps.begin(site, migration, direction);
  if (steps === null) return "already";
  await work(handleOf(steps));
  await steps.end(durationOf);
  return "done";
}

class Steps implements StatementRunner {
  readonly #site: Site;
  readonly #migration: Migration;
  readonly #direction: "up" | "down";
  readonly #before: LedgerRow;
  #next = 0;
  /** The end of the step under way: steps follow each other, awaited or not. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    site: Site,
    migration: Migration,
    direction: "up" | "down",
    before: LedgerRow,
  ) {
    this.#site = site;
    this.#migration = migration;
    this.#direction = direction;
    this.#before = before;
  }

  /** Writes down that the migration begins; null where another run was faster. */
  static async begin(
    site: Site,
    migration: Migration,
    direction: "up" | "down",
  ): Promise<Steps | null> {
    const { name, checksum } = migration;
    const state = direction === "up" ? "running" : "reverting";
    const row = await guarded(site, name, async (tx) => {
      const on = askedOf(tx);
      const present = await readRow(on, site.place, name);
      if (direction === "up" ? present?.state === "applied" : present === null) return null;
      await on.query(writeBegun(site.place, { name, checksum, version: VERSION, state }));
      return await readRow(on, site.place, name);
    });
    if (row === null) return null;
    if (row.steps.length > 0) {
      site.onEvent({ kind: "resumed", migration: name, steps: row.steps.length });
    }
    return new Steps(site, migration, direction, row);
  }

  change(statements: readonly Statement[]): Promise<number> {
    const result = this.#last.then(async () => {
      let affected = 0;
      for (const statement of statements) affected += await this.#step(statement);
      return affected;
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  async read(statement: Statement): ReturnType<StatementRunner["read"]> {
    await this.#last;
    return await this.#site.database.query(statement);
  }

  /** Writes down that all is done. */
  async end(durationOf: () => number): Promise<void> {
    const { name, checksum } = this.#migration;
    const { place } = this.#site;
    const done = this.#before.steps.length;
    if (this.#next < done) throw this.#changed(this.#next, `it has ${this.#next} steps now`);
    await guarded(this.#site, name, async (tx) => {
      const row = { name, checksum, version: VERSION, durationMs: durationOf() };
      await tx.run(this.#direction === "up" ? writeApplied(place, row) : deleteRow(place, name));
    });
  }

  async #step(statement: Statement): Promise<number> {
    const at = this.#next++;
    const mark = await digest([this.#migration.name, at, statement.text, ...statement.params]
      .join("\0"));
    const earlier = this.#before.steps[at];
    if (earlier !== undefined) {
      if (earlier === mark) return 0;
      throw this.#changed(at, "the file gives another command for it now");
    }
    const resumed = this.#before.begun === mark && this.#before.steps.length === at;
    // all that is not known to need it is tried in a transaction first
    if (resumed || readConcurrent(statement.text) !== null) {
      return await this.#outside(statement, mark, resumed);
    }
    try {
      return await this.#inside(statement, mark);
    } catch (error) {
      if (!sqlstatesOf(error).some((state) => NOT_IN_TRANSACTION.includes(state))) throw error;
    }
    return await this.#outside(statement, mark, resumed);
  }

  /** Runs a step and writes it down, both or neither. */
  async #inside(statement: Statement, mark: string): Promise<number> {
    const { name } = this.#migration;
    return await guarded(this.#site, name, async (tx) => {
      const { affected } = await tx.run(statement);
      await tx.run(writeStepDone(this.#site.place, name, mark));
      return affected;
    });
  }

  async #outside(statement: Statement, digest: string, resumed: boolean): Promise<number> {
    const { name } = this.#migration;
    const command = readConcurrent(statement.text);
    if (command?.kind === "create index" && command.index === null) throw unnamed(name);
    if (!resumed) {
      await guarded(
        this.#site,
        name,
        (tx) => tx.run(writeStepBegun(this.#site.place, name, digest)),
      );
    }
    const affected = await this.#patiently((again) =>
      runOutside(this.#site, { migration: name, statement, digest, resumed: resumed || again })
    );
    await guarded(this.#site, name, (tx) => tx.run(writeStepDone(this.#site.place, name, digest)));
    return affected;
  }

  /** Tries again while another session holds a lock. */
  async #patiently<Result>(work: (again: boolean) => Promise<Result>): Promise<Result> {
    const { lock, lockRetries, onEvent, signal } = this.#site;
    for (let attempt = 1;; attempt++) {
      lock.check();
      try {
        return await work(attempt > 1);
      } catch (error) {
        if (!sqlstatesOf(error).includes("55P03") || attempt > lockRetries) throw error;
        const delayMs = lockPause(attempt);
        onEvent({ kind: "retry", migration: this.#migration.name, attempt, delayMs });
        await pause(delayMs, signal);
      }
    }
  }

  #changed(at: number, what: string): MigrationError {
    const { name } = this.#migration;
    const done = this.#before.steps.length;
    return new MigrationError(
      `Cannot go on with ${name}: step ${at + 1} of the ${done} that are done was changed: ${what}`,
      {
        code: "step_changed",
        hint: "Put the first steps of the file back as they were; later ones may be changed",
        context: { migration: name, step: at + 1 },
      },
    );
  }
}

function unnamed(migration: string): MigrationError {
  return new MigrationError(
    `Cannot run ${migration}: it builds an index CONCURRENTLY that has no name`,
    {
      code: "unnamed_index",
      hint: "Name the index, so that a run that was killed can be gone on with",
      context: { migration },
    },
  );
}
