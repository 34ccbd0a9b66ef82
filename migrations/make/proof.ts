/** Tries a migration in the shadow before it is written: up, and down again. */
import type { Catalog } from "../../src/catalog/catalog.ts";
import type { Driver } from "../../src/driver/port.ts";
import { MigrationError } from "../../src/errors/base.ts";
import { messageOf } from "../../src/util/reason.ts";
import type { Comparison } from "../diff/compare.ts";
import type { Step } from "../plan/step.ts";
import { begin, commit, rollback } from "../shadow/queries.ts";
import { differenceLine, differencesBetween } from "./differences.ts";

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
          `The way ${direction} fails in the shadow database: ${messageOf(cause)}\n  ${sql}`,
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
  return differencesBetween(found, wanted, comparison).map(differenceLine);
}

/** Lists the first of some lines beneath a message, and says how many more there are. */
export function toldLines(lines: readonly string[]): string {
  const told = lines.slice(0, MOST_TOLD);
  const more = lines.length - told.length;
  return [...told, ...(more === 0 ? [] : [`and ${more} more`])].map((line) => `\n  ${line}`).join(
    "",
  );
}

/**
 * Refuses a migration that does not lead where it should.
 *
 * @throws {MigrationError} there are differences
 */
export function refuseDifferences(lines: readonly string[], direction: "up" | "down"): void {
  if (lines.length === 0) return;
  throw new MigrationError(
    `The way ${direction} does not lead to ${
      direction === "up" ? "what is declared" : "the state before"
    }${toldLines(lines)}`,
    {
      code: "proof_failed",
      hint: "Nothing was written. Take the change in smaller parts, or write this one by hand " +
        "with matrx empty; please report it with both states",
      context: { direction, differences: lines.length },
    },
  );
}
