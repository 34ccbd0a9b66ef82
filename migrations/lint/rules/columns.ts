import { typeOf, type WrittenType } from "../expressions.ts";
import type { Found, HazardKind } from "../hazard.ts";
import { text, type Tree } from "../tree.ts";

const SERIAL = /^(?:big|small)?serial\d?$/;

type Advice = readonly [kind: HazardKind, holds: (type: WrittenType) => boolean];

const is = (...names: readonly string[]) => ({ name, plain }: WrittenType): boolean =>
  plain && names.includes(name);

/** What is said of the type of a column. */
const ADVICE: readonly Advice[] = [
  // the type "char" in quotes is one of the system's own, but for its name in its schema
  ["char-column", is("bpchar", "char", "nchar")],
  ["varchar-limit", (type) => type.limited && is("varchar")(type)],
  ["timestamp-without-zone", is("timestamp")],
  ["serial-column", ({ name, plain }) => plain && SERIAL.test(name)],
  ["integer-column", is("int4", "serial", "serial4")],
  ["smallint-column", is("int2", "smallserial", "serial2")],
];

/** What is said of the type of a column that is made, or changed. */
export function columnAdvice(column: Tree, table: string): Found[] {
  const type = typeOf(column);
  return ADVICE.filter(([, holds]) => holds(type)).map(([kind]) => ({
    kind,
    what: `${table}.${text(column, "colname")} is of type ${type.name}`,
  }));
}
