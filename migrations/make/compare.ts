/** Puts a database beside what is declared: both in the words of one shadow. */
import { introspect } from "../../generator/introspect/introspect.ts";
import { type Catalog, makeCatalog } from "../../src/catalog/catalog.ts";
import { filterTables } from "../../src/catalog/filter.ts";
import { identityOf } from "../../src/catalog/identity.ts";
import { LEDGER_TABLE } from "../../src/catalog/ledger.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";
import { undescribedIn } from "../../src/catalog/undescribed.ts";
import type { Driver } from "../../src/driver/port.ts";
import type { SqlObject } from "../declare/objects.ts";
import { readDeclared } from "../declare/read_declared.ts";
import type { Change } from "../diff/change.ts";
import { diff, type DiffOptions } from "../diff/diff.ts";
import type { Hints } from "../diff/hints.ts";
import type { Migration } from "../file/db.ts";
import { normalise } from "../shadow/normalise.ts";
import { type Shadow, type ShadowOptions, withShadow } from "../shadow/shadow.ts";
import { looseNames, withObjects } from "./not_null.ts";
import { patientShadow } from "./patient.ts";
import { type Guard, rehearse } from "./rehearse.ts";
import { relatedTo } from "./related.ts";
import { makeScope, type Scope, type ScopeOptions } from "./scope.ts";
import { makeTarget } from "./target.ts";

/** Both sides, before they are comparable. */
export interface Sides {
  /** The whole catalog of a database, as `readLive` gives it, or the empty one. */
  readonly live: Catalog;
  /** Migrations that are still to run on it: the comparison is with what they lead to. */
  readonly pending?: readonly Migration[] | undefined;
  /** Keeps models of those migrations from the database that they name. */
  readonly guard?: Guard | undefined;
  /** The models. */
  readonly models: Iterable<unknown>;
  /** What no model says. */
  readonly objects?: Iterable<SqlObject> | undefined;
  /** What was declared when the last migration was made, by identity; null = not known. */
  readonly known?: ReadonlySet<string> | null | undefined;
}

/** How sides are compared. */
export interface ComparisonOptions extends ScopeOptions {
  /** The shadow; default embedded. */
  readonly shadow?: ShadowOptions | undefined;
  /** The schema of models that leave it to the search path; default `public`. */
  readonly schema?: string | undefined;
}

/** Two sides in the words of one shadow. */
export interface Compared {
  /** The state to start from: what is managed, what that needs and what needs it. */
  readonly live: Catalog;
  /** What is declared, and what is there where nothing is looked at. */
  readonly declared: Catalog;
  /** What is managed. */
  readonly scope: Scope;
  /** How `diff` has to look at them. */
  readonly options: DiffOptions;
  /** Objects of the managed schemas that nothing declares and that stay. */
  readonly unmanaged: readonly CatalogObject[];
  /** Whether SQL objects are declared. */
  readonly saysObjects: boolean;
  /** The identities of all that is declared, for the next comparison. */
  readonly known: ReadonlySet<string>;
  /** What the catalog does not describe, so that no migration makes it: of the database, and declared. */
  readonly undescribed: { readonly live: readonly string[]; readonly declared: readonly string[] };
  /** What a user should know. */
  readonly warnings: readonly string[];
  /** The shadow; it holds the state to start from. */
  readonly shadow: Shadow;
}

/** Reads a database's whole structure, without the table in which migrations are written down. */
export async function readLive(driver: Pick<Driver, "acquire">): Promise<Catalog> {
  const { catalog } = await introspect(driver);
  return filterTables(catalog, { exclude: [`${LEDGER_TABLE}*`] });
}

/**
 * Makes two sides comparable and works with them. The shadow ends with the work; where the embedded one
 * will not do, all of it is done again on another one, see `withShadow`.
 *
 * @throws {ConfigurationError} models cannot be declared, or an option matches nothing
 * @throws {MigrationError} a declared statement is refused, or a pending migration cannot be tried
 */
export async function withComparison<Result>(
  sides: Sides,
  options: ComparisonOptions,
  work: (compared: Compared) => Promise<Result>,
): Promise<Result> {
  return await withShadow(
    options.shadow ?? {},
    async (shadow) => await work(await compareIn(shadow, sides, options)),
  );
}

async function compareIn(
  shadow: Shadow,
  sides: Sides,
  options: ComparisonOptions,
): Promise<Compared> {
  const { live, pending = [], models, known = null } = sides;
  const objects = [...sides.objects ?? []];
  const saysObjects = objects.length > 0;
  const patient = patientShadow(shadow, live);
  const all = await readDeclared(patient, { models, objects }, { schema: options.schema });
  const own = without(all, patient.borrowed);
  const scope = makeScope(options, { live, declared: own, known, saysObjects });
  await shadow.reset();
  const related = relatedTo(live, (object) => {
    const id = identityOf(object);
    return own.objects.has(id) && scope.covers(object) || patient.borrowed.has(id) ||
      scope.manages(object);
  });
  let current = await normalise(shadow, related);
  if (pending.length > 0) {
    await rehearse(shadow, pending, sides.guard ?? ((run) => run()));
    current = await shadow.read();
  }
  const target = makeTarget({
    live: current,
    declared: all,
    scope,
    borrowed: patient.borrowed,
    saysObjects,
  });
  const undescribed = { live: undescribedIn(live), declared: undescribedIn(own) };
  return {
    live: current,
    declared: withObjects(target.catalog, looseNames(current, target.catalog)),
    scope,
    options: { manages: scope.manages, owners: false, privileges: saysObjects },
    unmanaged: [...live.objects.values()].filter((object) =>
      isWhole(object) && scope.covers(object) && !target.catalog.objects.has(identityOf(object)) &&
      !scope.manages(object)
    ),
    saysObjects,
    known: new Set(own.objects.keys()),
    undescribed,
    warnings: [
      ...target.warnings,
      ...undescribed.declared.filter((one) => !undescribed.live.includes(one)).map((one) =>
        `${one} is declared, and no migration can make it: write that one by hand (matrx empty)`
      ),
    ],
    shadow,
  };
}

/** Lists what has to change, with the renames that hints tell. */
export function changesOf({ live, declared, options }: Compared, hints: Hints = {}): Change[] {
  return diff(live, declared, hints, options);
}

function without(catalog: Catalog, names: ReadonlySet<string>): Catalog {
  if (names.size === 0) return catalog;
  return makeCatalog(
    catalog.serverVersion,
    [...catalog.objects].flatMap(([id, object]) => names.has(id) ? [] : [object]),
    catalog.dependencies,
  );
}

/** Whether an object is one by itself, which a list of what is left alone should name. */
function isWhole(object: CatalogObject): boolean {
  if (object.extension !== null || "table" in object) return false;
  if (object.kind === "sequence") return object.ownedBy === null;
  return !["schema", "extension", "privilege", "default privilege", "unmodelled"]
    .includes(object.kind);
}
