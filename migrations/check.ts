import type { Catalog } from "../src/catalog/catalog.ts";
import { identityOf } from "../src/catalog/identity.ts";
import { parentOf } from "../src/catalog/parent.ts";
import type { Driver } from "../src/driver/port.ts";
import { ConfigurationError, MigrationError } from "../src/errors/base.ts";
import { checkOptions } from "../src/schema/known_options.ts";
import { makeCatalog } from "../src/catalog/catalog.ts";
import { ledgerIn, type LedgerRow, readLedger, surveyLedger } from "./apply/ledger.ts";
import { faultsOf } from "./apply/plan_run.ts";
import { statusOf } from "./apply/status.ts";
import { replay } from "./diff/replay.ts";
import type { Migration } from "./file/db.ts";
import { presentIn } from "./file/next.ts";
import { readSnapshot } from "./file/snapshot.ts";
import { changesOf, type Compared, readLive, withComparison } from "./make/compare.ts";
import { type DeclarationSources, loadDeclaration } from "./make/declaration.ts";
import { differencesBetween, type ObjectDifference } from "./make/differences.ts";
import { plainRenames } from "./make/likely.ts";
import { siteOf } from "./make/options.ts";
import { knownOf } from "./make/start.ts";
import type { ScopeOptions } from "./make/scope.ts";
import { shownObject } from "./make/shown.ts";
import { rehearse } from "./make/rehearse.ts";
import { normalise } from "./shadow/normalise.ts";

/** What is compared, and where. */
export interface CheckOptions extends DeclarationSources, Omit<ScopeOptions, "dropUnmanaged"> {
  /** The registered database; default: the first one. */
  readonly database?: string | undefined;
  /** The folder of the migrations; default `migrations`. */
  readonly folder?: string | undefined;
  /** The schema of the ledger `_matrx_migrations`; default `public`. */
  readonly ledgerSchema?: string | undefined;
  /** Where both sides are built: `embedded`, the default, `server`, or a `postgres://` URL. */
  readonly shadow?: string | undefined;
  /** Hears in a line why the shadow is elsewhere. */
  readonly onNotice?: ((line: string) => void) | undefined;
}

const OPTIONS: readonly string[] = Object.keys(
  {
    ...{ database: true, folder: true, ledgerSchema: true, shadow: true, onNotice: true },
    ...{ models: true, objects: true, from: true },
    ...{ schemas: true, includeTables: true, excludeTables: true },
  } satisfies Record<keyof CheckOptions, true>,
);

/** How a database, the files of its migrations and the models agree. */
export interface CheckResult {
  /** Whether there is no difference at all. */
  readonly same: boolean;
  /** Migrations that the database has not had. */
  readonly pending: readonly string[];
  /** Migrations that it has had and whose files are others now. */
  readonly changed: readonly string[];
  /** Migrations that it has had and whose files are gone. */
  readonly missing: readonly string[];
  /** Where the database is not what its migrations lead to; null = that could not be told. */
  readonly drift: readonly ObjectDifference[] | null;
  /** Where it is not what the models declare, once all that is pending has run. */
  readonly undeclared: readonly ObjectDifference[];
  /** What the managed schemas have and nothing declares; no difference. */
  readonly unmanaged: readonly string[];
  /** What a user should know. */
  readonly warnings: readonly string[];
}

/**
 * Compares a live database, the files of its migrations and the models. Changes nothing.
 *
 * @throws {ConfigurationError} models are missing or cannot be declared, or an option is wrong
 * @throws {MigrationError} a file is wrong
 * @throws {DatabaseError} the database cannot be read
 *
 * @example
 * ```ts
 * import { integer, model, text } from "@matrx/orm";
 * import { check } from "@matrx/orm/migrations";
 * import { embedded } from "@matrx/orm/testing";
 *
 * class Note extends model("notes", { id: integer().primaryKey(), title: text() }) {}
 * await using db = await embedded({ models: [Note], name: "main" });
 * const { same, undeclared } = await check({ models: [Note], folder: await Deno.makeTempDir() });
 * for (const { object, state } of undeclared) console.log(object, state);
 * if (!same) throw new Error("the database is not what the code says");
 * ```
 */
export async function check(options: CheckOptions = {}): Promise<CheckResult> {
  checkOptions("check()", options, OPTIONS);
  const folder = options.folder ?? "migrations";
  const migrations = await presentIn(folder);
  const site = await siteOf({ database: options.database });
  // a database is registered, or siteOf has thrown
  const driver = site.driver!;
  const declaration = await loadDeclaration(options, site.of);
  const rows = await rowsOf(driver, options.ledgerSchema);
  const { missing, changed } = faultsOf(migrations, rows);
  const states = new Map(statusOf(migrations, rows).map(({ name, state }) => [name, state]));
  const pending = migrations.filter(({ name }) => states.get(name) === "pending");
  const applied = migrations.filter(({ name }) => states.get(name) === "applied");
  const warnings: string[] = [];
  const snapshot = await readSnapshot(folder).catch((error: unknown) => {
    if (!(error instanceof ConfigurationError)) throw error;
    warnings.push(error.message);
    return null;
  });
  const live = await readLive(driver);
  const shadow = { place: options.shadow, target: site.target, onNotice: options.onNotice };
  const found = await withComparison(
    { live, pending, known: knownOf(snapshot), guard: site.guard, ...declaration },
    { ...options, shadow },
    async (compared) => {
      const history = { applied, rows, faulty: missing.length + changed.length > 0 };
      const judged = judge(compared);
      return { ...judged, ...await driftOf({ live, history, compared, guard: site.guard }) };
    },
  );
  const { drift } = found;
  return {
    same: pending.length + changed.length + missing.length === 0 &&
      found.undeclared.length === 0 && (drift ?? []).length === 0,
    pending: pending.map(({ name }) => name),
    changed,
    missing,
    drift,
    undeclared: found.undeclared,
    unmanaged: found.unmanaged,
    warnings: [...warnings, ...found.warnings, ...found.notes],
  };
}

async function rowsOf(driver: Driver, ledgerSchema = "public"): Promise<LedgerRow[]> {
  const place = ledgerIn(ledgerSchema);
  return [...await readLedger(driver, place, await surveyLedger(driver, place, false))];
}

/** What a comparison with the models has found. */
interface Judged {
  readonly undeclared: readonly ObjectDifference[];
  readonly unmanaged: readonly string[];
  readonly warnings: readonly string[];
}

function judge(compared: Compared): Judged {
  const { live, options, unmanaged, warnings } = compared;
  const changes = changesOf(compared);
  const renames = plainRenames(changes);
  const wanted = replay(live, renames.length === 0 ? changes : changesOf(compared, { renames }));
  return {
    undeclared: differencesBetween(live, wanted, options),
    unmanaged: unmanaged.map(shownObject),
    warnings,
  };
}

interface DriftSides {
  readonly live: Catalog;
  readonly history: {
    readonly applied: readonly Migration[];
    readonly rows: readonly LedgerRow[];
    readonly faulty: boolean;
  };
  /** The comparison with the models; its shadow is used again. */
  readonly compared: Compared;
  readonly guard: Awaited<ReturnType<typeof siteOf>>["guard"];
}

/** Where a database is not what its migrations lead to; null with a note where that is not known. */
interface Drift {
  readonly drift: readonly ObjectDifference[] | null;
  readonly notes: readonly string[];
}

/** Runs the applied migrations in the shadow, and puts the database beside what they lead to. */
async function driftOf({ live, history, compared, guard }: DriftSides): Promise<Drift> {
  const { applied, rows, faulty } = history;
  const { shadow, scope, saysObjects } = compared;
  const give = (why: string): Drift => ({
    drift: null,
    notes: [`What the migrations lead to is not known: ${why}`],
  });
  if (rows.length === 0) return { drift: [], notes: [] };
  if (faulty) return give("applied files are changed or missing");
  try {
    await shadow.reset();
    await rehearse(shadow, applied, guard ?? ((run) => run()));
    const wanted = await shadow.read();
    await shadow.reset();
    const found = await normalise(shadow, touching(live, wanted, scope.covers));
    const comparison = { owners: false, privileges: saysObjects, versions: false };
    return { drift: differencesBetween(found, wanted, comparison), notes: [] };
  } catch (error) {
    if (!(error instanceof MigrationError) || error.code !== "migration_not_rehearsed") throw error;
    return give(error.message);
  }
}

/** What of a database migrations are asked about: what they make, with its parts, and what that needs. */
function touching(
  live: Catalog,
  wanted: Catalog,
  covers: Compared["scope"]["covers"],
): Catalog {
  const kept = new Set<string>();
  const keep = (id: string): void => {
    if (kept.has(id) || !live.objects.has(id)) return;
    kept.add(id);
    for (const need of live.dependencies.get(id) ?? []) keep(need);
  };
  for (const [id, object] of live.objects) {
    const parent = parentOf(object, live.objects);
    const isPart = parent !== null && wanted.objects.has(parent) && covers(object);
    if (wanted.objects.has(identityOf(object)) || isPart || object.kind === "extension") keep(id);
  }
  return makeCatalog(
    live.serverVersion,
    [...live.objects].flatMap(([id, object]) => kept.has(id) ? [object] : []),
    live.dependencies,
  );
}
