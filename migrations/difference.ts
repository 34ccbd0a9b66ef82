import { readFile } from "node:fs/promises";
import type { Catalog } from "../src/catalog/catalog.ts";
import { filterTables } from "../src/catalog/filter.ts";
import { fromSnapshot } from "../src/catalog/snapshot.ts";
import { closeDatabase, registerDatabase } from "../src/connect.ts";
import { ConfigurationError, MigrationError } from "../src/errors/base.ts";
import { Databases } from "../src/execute/registry.ts";
import { checkOptions } from "../src/schema/known_options.ts";
import type { Change } from "./diff/change.ts";
import { diff } from "./diff/diff.ts";
import { changesOf, readLive, withComparison } from "./make/compare.ts";
import { type DeclarationSources, loadDeclaration } from "./make/declaration.ts";
import { type ChangeSummary, notesOf, summaryOf } from "./make/notes.ts";
import { type MadeStep, siteOf } from "./make/options.ts";
import { inSchemas, type ScopeOptions } from "./make/scope.ts";
import { plan } from "./plan/plan.ts";
import type { Step } from "./plan/step.ts";
import { normalise } from "./shadow/normalise.ts";
import { withShadow } from "./shadow/shadow.ts";

/** Which two states are put side by side. */
export interface DifferenceOptions extends DeclarationSources, ScopeOptions {
  /**
   * The state to start from: a registered database by its name, a URL, the path of a snapshot (`.json`),
   * a catalog, or `models`. Default: the first registered database.
   */
  readonly before?: string | Catalog | undefined;
  /** The state to come to, in the same forms; default `models`. */
  readonly after?: string | Catalog | undefined;
  /** Whether forms that let others go on working are preferred; default true. */
  readonly safe?: boolean | undefined;
  /** Where both sides are built: `embedded`, the default, `server`, or a `postgres://` URL. */
  readonly shadow?: string | undefined;
  /** Hears in a line why the shadow is elsewhere. */
  readonly onNotice?: ((line: string) => void) | undefined;
}

const OPTIONS: readonly string[] = Object.keys(
  {
    ...{ before: true, after: true, safe: true, shadow: true, onNotice: true },
    ...{ models: true, objects: true, from: true, dropUnmanaged: true },
    ...{ schemas: true, includeTables: true, excludeTables: true },
  } satisfies Record<keyof DifferenceOptions, true>,
);

/** What leads from one state to another. */
export interface Difference {
  /** Whether nothing differs. */
  readonly same: boolean;
  /** What differs. */
  readonly changes: readonly ChangeSummary[];
  /** The statements that lead from the one to the other, in order. */
  readonly steps: readonly MadeStep[];
  /** What a user should know. */
  readonly warnings: readonly string[];
}

/**
 * Compares two states, each a live database, a snapshot or the models, and gives the statements that
 * lead from the one to the other. Changes nothing.
 *
 * Of a database and models only what is managed is compared, as `makemigrations` does; two databases or
 * snapshots are compared whole. What would lose data is told, not refused: nothing is run.
 *
 * @throws {ConfigurationError} a side cannot be found or read
 * @throws {DatabaseError} a database cannot be read
 *
 * @example
 * ```ts
 * import { integer, model, text } from "@matrx/orm";
 * import { difference, toCatalog } from "@matrx/orm/migrations";
 *
 * class Before extends model("notes", { id: integer().primaryKey(), note: text() }) {}
 * class After extends model("notes", { id: integer().primaryKey(), title: text() }) {}
 * const [before, after] = [toCatalog([Before]), toCatalog([After])];
 * const { same, steps } = await difference({ before, after });
 * console.log(same); // false
 * for (const { sql } of steps) console.log(`${sql};`);
 * ```
 */
export async function difference(options: DifferenceOptions = {}): Promise<Difference> {
  checkOptions("difference()", options, OPTIONS);
  const { before = null, after = "models" } = options;
  if (before === "models" && after === "models") {
    throw new ConfigurationError("Cannot compare the models with themselves", {
      code: "nothing_to_compare",
      hint: "Name a database, a URL or a snapshot as one of the two sides",
    });
  }
  if (before === "models" || after === "models") {
    return await withModels(options, before === "models" ? after : before, before === "models");
  }
  const [first, second] = [await catalogOf(before), await catalogOf(after)];
  const filter = { include: options.includeTables, exclude: options.excludeTables };
  const kept = (catalog: Catalog): Catalog =>
    inSchemas(filterTables(catalog, filter), options.schemas);
  const shadow = { place: options.shadow, target: urlOf(before), onNotice: options.onNotice };
  return await withShadow(shadow, async (place) => {
    const live = await normalise(place, kept(first));
    await place.reset();
    const target = await normalise(place, kept(second));
    const changes = diff(live, target, {}, { owners: false });
    return resultOf(changes, plan(changes, live, target, planOptions(options)).steps, []);
  });
}

const planOptions = ({ safe }: DifferenceOptions) => ({ safe: safe ?? true, owners: false });

/** Compares a state with the models; `back` gives the way from the models to it. */
async function withModels(
  options: DifferenceOptions,
  side: string | Catalog | null,
  back: boolean,
): Promise<Difference> {
  const registered = side === null || typeof side === "string" && isRegistered(side);
  const site = await siteOf(
    registered ? { database: side === null ? undefined : String(side) } : { offline: true },
  );
  const declaration = await loadDeclaration(options, site.of);
  const live = await catalogOf(side);
  return await withComparison(
    { live, known: null, ...declaration },
    {
      ...options,
      shadow: { place: options.shadow, target: site.target, onNotice: options.onNotice },
    },
    (compared) => {
      const { declared, warnings } = compared;
      const changes = back
        ? diff(declared, compared.live, {}, compared.options)
        : changesOf(compared);
      const [from, to] = back ? [declared, compared.live] : [compared.live, declared];
      const { steps } = plan(changes, from, to, planOptions(options));
      return Promise.resolve(resultOf(changes, steps, warnings));
    },
  );
}

function resultOf(
  changes: readonly Change[],
  steps: readonly Step[],
  warnings: readonly string[],
): Difference {
  return {
    same: changes.length === 0,
    changes: changes.map(summaryOf),
    steps: steps.map((step) => {
      const { sql, lock, rewrites, scans, loss } = step;
      return { sql, lock, rewrites, scans, destroys: loss?.what ?? null, notes: notesOf(step) };
    }),
    warnings,
  };
}

function isRegistered(name: string): boolean {
  return Databases.default.names().includes(name);
}

function urlOf(side: string | Catalog | null): string | undefined {
  if (side === null || typeof side === "string" && isRegistered(side)) {
    const { url } = Databases.default.get(side).config;
    return url === "" ? undefined : url;
  }
  return typeof side === "string" && side.includes("://") ? side : undefined;
}

/** Reads a side: a registered database, a URL, or a snapshot. */
async function catalogOf(side: string | Catalog | null): Promise<Catalog> {
  if (side !== null && typeof side !== "string") return side;
  if (side === null || isRegistered(side)) {
    return await readLive(await Databases.default.get(side).driver());
  }
  if (side.includes("://")) return await readUrl(side);
  if (/\.json$/.test(side)) return await readSnapshotFile(side);
  // says which there are
  Databases.default.get(side);
  throw new ConfigurationError(`Cannot tell what ${JSON.stringify(side)} is`, {
    code: "nothing_to_compare",
    hint: "Give the name of a database, a URL, the path of a snapshot (.json), or models",
  });
}

let opened = 0;

async function readUrl(url: string): Promise<Catalog> {
  const name = `matrx difference ${++opened}`;
  registerDatabase({ name, url });
  try {
    return await readLive(await Databases.default.get(name).driver());
  } finally {
    await closeDatabase(name);
  }
}

async function readSnapshotFile(path: string): Promise<Catalog> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new MigrationError(`Cannot read the snapshot ${path}`, {
      code: "migrations_unreadable",
      hint: "Check the path and the rights on the file; see the cause",
      context: { file: path },
      cause,
    });
  }
  return await fromSnapshot(text);
}

/** Leaves out the schemas that are not asked for, with what is in them. */
