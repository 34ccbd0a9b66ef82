/** Tries a migration in the shadow before it is written: up, and down again. */
import type { Catalog } from "../../src/catalog/catalog.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";
import type { Driver } from "../../src/driver/port.ts";
import { MigrationError } from "../../src/errors/base.ts";
import { stableJson } from "../../src/util/stable_json.ts";
import { type Comparison, isCompared, isSame } from "../diff/compare.ts";
import type { Step } from "../plan/step.ts";
import { begin, commit, rollback } from "../shadow/queries.ts";
import { shownObject } from "./shown.ts";

/** How many differences a message tells. */
const MOST_TOLD = 20;

/** What a migration runs in one direction. */
export interface Way {
  readonly steps: readonly Step[];
  readonly direction: "up" | "down";
  /** Whether all of it is one transaction. */
  readonly transaction: boolean;
}

/**
 * Runs statements as the migration will.
 *
 * @throws {MigrationError} one of them fails
 */
export async function runWay(
  driver: Driver,
  { steps, direction, transaction }: Way,
): Promise<void> {
  const connection = await driver.acquire();
  let healthy = false;
  const around = (text: string): Promise<unknown> =>
    transaction ? connection.query({ text, params: [] }) : Promise.resolve();
  try {
    await around(begin);
    for (const { sql } of steps) {
      try {
        await connection.query({ text: sql, params: [] });
      } catch (cause) {
        await around(rollback);
        throw new MigrationError(
          `The way ${direction} fails in the shadow database: ${
            cause instanceof Error ? cause.message : cause
          }\n  ${sql}`,
          {
            code: "proof_failed",
            hint: "Nothing was written. Take the change in smaller parts, or write this one by " +
              "hand with matrx empty; please report it with both states",
            context: { direction },
            cause,
          },
        );
      }
    }
    await around(commit);
    healthy = true;
  } finally {
    connection.release({ broken: !healthy && driver.capabilities.concurrentConnections });
  }
}

/** What two catalogs differ in, a line an object, with its properties. */
export function differences(found: Catalog, wanted: Catalog, comparison: Comparison): string[] {
  const lines: string[] = [];
  for (const name of [...new Set([...found.objects.keys(), ...wanted.objects.keys()])].sort()) {
    const [is, should] = [compared(found, name, comparison), compared(wanted, name, comparison)];
    if (is === undefined && should !== undefined) lines.push(`${shownObject(should)} is missing`);
    else if (is !== undefined && should === undefined) {
      lines.push(`${shownObject(is)} is left over`);
    } else if (is !== undefined && should !== undefined && !isSame(is, should, comparison)) {
      lines.push(`${shownObject(should)}: ${properties(is, should)}`);
    }
  }
  return lines;
}

function compared(
  catalog: Catalog,
  name: string,
  comparison: Comparison,
): CatalogObject | undefined {
  const object = catalog.objects.get(name);
  return object !== undefined && isCompared(object, comparison) ? object : undefined;
}

/** Told of every object and never a fault of its own. */
const BESIDE: ReadonlySet<string> = new Set([
  ...["owner", "position", "local", "estimatedRows", "definition"],
]);

function properties(is: CatalogObject, should: CatalogObject): string {
  const [found, wanted] = [is, should] as unknown as Record<string, unknown>[];
  const keys = Object.keys(wanted!).filter((key) =>
    stableJson(found![key]) !== stableJson(wanted![key])
  );
  const telling = keys.filter((key) => !BESIDE.has(key));
  return (telling.length === 0 ? keys : telling)
    .map((key) => `${key} is ${stableJson(found![key])}, not ${stableJson(wanted![key])}`)
    .join("; ");
}

/**
 * Refuses a migration that does not lead where it should.
 *
 * @throws {MigrationError} there are differences
 */
export function refuseDifferences(lines: readonly string[], direction: "up" | "down"): void {
  if (lines.length === 0) return;
  const told = lines.slice(0, MOST_TOLD);
  const more = lines.length - told.length;
  throw new MigrationError(
    `The way ${direction} does not lead to ${
      direction === "up" ? "what is declared" : "the state before"
    }\n  ${told.join("\n  ")}${more === 0 ? "" : `\n  and ${more} more`}`,
    {
      code: "proof_failed",
      hint: "Nothing was written. Take the change in smaller parts, or write this one by hand " +
        "with matrx empty; please report it with both states",
      context: { direction, differences: lines.length },
    },
  );
}
