/** Random types, sequences and routines. */
import type { SequenceOptions } from "../../../src/catalog/types.ts";
import { builtin, type Maker, q, SCHEMAS, type TypeChoice } from "./maker.ts";

const [SHOP, ODD] = SCHEMAS;

/** Types that are always there. */
export const BUILT_IN: readonly TypeChoice[] = [
  builtin("int4", "integer", "7"),
  builtin("int8", "bigint", "'8'::bigint"),
  builtin("text", "text", "'a''b'::text"),
  builtin("varchar", "character varying(40)", "'c'::character varying", ["40"]),
  builtin("numeric", "numeric(10,2)", "1.5", ["10", "2"]),
  builtin("bool", "boolean", "true"),
  builtin("timestamptz", "timestamp with time zone", "now()"),
  builtin("jsonb", "jsonb", "'{}'::jsonb"),
  builtin("uuid", "uuid", "gen_random_uuid()"),
  builtin("int4", "integer[]", "'{}'::integer[]", [], 1),
  builtin("int4", "integer[]", null, [], 2),
];

const LABELS = ["sad", "ok", "happy", "it's", "Ünder"];

/** Adds types; gives those that columns may have. */
export function addTypes(maker: Maker): TypeChoice[] {
  const choices = [...BUILT_IN];
  const own = (name: string, formatted: string, literal: string | null): void => {
    choices.push({
      type: { schema: SHOP, name, modifiers: [], dimensions: 0 },
      formatted,
      literal,
    });
  };
  for (const name of maker.some(["mood", "size"], 70)) {
    const labels = maker.shuffled(maker.some(LABELS, 70));
    const all = labels.length === 0 ? ["only"] : labels;
    maker.add({
      ...{ kind: "enum", schema: SHOP, name, owner: maker.owner },
      ...{ labels: all, ...maker.base() },
    });
    own(name, `shop.${name}`, `'${all[0]!.replaceAll("'", "''")}'::shop.${name}`);
  }
  for (const name of maker.some(["age", "code"], 60)) addDomain(maker, name, own);
  if (maker.chance(60)) {
    const attributes = maker.shuffled(maker.some(["x", "y", "Z z"], 80));
    maker.add({
      ...{ kind: "composite", schema: SHOP, name: "point3", owner: maker.owner },
      attributes: (attributes.length === 0 ? ["x"] : attributes).map((name) => ({
        name,
        ...pick(maker, BUILT_IN.slice(0, 3)),
        collation: null,
        comment: maker.comment(),
      })),
      ...maker.base(),
    });
    own("point3", "shop.point3", null);
  }
  if (maker.chance(50)) {
    const { type, formatted } = maker.random.of(BUILT_IN.slice(0, 2));
    maker.add({
      ...{ kind: "range", schema: SHOP, name: "span", owner: maker.owner, subtype: type },
      ...{ formatted, opclass: null, collation: null, canonical: null, subtypeDiff: null },
      multirange: { schema: SHOP, name: maker.random.of(["spans", "multispan"]) },
      ...maker.base(),
    });
    own("span", "shop.span", null);
  }
  return choices;
}

const pick = (maker: Maker, from: readonly TypeChoice[]) => {
  const { type, formatted } = maker.random.of(from);
  return { type, formatted };
};

function addDomain(
  maker: Maker,
  name: string,
  own: (name: string, formatted: string, literal: string | null) => void,
): void {
  const isAge = name === "age";
  const bases = isAge ? BUILT_IN.slice(0, 2) : BUILT_IN.slice(2, 4);
  const base = maker.random.of(bases);
  const text = isAge ? ["VALUE > 0", "VALUE < 200"] : ["length(VALUE) > 0", "length(VALUE) < 30"];
  const checks = ["code_low", "code_high"].map((check, at) => ({
    name: check,
    definition: `CHECK ((${text[at]}))`,
    validated: true,
    comment: maker.comment(),
  }));
  maker.add({
    ...{ kind: "domain", schema: SHOP, name, owner: maker.owner, base: base.type },
    ...{ formatted: base.formatted, notNull: maker.chance(10), collation: null },
    default: maker.chance(40) ? base.literal : null,
    checks: maker.some(checks, 60).sort((a, b) => (a.name < b.name ? -1 : 1)),
    ...maker.base(),
  });
  own(name, `shop.${name}`, null);
}

/** Random options of a sequence of some type. */
export function options(maker: Maker, max: string): SequenceOptions {
  const min = maker.random.of(["1", "1", "5", "-10"]);
  return {
    start: maker.random.of([min, "7"]),
    increment: maker.random.of(["1", "1", "3"]),
    min,
    max: maker.random.of([max, "900"]),
    cache: maker.random.of(["1", "20"]),
    cycle: maker.chance(20),
  };
}

/** Adds sequences of their own. */
export function addSequences(maker: Maker): void {
  for (const name of maker.some(["counter", "Odd seq"], 60)) {
    const isSmall = maker.chance(50);
    maker.add({
      ...{ kind: "sequence", schema: SHOP, name, owner: maker.owner },
      type: {
        schema: "pg_catalog",
        name: isSmall ? "int2" : "int8",
        modifiers: [],
        dimensions: 0,
      },
      options: options(maker, isSmall ? "32767" : "9223372036854775807"),
      ...{ persistence: "permanent", ownedBy: null, ...maker.base() },
    });
  }
}

/** Adds routines; those that others call are always there where `shop` is. */
export function addRoutines(maker: Maker): void {
  const routine = (
    kind: "function" | "procedure" | "aggregate",
    name: string,
    signature: string,
    language: string,
    returns: string | null,
    definition: string,
    more: { readonly arguments?: string; readonly defaults?: number } = {},
  ): void => {
    maker.add({
      ...{ kind, schema: SHOP, name, owner: maker.owner, signature, language, returns },
      ...{ arguments: more.arguments ?? signature, defaults: more.defaults ?? 0, definition },
      ...maker.base(),
    });
  };
  const make = (name: string, head: string, returns: string, language: string, body: string) =>
    `CREATE OR REPLACE FUNCTION shop.${name}(${head})\n RETURNS ${returns}\n LANGUAGE ${language}\n` +
    `AS $function$${body}$function$\n`;
  const factor = maker.random.of(["2", "3"]);
  routine(
    ...["function", "twice", "a integer", "sql", "integer"] as const,
    make("twice", "a integer", "integer", "sql\n IMMUTABLE", ` select a * ${factor} `),
  );
  routine(
    ...["function", "touch", "", "plpgsql", "trigger"] as const,
    make("touch", "", "trigger", "plpgsql", "begin return new; end"),
  );
  routine(
    ...["function", "watch", "", "plpgsql", "event_trigger"] as const,
    make("watch", "", "event_trigger", "plpgsql", "begin end"),
  );
  if (maker.chance(60)) {
    const returns = maker.random.of(["integer", "bigint"]);
    const head = "a integer, b integer DEFAULT 1";
    routine(
      ...["function", "plus", "a integer, b integer", "sql", returns] as const,
      make("plus", head, returns, "sql", ` select (a + b)::${returns} `),
      { arguments: head, defaults: 1 },
    );
  }
  if (maker.chance(50)) {
    routine(
      ...["procedure", "do_it", "IN a integer", "plpgsql", null] as const,
      `CREATE OR REPLACE PROCEDURE shop.do_it(IN a integer)\n LANGUAGE plpgsql\n` +
        `AS $procedure$begin perform ${maker.random.of(["1", "2"])}; end$procedure$\n`,
    );
  }
  if (maker.chance(50)) {
    const first = maker.random.of(["0", "5"]);
    routine(
      ...["aggregate", "total", "integer", "internal", "integer"] as const,
      `CREATE AGGREGATE shop.total(integer) (\n    SFUNC = int4pl,\n    STYPE = integer,\n` +
        `    INITCOND = '${first}'\n)`,
    );
  }
  if (maker.has("schema", ODD) && maker.chance(50)) {
    const name = 'Odd "fn"';
    maker.add({
      ...{ kind: "function", schema: ODD, name, owner: maker.owner, signature: "" },
      ...{ language: "sql", returns: "text", arguments: "", defaults: 0 },
      definition: `CREATE OR REPLACE FUNCTION ${q(ODD, name)}()\n RETURNS text\n LANGUAGE sql\n` +
        `AS $function$ select ${maker.random.of(["'a'", "'b'"])}::text $function$\n`,
      ...maker.base(),
    });
  }
}
