/** What a reader of a migration should know of a step. */
import type { CatalogObject } from "../../src/catalog/types.ts";
import type { Change } from "../diff/change.ts";
import type { Step } from "../plan/step.ts";
import { shownName, shownObject } from "./shown.ts";

/** The lines above a statement: its lock, what it costs, what it destroys. */
export function notesOf({ lock, rewrites, scans, loss, note }: Step): string[] {
  const work = rewrites ? "writes every row anew" : scans ? "reads every row" : null;
  const locked = lock === null
    ? null
    : `${lock.mode} on ${lock.relation}${work === null ? "" : `, ${work}`}`;
  return [
    ...(locked === null ? work === null ? [] : [capital(work)] : [`Locks ${locked}`]),
    ...(loss === null ? [] : [`Destroys ${loss.what}`]),
    ...(note === null ? [] : [note]),
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A change in a line: `create column public.orders.note`. */
export function changeLine(change: Change): string {
  if (change.action === "drop") return `drop ${shownObject(change.before)}`;
  if (change.action !== "rename") return `${change.action} ${shownObject(change.after)}`;
  if (change.label !== null) {
    const { from, to } = change.label;
    return `rename label ${JSON.stringify(from)} of ${shownObject(change.before)} to ${
      JSON.stringify(to)
    }`;
  }
  return `rename ${shownObject(change.before)} to ${
    (change.after as { readonly name: string }).name
  }`;
}

/** A change as data. */
export interface ChangeSummary {
  /** What happens to it. */
  readonly action: Change["action"];
  /** The kind of the object. */
  readonly kind: CatalogObject["kind"];
  /** Its name; of a rename the new one. */
  readonly object: string;
  /** The name before a rename; null otherwise. */
  readonly from: string | null;
}

/** Says a change as data. */
export function summaryOf(change: Change): ChangeSummary {
  const { action } = change;
  const object = action === "drop" ? change.before : change.after;
  if (action !== "rename") {
    return { action, kind: object.kind, object: shownName(object), from: null };
  }
  const { label } = change;
  const name = (one: CatalogObject, of: string | undefined): string =>
    of === undefined ? shownName(one) : `${shownName(one)}.${of}`;
  return {
    action,
    kind: object.kind,
    object: name(change.after, label?.to),
    from: name(change.before, label?.from),
  };
}

/** The lines that tell what a migration does; what comes or goes with a table is told by the table. */
export function summaryLines(changes: readonly Change[]): string[] {
  const whole = new Set(
    changes.flatMap((change) => {
      const object = change.action === "drop" ? change.before : change.after;
      const isWhole = change.action === "create" || change.action === "drop";
      return isWhole && ["table", "view", "materialized view"].includes(object.kind)
        ? [shownName(object)]
        : [];
    }),
  );
  return changes.flatMap((change) => {
    const object = change.action === "drop" ? change.before : change.after;
    const at = object as { readonly schema?: string; readonly table?: unknown };
    const isPart = typeof at.table === "string" && whole.has(`${at.schema}.${at.table}`);
    return isPart ? [] : [changeLine(change)];
  });
}
