import type { Catalog } from "../../src/catalog/catalog.ts";
import { identityOf } from "../../src/catalog/identity.ts";
import type { Change } from "../diff/change.ts";
import { diff, type DiffOptions } from "../diff/diff.ts";
import type { Hints } from "../diff/hints.ts";
import { reverseHints } from "../diff/renames.ts";
import { replay } from "../diff/replay.ts";
import { plan } from "../plan/plan.ts";
import type { Plan, PlanOptions } from "../plan/step.ts";

/** How two catalogs are compared, and how the way between them is written. */
export interface SchemaDiffOptions extends DiffOptions, PlanOptions {
  /** The renames. */
  readonly hints?: Hints | undefined;
}

/** A difference in words. */
export interface SchemaOperation {
  /** What happens to the object. */
  readonly action: Change["action"];
  /** The kind of the object. */
  readonly kind: string;
  /** Its name with those of its schema and table: `"public"."orders"."note"`. */
  readonly object: string;
}

/**
 * What has to change so that one catalog becomes another, and the SQL for both directions.
 *
 * @example
 * ```ts
 * import { integer, model, text } from "@matrx/orm";
 * import { SchemaDiff, toCatalog } from "@matrx/orm/migrations";
 *
 * class Before extends model("notes", { id: integer().primaryKey(), note: text() }) {}
 * class After extends model("notes", { id: integer().primaryKey(), title: text() }) {}
 * const [live, declared] = [toCatalog([Before]), toCatalog([After])];
 * const difference = new SchemaDiff(live, declared);
 * if (!difference.isEmpty) console.log(difference.upSql());
 * ```
 */
export class SchemaDiff {
  readonly #live: Catalog;
  readonly #declared: Catalog;
  readonly #options: SchemaDiffOptions;
  /** The differences. */
  readonly changes: readonly Change[];

  /**
   * Compares the catalog of a database with the one that it is to have.
   *
   * @throws {MigrationError} a hint matches nothing
   */
  constructor(live: Catalog, declared: Catalog, options: SchemaDiffOptions = {}) {
    this.#live = live;
    this.#declared = declared;
    this.#options = options;
    this.changes = diff(live, declared, options.hints, options);
  }

  /** Whether nothing has to change. */
  get isEmpty(): boolean {
    return this.changes.length === 0;
  }

  /** The differences in words. */
  operations(): SchemaOperation[] {
    return this.changes.map((change) => {
      const object = change.action === "create" ? change.after : change.before;
      const { kind } = object;
      return { action: change.action, kind, object: identityOf(object).slice(kind.length + 1) };
    });
  }

  /** The statements that make the change. */
  up(): Plan {
    return plan(this.changes, this.#live, this.#declared, this.#options);
  }

  /** The statements that take it back. */
  down(): Plan {
    const after = replay(this.#live, this.changes);
    const back = diff(after, this.#live, reverseHints(this.#options.hints ?? {}), {
      ...this.#options,
      // what was left alone on the way up is left alone on the way back
      manages: undefined,
    });
    return plan(back, after, this.#live, this.#options);
  }

  /** The SQL that makes the change, a semicolon behind each statement. */
  upSql(): string {
    return textOf(this.up());
  }

  /** The SQL that takes it back. */
  downSql(): string {
    return textOf(this.down());
  }
}

function textOf({ steps }: Plan): string {
  return steps.map(({ sql }) => `${sql};\n`).join("");
}
