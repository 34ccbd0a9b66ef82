/** What a plan destroys, how much of it there is, and whether that was wanted. */
import type { Catalog } from "../../src/catalog/catalog.ts";
import type { Driver } from "../../src/driver/port.ts";
import { DatabaseError } from "../../src/errors/database.ts";
import { MigrationError } from "../../src/errors/base.ts";
import { nearest } from "../../src/util/nearest.ts";
import type { Step } from "../plan/step.ts";
import { shownName } from "./shown.ts";

/** Something that is destroyed. */
export interface PlannedLoss {
  /** The object's name, by which a user consents: `public.orders.note`. */
  readonly object: string;
  /** What goes, in words. */
  readonly what: string;
  /** How many rows are concerned; null = not known. */
  readonly rows: number | null;
}

/** Longest time that one count may take, in ms. */
const COUNT_MS = 10_000;

/** Lists what steps destroy, each object once, with the rows that a database has of it. */
export async function lossesOf(
  steps: readonly Step[],
  live: Catalog,
  driver: Driver | null,
): Promise<PlannedLoss[]> {
  const found = new Map<string, PlannedLoss>();
  for (const { object, loss } of steps) {
    if (loss === null || found.has(object)) continue;
    const one = live.objects.get(object);
    const rows = driver === null || loss.count === null ? null : await countOn(driver, loss.count);
    found.set(object, {
      object: one === undefined ? object : shownName(one),
      what: loss.what,
      rows,
    });
  }
  return [...found.values()];
}

/** A count that cannot be had is not known: a role without rights, a table that is not there yet. */
async function countOn(driver: Driver, text: string): Promise<number | null> {
  try {
    const { rows } = await driver.query({ text, params: [] }, { timeoutMs: COUNT_MS });
    return Number(rows[0]?.[0]);
  } catch (error) {
    if (error instanceof DatabaseError) return null;
    throw error;
  }
}

/** Those of the losses that nobody consented to. `true` consents to all. */
export function unconsented(
  losses: readonly PlannedLoss[],
  allowed: boolean | readonly string[],
): PlannedLoss[] {
  if (typeof allowed === "boolean") return allowed ? [] : [...losses];
  return losses.filter(({ object }) =>
    !allowed.includes(object) && !allowed.includes(object.replace(/^public\./, ""))
  );
}

/** A loss in a line. */
export function lossLine({ object, what, rows }: PlannedLoss): string {
  const count = rows === null ? "" : rows === 1 ? ": 1 row" : `: ${rows.toLocaleString("en")} rows`;
  return `${object}: ${what}${count}`;
}

/** Refuses losses that nobody consented to. */
export function lossRefused(
  losses: readonly PlannedLoss[],
  allowed: boolean | readonly string[],
  renames: readonly string[],
): MigrationError {
  const names = losses.map(({ object }) => object);
  const meant = typeof allowed === "boolean"
    ? undefined
    : allowed.map((one) => nearest(one, names)).find((one) => one !== undefined);
  return new MigrationError(
    `The migration would destroy data\n  ${losses.map(lossLine).join("\n  ")}`,
    {
      code: "data_loss",
      hint: [
        `If that is wanted: --allow-loss=${meant ?? names.join(",")}`,
        ...renames.length === 0 ? [] : [`If it has a new name: --rename ${renames[0]}`],
      ].join(". "),
      context: { objects: names.join(", ") },
    },
  );
}
