/** What two sides that were compared become: the ways up and down, proven in the shadow. */
import type { Catalog } from "../../src/catalog/catalog.ts";
import { withoutPlace } from "../declare/read_declared.ts";
import type { Change } from "../diff/change.ts";
import { diff } from "../diff/diff.ts";
import type { RenameHint } from "../diff/hints.ts";
import { reverseHints } from "../diff/renames.ts";
import { replay } from "../diff/replay.ts";
import { plan } from "../plan/plan.ts";
import type { Step } from "../plan/step.ts";
import type { Compared } from "./compare.ts";
import { looseNames, withoutObjects } from "./not_null.ts";
import { differences, refuseDifferences, runWay } from "./proof.ts";

/** The way up, as it is planned. */
export interface PlannedUp {
  readonly changes: readonly Change[];
  readonly renames: readonly RenameHint[];
  readonly steps: readonly Step[];
  /** Whether all of it can be one transaction. */
  readonly transaction: boolean;
  /** Whether plain forms had to be taken. */
  readonly plain: boolean;
}

/** Both ways, and where they lead. */
export interface Proven {
  readonly down: readonly Step[];
  /** The state that the way up leads to, with nothing in it that the shadow alone decided. */
  readonly after: Catalog;
}

/**
 * Plans the way up. It is one transaction where every step may stand in one; constraints that are
 * validated afterwards, so that others can go on working, may not: their locks would be held on.
 */
export function planUp(
  { live, declared }: Compared,
  changes: readonly Change[],
  renames: readonly RenameHint[],
  wantsPlain: boolean,
): PlannedUp {
  const stepsOf = (safe: boolean): readonly Step[] =>
    plan(changes, live, declared, { safe, owners: false }).steps;
  const isWhole = (steps: readonly Step[]): boolean =>
    steps.every(({ transactional, kind }) => transactional && kind !== "validate");
  const found = { changes, renames };
  if (!wantsPlain) {
    const steps = stepsOf(true);
    const transaction = isWhole(steps);
    // a setting holds within one transaction alone
    if (transaction || steps.every(({ kind }) => kind !== "setting")) {
      return { ...found, steps, transaction, plain: false };
    }
  }
  const steps = stepsOf(false);
  const transaction = steps.every(({ transactional }) => transactional);
  const kept = transaction ? steps : steps.filter(({ kind }) => kind !== "setting");
  return { ...found, steps: kept, transaction, plain: !wantsPlain };
}

/**
 * Runs the way up in the shadow and looks at what it leads to; plans the way down from there, runs it
 * and looks again.
 *
 * @throws {MigrationError} a step fails, or a way leads elsewhere
 */
export async function prove(compared: Compared, up: PlannedUp): Promise<Proven> {
  const { live, options, saysObjects, shadow } = compared;
  const { changes, renames, steps, transaction } = up;
  // a shadow has the newest version of an extension, whichever the database has
  const comparison = { owners: false, privileges: saysObjects, versions: false };
  await runWay(shadow.driver, { steps, direction: "up", transaction });
  const wanted = replay(live, changes);
  const found = await shadow.read();
  const after = withoutObjects(found, looseNames(found, wanted));
  refuseDifferences(differences(after, wanted, comparison), "up");
  const left = diff(after, compared.declared, {}, options);
  if (left.length > 0) {
    refuseDifferences(differences(after, replay(after, left), comparison), "up");
  }
  // what was dropped comes back with its privileges, though models say nothing of any
  const whole = { ...comparison, privileges: true };
  const back = diff(after, live, reverseHints({ renames }), whole);
  const planned = plan(back, after, live, { safe: !transaction, owners: false }).steps;
  const down = transaction ? planned : planned.filter(({ kind }) => kind !== "setting");
  await runWay(shadow.driver, {
    steps: down,
    direction: "down",
    transaction: transaction && down.every(({ transactional }) => transactional),
  });
  refuseDifferences(differences(await shadow.read(), live, whole), "down");
  return { down, after: withoutPlace(after, "") };
}
