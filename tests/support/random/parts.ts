/** Random constraints, indexes, and what acts on tables. */
import type { ConstraintObject } from "../../../src/catalog/constraints.ts";
import { identity } from "../../../src/catalog/identity.ts";
import type { IndexKey, IndexObject } from "../../../src/catalog/types.ts";
import { type Maker, q, READER } from "./maker.ts";
import type { MadeTable } from "./tables.ts";

const common = (maker: Maker, of: MadeTable, name: string) => ({
  ...{ kind: "constraint" as const, schema: of.schema, table: of.name, name },
  ...{ deferrable: null, validated: true, enforced: true, local: true, definition: "" },
  ...maker.base(),
});

const keyFacts = { include: [], nullsNotDistinct: false, withoutOverlaps: false, storage: {} };

/** Adds the constraints of tables; partitions and children have those of their parents. */
export function addConstraints(maker: Maker, tables: readonly MadeTable[]): void {
  const plain = tables.filter(({ kind }) => kind === "plain");
  for (const of of plain) {
    const key = common(maker, of, maker.random.of([`${of.name}_pkey`, `${of.name}_key`]));
    const index = { tablespace: null, indexComment: maker.comment() };
    maker.add({ ...key, type: "primary", columns: ["id"], ...keyFacts, ...index });
    if (maker.chance(40)) {
      maker.add({
        ...common(maker, of, `${of.name}_n_t`),
        ...{ type: "unique", columns: maker.random.of([["n", "t"], ["t"], ["t", "n"]]) },
        ...keyFacts,
        ...{ nullsNotDistinct: maker.chance(30), tablespace: null, indexComment: null },
        deferrable: maker.random.of([null, "initially deferred", "initially immediate"] as const),
      });
    }
    addChecks(maker, of);
    if (maker.chance(20)) {
      maker.add({
        ...common(maker, of, `${of.name}_apart`),
        ...{ type: "exclusion", tablespace: null, indexComment: null },
        definition: `EXCLUDE USING btree (n WITH =)${maker.random.of(["", " WHERE ((n > 100))"])}`,
      });
    }
  }
  for (const of of plain) addForeignKeys(maker, of, plain);
  for (const of of tables.filter(({ kind }) => kind === "parent")) {
    for (const one of ["animals_low", "animals_high"]) {
      if (!maker.chance(50)) continue;
      const expression = one === "animals_low" ? "(id > 0)" : "(id < 1000)";
      const noInherit = maker.chance(20);
      const check = { type: "check" as const, expression, columns: ["id"], noInherit };
      maker.add({ ...common(maker, of, one), ...check, comment: null });
      const child = tables.find(({ kind }) => kind === "child");
      if (child === undefined || noInherit || !inherits(maker, child)) continue;
      maker.add({ ...common(maker, child, one), ...check, local: false, comment: null });
    }
  }
}

function inherits(maker: Maker, of: MadeTable): boolean {
  const found = maker.objects.get(identity("table", [of.schema, of.name]));
  return found?.kind === "table" && found.inherits.length > 0;
}

function addChecks(maker: Maker, of: MadeTable): void {
  for (const [at, text] of maker.some(["(n > 0)", "(length(t) > 0)", "(n < id)"], 35).entries()) {
    maker.add({
      ...common(maker, of, `check_${at}`),
      ...{ type: "check", expression: text, columns: [], noInherit: maker.chance(10) },
      validated: maker.chance(80),
    });
  }
}

function addForeignKeys(maker: Maker, of: MadeTable, plain: readonly MadeTable[]): void {
  const to = maker.random.of(plain);
  if (!maker.chance(50)) return;
  const actions = ["no action", "cascade", "set null", "restrict"] as const;
  const one: ConstraintObject = {
    ...common(maker, of, maker.random.of([`${of.name}_to`, `${of.name}_ref`])),
    ...{ type: "foreign", columns: ["n"], onDelete: maker.random.of(actions) },
    references: { schema: to.schema, table: to.name, columns: ["id"] },
    ...{ onUpdate: maker.random.of(actions), onDeleteColumns: [], match: "simple", period: false },
    validated: maker.chance(80),
    deferrable: maker.random.of([null, null, "initially deferred"] as const),
  };
  maker.add(one);
}

const key = (more: Partial<IndexKey>): IndexKey => ({
  ...{ column: null, expression: null, opclass: null, opclassOptions: {}, collation: null },
  ...{ descending: false, nulls: "last" },
  ...more,
});

function randomKey(maker: Maker, of: MadeTable): IndexKey {
  const descending = maker.chance(30);
  const order = {
    descending,
    nulls: maker.chance(80) ? descending ? "first" as const : "last" as const : "last" as const,
  };
  const expressions = of.columns.includes("n") ? ["shop.twice(n)", "((n + 1))", "lower(t)"] : [];
  if (of.columns.includes("t") && expressions.length > 0 && maker.chance(30)) {
    return key({ expression: maker.random.of(expressions), ...order });
  }
  const column = maker.random.of(of.columns);
  const opclass = column === "t" && maker.chance(30)
    ? { schema: "pg_catalog", name: "text_pattern_ops" }
    : null;
  return key({ column, opclass, ...order });
}

/** Adds indexes. */
export function addIndexes(maker: Maker, tables: readonly MadeTable[]): void {
  for (const of of tables) {
    if (of.kind === "foreign") continue;
    for (const name of maker.some([`${of.name}_by`, `${of.name} "too"`], 35)) {
      const isExpression = (one: IndexKey) => one.expression !== null;
      const keys = [randomKey(maker, of), ...maker.random.many(1, () => randomKey(maker, of))];
      const index: IndexObject = {
        ...{ kind: "index", schema: of.schema, table: of.name, name, method: "btree" },
        ...{ unique: false, nullsNotDistinct: false, keys },
        include: maker.chance(20) && of.columns.includes("t") ? ["t"] : [],
        where: maker.chance(25) ? "(id > 5)" : null,
        storage: maker.chance(20) ? { fillfactor: "60" } : {},
        ...{ tablespace: null, valid: true, parent: null },
        statistics: keys.some(isExpression) && maker.chance(20)
          ? { [String(keys.findIndex(isExpression) + 1)]: 50 }
          : {},
        ...{ definition: "", ...maker.base() },
      };
      maker.add(index);
    }
  }
}

/** Adds triggers, rules, policies and statistics. */
export function addActing(maker: Maker, tables: readonly MadeTable[]): void {
  for (const of of tables) {
    const on = q(of.schema, of.name);
    const part = { schema: of.schema, table: of.name };
    if (of.kind === "plain" && maker.chance(35)) {
      const when = maker.random.of(["BEFORE UPDATE", "AFTER INSERT OR DELETE"]);
      maker.add({
        ...{ kind: "trigger", ...part, name: "touched", inherited: false },
        definition:
          `CREATE TRIGGER touched ${when} ON ${on} FOR EACH ROW EXECUTE FUNCTION shop.touch()`,
        enabled: maker.random.of(["origin", "origin", "disabled", "always", "replica"] as const),
        ...maker.base(),
      });
    }
    if (of.kind === "plain" && maker.chance(15)) {
      maker.add({
        ...{ kind: "rule", ...part, name: "quiet" },
        definition: `CREATE RULE quiet AS\n    ON DELETE TO ${on} ${
          maker.random.of(["DO INSTEAD NOTHING", `WHERE (old.n > 1) DO INSTEAD NOTHING`])
        };`,
        enabled: maker.random.of(["origin", "disabled"] as const),
        ...maker.base(),
      });
    }
    for (const name of of.kind === "plain" ? maker.some(["mine", "all of it"], 30) : []) {
      const command = maker.random.of(["all", "select", "insert", "update"] as const);
      maker.add({
        ...{ kind: "policy", ...part, name, permissive: maker.chance(80), command },
        roles: maker.random.of([["public"], [READER]]),
        using: command === "insert" ? null : maker.random.of(["(n > 1)", "(t = CURRENT_USER)"]),
        check: command === "select" ? null : maker.random.of(["(n > 1)", "true"]),
        ...maker.base(),
      });
    }
    if (of.kind === "plain" && maker.chance(20)) {
      const name = `${of.name} stats`;
      const kinds = maker.random.of(["", " (ndistinct)"]);
      maker.add({
        ...{ kind: "statistics", schema: of.schema, name, owner: maker.owner },
        table: { schema: of.schema, name: of.name },
        definition: `CREATE STATISTICS ${q(of.schema, name)}${kinds} ON n, t FROM ${on}`,
        ...{ target: maker.chance(20) ? 70 : null, ...maker.base() },
      });
    }
  }
}
