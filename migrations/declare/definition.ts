/** Constraints as `pg_get_constraintdef` prints them. */
import type {
  Deferrable,
  ForeignConstraint,
  KeyConstraint,
} from "../../src/catalog/constraints.ts";
import { quoteName } from "../../src/compile/output.ts";

const list = (names: readonly string[]): string => `(${names.map(quoteName).join(", ")})`;

function ending(
  { deferrable, validated, enforced }: {
    readonly deferrable: Deferrable;
    readonly validated: boolean;
    readonly enforced: boolean;
  },
): string {
  const when = deferrable === null
    ? ""
    : deferrable === "initially deferred"
    ? " DEFERRABLE INITIALLY DEFERRED"
    : " DEFERRABLE";
  return when + (!enforced ? " NOT ENFORCED" : validated ? "" : " NOT VALID");
}

/** Writes a primary key or unique constraint. */
export function keyDefinition(key: Omit<KeyConstraint, "definition">): string {
  const word = key.type === "primary" ? "PRIMARY KEY" : "UNIQUE";
  const nulls = key.nullsNotDistinct ? " NULLS NOT DISTINCT" : "";
  const columns = key.withoutOverlaps
    ? `${list(key.columns).slice(0, -1)} WITHOUT OVERLAPS)`
    : list(key.columns);
  const include = key.include.length === 0 ? "" : ` INCLUDE ${list(key.include)}`;
  return `${word}${nulls} ${columns}${include}${ending(key)}`;
}

/** Writes a foreign key. */
export function foreignDefinition(key: Omit<ForeignConstraint, "definition">): string {
  const { references, onDelete, onUpdate, onDeleteColumns } = key;
  const target = `${quoteName(references.schema)}.${quoteName(references.table)}`;
  const action = (event: string, what: string) =>
    what === "no action" ? "" : ` ON ${event} ${what.toUpperCase()}`;
  const only = onDeleteColumns.length === 0 ? "" : ` ${list(onDeleteColumns)}`;
  return `FOREIGN KEY ${list(key.columns)} REFERENCES ${target}${list(references.columns)}` +
    (key.match === "full" ? " MATCH FULL" : "") + action("UPDATE", onUpdate) +
    action("DELETE", onDelete) + only + ending(key);
}

/** Writes a check. */
export function checkDefinition(
  check: {
    readonly expression: string;
    readonly noInherit: boolean;
    readonly deferrable: Deferrable;
    readonly validated: boolean;
    readonly enforced: boolean;
  },
): string {
  return `CHECK (${check.expression})${check.noInherit ? " NO INHERIT" : ""}${ending(check)}`;
}
