import { identity, identityOf } from "../../src/catalog/identity.ts";
import type { ColumnObject, SequenceObject, SequenceOptions } from "../../src/catalog/types.ts";
import type { DdlOf } from "./ddl_kind.ts";
import { locks, loses, statement } from "./make.ts";
import { ident, literal, qualified } from "./quote.ts";
import type { DdlStatement } from "./statement.ts";

const bounds = new Map([
  ["int2", "32767"],
  ["int4", "2147483647"],
  ["int8", "9223372036854775807"],
]);

/** Writes all options of a sequence. */
export function sequenceOptions(options: SequenceOptions): string {
  return [
    `INCREMENT BY ${options.increment}`,
    `MINVALUE ${options.min}`,
    `MAXVALUE ${options.max}`,
    `START WITH ${options.start}`,
    `CACHE ${options.cache}`,
    options.cycle ? "CYCLE" : "NO CYCLE",
  ].join(" ");
}

/** Whether options are those of a sequence that is made without any. */
export function isPlain(options: SequenceOptions, type: string): boolean {
  return options.increment === "1" && options.min === "1" && options.start === "1" &&
    options.max === bounds.get(type) && options.cache === "1" && !options.cycle;
}

/** Writes the identity of a column, with what is not as PostgreSQL would choose it. */
export function identityClause(
  column: ColumnObject,
  isTaken: (schema: string, name: string) => boolean,
): string {
  const { generation, sequence, options } = column.identity!;
  const usual = sequence.schema === column.schema &&
    sequence.name === `${column.table}_${column.name}_seq` &&
    new TextEncoder().encode(sequence.name).length < 64 &&
    !isTaken(sequence.schema, sequence.name);
  const parts = [
    usual ? "" : `SEQUENCE NAME ${qualified(sequence.schema, sequence.name)}`,
    isPlain(options, column.type.name) ? "" : sequenceOptions(options),
  ].filter((part) => part !== "");
  const more = parts.length === 0 ? "" : ` (${parts.join(" ")})`;
  return `GENERATED ${generation === "always" ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY${more}`;
}

/** The changes of a sequence's options, as they stand in ALTER SEQUENCE. */
export function changedSequence(before: SequenceOptions, after: SequenceOptions): string[] {
  const changed: string[] = [];
  if (before.increment !== after.increment) changed.push(`INCREMENT BY ${after.increment}`);
  if (before.min !== after.min) changed.push(`MINVALUE ${after.min}`);
  if (before.max !== after.max) changed.push(`MAXVALUE ${after.max}`);
  if (before.start !== after.start) changed.push(`START WITH ${after.start}`);
  if (before.cache !== after.cache) changed.push(`CACHE ${after.cache}`);
  if (before.cycle !== after.cycle) changed.push(after.cycle ? "CYCLE" : "NO CYCLE");
  return changed;
}

const least = (a: string, b: string): string => BigInt(a) < BigInt(b) ? a : b;
const greatest = (a: string, b: string): string => BigInt(a) < BigInt(b) ? b : a;

/**
 * Moves a sequence's value between new bounds, where they are narrower: the server refuses bounds that
 * the value is outside of. Bounds that lie apart are joined first, in the new type if it has one.
 */
export function intoBounds(
  sequence: { readonly schema: string; readonly name: string },
  before: SequenceOptions,
  after: SequenceOptions,
  relation: string,
  type: string | null = null,
): DdlStatement[] {
  const [min, max] = [least(before.min, after.min), greatest(before.max, after.max)];
  if (min === after.min && max === after.max) return [];
  const name = qualified(sequence.schema, sequence.name);
  const isWider = min !== before.min || max !== before.max;
  const as = type === null ? "" : `AS ${type} `;
  return [
    ...(isWider
      ? [
        statement(
          `ALTER SEQUENCE ${name} ${as}MINVALUE ${min} MAXVALUE ${max}`,
          locks("SHARE ROW EXCLUSIVE", relation),
        ),
      ]
      : []),
    statement(
      `SELECT pg_catalog.setval(${
        literal(name)
      }, least(greatest(last_value, ${after.min}), ${after.max}), is_called AND last_value BETWEEN ${after.min} AND ${after.max}) FROM ${name}`,
      {
        ...locks("ROW EXCLUSIVE", relation),
        note: "A value outside of the new bounds becomes the nearest one inside",
      },
    ),
  ];
}

/** Ties a sequence to the column that owns it, or to none. */
export function ownedBy(sequence: SequenceObject): DdlStatement {
  const { schema, name, ownedBy: owner } = sequence;
  const to = owner === null
    ? "NONE"
    : `${qualified(owner.schema, owner.table)}.${ident(owner.column)}`;
  return statement(
    `ALTER SEQUENCE ${qualified(schema, name)} OWNED BY ${to}`,
    locks("SHARE ROW EXCLUSIVE", identityOf(sequence)),
  );
}

/** Moves a sequence on to the last value of the column that takes from it. */
export function catchUp(
  sequence: { readonly schema: string; readonly name: string },
  column: { readonly schema: string; readonly table: string; readonly column: string },
  options: SequenceOptions,
  table: string,
): DdlStatement {
  const last = `${Number(options.increment) > 0 ? "max" : "min"}(${ident(column.column)})`;
  return statement(
    `SELECT pg_catalog.setval(${
      literal(qualified(sequence.schema, sequence.name))
    }, ${last}) FROM ${qualified(column.schema, column.table)} HAVING ${last} IS NOT NULL`,
    { ...locks("ACCESS SHARE", table), scans: true },
  );
}

/** How sequences are written. Which column owns one is told by `ownedBy`, once the column is there. */
export const sequences: DdlOf<SequenceObject> = {
  create: (one) => [
    statement(
      `CREATE ${one.persistence === "unlogged" ? "UNLOGGED " : ""}SEQUENCE ${
        qualified(one.schema, one.name)
      } AS ${
        one.type.name === "int8" ? "bigint" : one.type.name === "int4" ? "integer" : "smallint"
      } ${sequenceOptions(one.options)}`,
    ),
  ],
  drop: (one) => [
    statement(`DROP SEQUENCE ${qualified(one.schema, one.name)}`, {
      ...locks("ACCESS EXCLUSIVE", identityOf(one)),
      ...loses(`the value that ${qualified(one.schema, one.name)} has reached`),
    }),
  ],
  alter: (before, after) => {
    const name = qualified(after.schema, after.name);
    const changed = changedSequence(before.options, after.options);
    if (before.type.name !== after.type.name) {
      // stated bounds, or the type would bring its own
      const { min, max } = after.options;
      changed.unshift(
        `AS ${after.type.name}`,
        ...[`MINVALUE ${min}`, `MAXVALUE ${max}`].filter((text) => !changed.includes(text)),
      );
    }
    const steps: DdlStatement[] = [];
    if (changed.length > 0) {
      steps.push(
        ...intoBounds(
          after,
          before.options,
          after.options,
          identityOf(after),
          before.type.name < after.type.name ? after.type.name : null,
        ),
        statement(
          `ALTER SEQUENCE ${name} ${changed.join(" ")}`,
          locks("SHARE ROW EXCLUSIVE", identityOf(after)),
        ),
      );
    }
    if (before.persistence !== after.persistence) {
      steps.push(
        statement(
          `ALTER SEQUENCE ${name} SET ${after.persistence === "unlogged" ? "UNLOGGED" : "LOGGED"}`,
          locks("ACCESS EXCLUSIVE", identityOf(after)),
        ),
      );
    }
    return steps;
  },
  rename: (before, after) => [
    statement(
      `ALTER SEQUENCE ${qualified(before.schema, before.name)} RENAME TO ${ident(after.name)}`,
      locks("ACCESS EXCLUSIVE", identity("sequence", [before.schema, before.name])),
    ),
  ],
};
