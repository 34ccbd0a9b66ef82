/** What a run does, decided from the files and the ledger alone. */
import { MigrationError } from "../../src/errors/base.ts";
import { nearest } from "../../src/util/nearest.ts";
import type { Migration } from "../file/db.ts";
import { ancestorsOf, headsOf, order } from "../file/order.ts";
import type { LedgerRow } from "./ledger.ts";

/** What a run may be told. */
export interface RunWishes {
  /** The last migration to run; default: all. */
  readonly to?: string | undefined;
  /** Runs what the ledger would refuse: histories out of order, and branches that were not merged. */
  readonly outOfOrder?: boolean | undefined;
}

/** What a run does. */
export interface RunPlan {
  /** The migrations to run, in order. */
  readonly pending: readonly Migration[];
  /** Squashed migrations whose parts were all applied: they are written down, not run. */
  readonly adopted: readonly Migration[];
  /** Those of `pending` that come before one which was applied. */
  readonly late: readonly string[];
}

/**
 * Compares the files with the ledger.
 *
 * @throws {MigrationError} applied files are missing or changed, the database is newer than the code, the
 * history contradicts the dependencies, branches were not merged, or a name is unknown
 */
export function planRun(
  migrations: readonly Migration[],
  rows: readonly LedgerRow[],
  wishes: RunWishes = {},
): RunPlan {
  checkHistory(migrations, rows);
  const reverting = rows.find(({ state }) => state === "reverting");
  if (reverting !== undefined) throw halfDown(reverting.name);
  const applied = appliedOf(migrations, rows);
  const { used, adopted } = withoutSquashed(migrations, applied);
  const known = new Set([...applied, ...adopted.map(({ name }) => name)]);
  const wanted = wishes.to === undefined ? null : reachOf(wishes.to, used, migrations);
  const pending = used.filter(({ name }) =>
    !known.has(name) && (wanted === null || wanted.has(name))
  );
  if (wishes.outOfOrder !== true) {
    for (const done of used.filter(({ name }) => known.has(name))) {
      const lacking = done.dependencies.find((name) => !known.has(name));
      if (lacking !== undefined) throw contradiction(done.name, lacking);
    }
    const heads = headsOf(used);
    if (pending.length > 0 && wanted === null && heads.length > 1) throw branches(heads);
  }
  const last = Math.max(0, ...used.filter(({ name }) => known.has(name)).map((one) => one.number));
  const late = pending.filter(({ number }) => number < last).map(({ name }) => name);
  return { pending, adopted, late };
}

/**
 * Refuses a history that the files do not tell.
 *
 * @throws {MigrationError} applied files are missing or changed, or the database is newer than the code
 */
export function checkHistory(
  migrations: readonly Migration[],
  rows: readonly LedgerRow[],
): void {
  const { missing, changed, newer } = faultsOf(migrations, rows);
  if (newer) {
    throw new MigrationError(
      `The database is newer than this code: it has had ${missing.join(", ")}`,
      {
        code: "database_is_newer",
        hint: "Update the code, or roll the database back with the code that has these files",
      },
    );
  }
  if (missing.length > 0) {
    throw new MigrationError(
      `Applied migrations are missing from the folder: ${missing.join(", ")}`,
      {
        code: "migration_missing",
        hint: "Bring the files back; to forget one, roll it back with its file first",
      },
    );
  }
  if (changed.length === 0) return;
  throw new MigrationError(
    `Applied migrations were changed: ${changed.join(", ")}`,
    {
      code: "migration_changed",
      hint: "Put the files back as they were, and write a further migration for the change",
    },
  );
}

/** What is wrong with a history. */
export interface HistoryFaults {
  /** Applied migrations that have no file and that no squash stands for. */
  readonly missing: readonly string[];
  /** Applied migrations whose files are others now. */
  readonly changed: readonly string[];
  /** Whether those that are missing come after all that are there. */
  readonly newer: boolean;
}

/** Compares a history with the files. */
export function faultsOf(
  migrations: readonly Migration[],
  rows: readonly LedgerRow[],
): HistoryFaults {
  const byName = new Map(migrations.map((one) => [one.name, one]));
  const replaced = new Set(migrations.flatMap(({ replaces }) => replaces));
  const missing = rows.map(({ name }) => name)
    .filter((name) => !byName.has(name) && !replaced.has(name));
  const changed = rows.filter(({ name, state, checksum }) =>
    state === "applied" && byName.has(name) && byName.get(name)!.checksum !== checksum
  ).map(({ name }) => name);
  const last = Math.max(0, ...migrations.map(({ number }) => number));
  const newer = missing.length > 0 && missing.every((name) => Number.parseInt(name, 10) > last);
  return { missing, changed, newer };
}

/** The names of what counts as applied: what the ledger says, and what an applied squash stands for. */
function appliedOf(
  migrations: readonly Migration[],
  rows: readonly LedgerRow[],
): Set<string> {
  const applied = new Set(rows.filter(({ state }) => state === "applied").map(({ name }) => name));
  for (const { name, replaces } of migrations) {
    if (applied.has(name)) { for (const one of replaces) applied.add(one); }
  }
  return applied;
}

/** Chooses between each squash and what it stands for, by what was applied. */
function withoutSquashed(
  migrations: readonly Migration[],
  applied: ReadonlySet<string>,
): { readonly used: Migration[]; readonly adopted: Migration[] } {
  const byName = new Map(migrations.map((one) => [one.name, one]));
  const dropped = new Set<string>();
  const adopted: Migration[] = [];
  const standIn = new Map<string, string>();
  for (const squash of migrations.filter(({ replaces }) => replaces.length > 0)) {
    const done = squash.replaces.filter((name) => applied.has(name));
    const half = done.length > 0 && done.length < squash.replaces.length;
    if (half && !applied.has(squash.name)) {
      const lost = squash.replaces.filter((name) => !applied.has(name) && !byName.has(name));
      if (lost.length > 0) throw halfSquashed(squash.name, lost);
      dropped.add(squash.name);
      continue;
    }
    if (done.length > 0 && !applied.has(squash.name)) adopted.push(squash);
    for (const name of squash.replaces) {
      dropped.add(name);
      standIn.set(name, squash.name);
    }
  }
  const used = migrations.filter(({ name }) => !dropped.has(name)).map((one) => ({
    ...one,
    dependencies: [...new Set(one.dependencies.map((name) => standIn.get(name) ?? name))]
      .filter((name) => name !== one.name),
  }));
  return { used: order(used), adopted };
}

function reachOf(
  to: string,
  used: readonly Migration[],
  all: readonly Migration[],
): ReadonlySet<string> {
  const target = findMigration(to, all);
  const standIn = used.find(({ name }) => name === target.name) ??
    used.find(({ replaces }) => replaces.includes(target.name)) ?? target;
  return new Set([...ancestorsOf(standIn.name, used), standIn.name]);
}

/**
 * Finds a migration by its name, or by the number at its start when that is unmistakable.
 *
 * @throws {MigrationError} none has that name
 */
export function findMigration(name: string, migrations: readonly Migration[]): Migration {
  const found = migrations.find((one) => one.name === name);
  if (found !== undefined) return found;
  const byNumber = /^\d+$/.test(name)
    ? migrations.filter(({ number }) => number === Number(name))
    : [];
  if (byNumber.length === 1) return byNumber[0]!;
  const guess = nearest(name, migrations.map((one) => one.name));
  throw new MigrationError(`There is no migration ${JSON.stringify(name)}`, {
    code: "unknown_migration",
    hint: guess === undefined ? "matrx status lists them" : `Did you mean ${guess}?`,
  });
}

function halfDown(name: string): MigrationError {
  return new MigrationError(`Cannot migrate: ${name} is half rolled back`, {
    code: "half_rolled_back",
    hint: "End it with matrx rollback; it goes on behind the last step that was undone",
    context: { migration: name },
  });
}

function contradiction(done: string, lacking: string): MigrationError {
  return new MigrationError(`${done} was applied before ${lacking}, on which it depends`, {
    code: "inconsistent_history",
    hint: "Look whether the change of the latter is there; --fake writes it down without running " +
      "it, --out-of-order runs it now",
    context: { migration: done, dependency: lacking },
  });
}

function branches(heads: readonly Migration[]): MigrationError {
  const names = heads.map(({ name }) => name);
  return new MigrationError(`The migrations have several ends: ${names.join(" and ")}`, {
    code: "unmerged_branches",
    hint: "Let a further migration depend on both, or run them as they are with --out-of-order",
  });
}

function halfSquashed(name: string, lost: readonly string[]): MigrationError {
  return new MigrationError(
    `Cannot use ${name}: this database has had a part of what it stands for, and lacks ` +
      lost.join(", "),
    {
      code: "half_squashed",
      hint: "Bring the files of these back, migrate, and take them away then",
      context: { migration: name },
    },
  );
}
