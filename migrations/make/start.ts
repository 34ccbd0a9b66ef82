/** The state that a new migration starts from. */
import { type Catalog, makeCatalog } from "../../src/catalog/catalog.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";
import type { Driver } from "../../src/driver/port.ts";
import { ConfigurationError, MigrationError } from "../../src/errors/base.ts";
import type { Migration } from "../file/db.ts";
import { type MigrationSnapshot, readSnapshot } from "../file/snapshot.ts";
import { emptyCatalog } from "../plan/empty.ts";
import { readLive } from "./compare.ts";
import { pendingOn } from "./history.ts";

/** A catalog, and the migrations that are still to run on it. */
export interface Start {
  /** The whole catalog. */
  readonly live: Catalog;
  /** The migrations that lead from it to the state that a new one starts from. */
  readonly pending: readonly Migration[];
  /** What was declared when the last migration was made; null = not known. */
  readonly known: ReadonlySet<string> | null;
  /** The last snapshot, if it can be read. */
  readonly snapshot: MigrationSnapshot | null;
  /** What a user should know. */
  readonly warnings: readonly string[];
}

/** The folder of the migrations, and what is in it. */
export interface FolderState {
  readonly folder: string;
  readonly migrations: readonly Migration[];
}

/**
 * Starts from a database: what it has, and after that the files that it has not had.
 *
 * @throws {MigrationError} the database is newer than the files, or they were changed
 */
export async function startLive(
  driver: Driver,
  { folder, migrations }: FolderState,
  ledgerSchema: string | undefined,
): Promise<Start> {
  const pending = await pendingOn(driver, migrations, ledgerSchema);
  const warnings: string[] = [];
  let snapshot: MigrationSnapshot | null = null;
  try {
    snapshot = await readSnapshot(folder);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    // it is written anew with the next migration
    warnings.push(
      `${error.message}; what was declared before is not known, so nothing is dropped for want ` +
        "of a declaration",
    );
  }
  const live = await readLive(driver);
  return { live, pending, known: knownOf(snapshot), snapshot, warnings };
}

/**
 * Starts from the snapshot beside the migrations, without a database, and after that from the files
 * that came later; from nothing where there is no snapshot.
 *
 * @throws {ConfigurationError} the snapshot was changed
 * @throws {MigrationError} it is the end of other migrations than those of the folder
 */
export async function startOffline({ folder, migrations }: FolderState): Promise<Start> {
  const snapshot = await readSnapshot(folder);
  if (snapshot === null) {
    const live = emptyCatalog(180000);
    return { live, pending: migrations, known: null, snapshot, warnings: [] };
  }
  const stale = Object.entries(snapshot.migrations).filter(([name, checksum]) =>
    migrations.find((one) => one.name === name)?.checksum !== checksum &&
    !migrations.some(({ replaces }) => replaces.includes(name))
  ).map(([name]) => name);
  if (stale.length > 0) {
    throw new MigrationError(
      `The snapshot is stale: ${stale.join(", ")} ${
        stale.length === 1 ? "is not the file" : "are not the files"
      } that it was made with`,
      {
        code: "snapshot_stale",
        hint: "Put the files back, or bring a database up to date and run matrx makemigrations " +
          "without --offline, which writes the snapshot anew",
        context: { folder },
      },
    );
  }
  const covered = (one: Migration): boolean =>
    snapshot.migrations[one.name] !== undefined ||
    one.replaces.some((name) => snapshot.migrations[name] !== undefined);
  return {
    live: snapshot.catalog,
    pending: migrations.filter((one) => !covered(one)),
    known: knownOf(snapshot),
    snapshot,
    warnings: [],
  };
}

/** What was declared when a snapshot was made, by identity; null = not known. */
export function knownOf(snapshot: MigrationSnapshot | null): ReadonlySet<string> | null {
  if (snapshot === null) return null;
  const undeclared = new Set(snapshot.undeclared);
  return new Set([...snapshot.catalog.objects.keys()].filter((name) => !undeclared.has(name)));
}

/** What a snapshot is made of after a comparison. */
export interface SnapshotSides {
  /** The state that the migrations lead to now, as far as it was looked at. */
  readonly after: Catalog;
  /** The identities of all that is declared. */
  readonly declared: ReadonlySet<string>;
  /** The snapshot before. */
  readonly before: MigrationSnapshot | null;
  /** Whether an object was looked at. */
  readonly covers: (object: CatalogObject) => boolean;
  /** The migrations of the folder, the new one included. */
  readonly migrations: readonly { readonly name: string; readonly checksum: string }[];
}

/** Makes the snapshot that goes with the migrations of a folder. Pure. */
export function makeSnapshot(sides: SnapshotSides): MigrationSnapshot {
  const { after, declared, before, covers, migrations } = sides;
  const objects = new Map(after.objects);
  const old = new Set(before?.undeclared ?? []);
  const elsewhere = new Set<string>();
  for (const [name, object] of before?.catalog.objects ?? []) {
    // a run for some tables alone says nothing of the others
    if (objects.has(name) || covers(object)) continue;
    objects.set(name, object);
    if (!old.has(name)) elsewhere.add(name);
  }
  return {
    catalog: makeCatalog(after.serverVersion, objects.values(), after.dependencies),
    migrations: Object.fromEntries(
      migrations.map(({ name, checksum }) => [name, checksum] as const),
    ),
    undeclared: [...objects.keys()].filter((name) => !declared.has(name) && !elsewhere.has(name))
      .sort(),
  };
}
