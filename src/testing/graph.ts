/** Makes rows with the rows that they reference. */
import { type Sql, sql } from "../ast/sql.ts";
import { QueryError } from "../errors/base.ts";
import { DataError, IntegrityError, UniqueViolationError } from "../errors/database.ts";
import { sessionFor, type Transaction, type Using } from "../execute/session.ts";
import { transaction } from "../execute/transaction.ts";
import type { ColumnMeta, ModelMeta, ModelRef } from "../schema/meta.ts";
import { type ForeignKeyRelation, relationsOf } from "../schema/relation_meta.ts";
import { isOptional } from "../validate/row.ts";
import { compose, type RowValues } from "./compose.ts";
import { type Facts, factsOf, factsOfModel } from "./facts.ts";
import { Random } from "./random.ts";
import { NO_VALUE, valueOfType } from "./values.ts";

/** What the library calls of a model, whose types a factory cannot know. */
interface Model extends ModelRef {
  using(target: Using): Model;
  create(values: Readonly<Record<string, unknown>>): Promise<object>;
  get(where: Readonly<Record<string, unknown>>): Promise<object>;
  rawSql(statement: Sql): Promise<unknown>;
}

/** A row under way. */
interface Making {
  readonly model: ModelRef;
  readonly facts: Facts;
  readonly number: number;
  readonly values: RowValues;
  readonly left: Set<ColumnMeta>;
  /** True once it goes out in one statement with rows that it is in a circle with. */
  together: boolean;
}

/** The rows of one call. */
export interface Call {
  readonly tx: Transaction;
  /** The last row that was made of each table, for others to reference. */
  readonly parents: Map<ModelMeta, object>;
  readonly stack: Making[];
  /** Rows that wait for the one that their circle began with. */
  readonly waiting: Making[];
}

/** How often a row with other values is tried when a unique key stands against it. */
const ATTEMPTS = 25;

/** Makes rows of any model, the same ones for the same seed. */
export class Graph {
  readonly #seed: string;
  readonly #fill: boolean;
  readonly #numberOf: (meta: ModelMeta) => number;

  constructor(seed: string, fill: boolean, numberOf: (meta: ModelMeta) => number) {
    this.#seed = seed;
    this.#fill = fill;
    this.#numberOf = numberOf;
  }

  /** Runs a function that makes rows, all or none. */
  async within<Result>(
    meta: ModelMeta,
    using: Using | null,
    make: (call: Call) => Promise<Result>,
  ): Promise<Result> {
    const run = (tx: Transaction): Promise<Result> =>
      make({ tx, parents: new Map(), stack: [], waiting: [] });
    const session = sessionFor(meta.database, using);
    if (session.transaction !== null) return await session.transaction.savepoint(run);
    return await transaction(run, { database: session.database });
  }

  /** Puts values together without a database: keys of other rows are made up. */
  build(model: ModelRef, given: RowValues): RowValues {
    const { meta } = model;
    const number = this.#numberOf(meta);
    const left = new Set(
      foreignKeys(meta).filter((one) => isLeftOut(one, given)).flatMap(
        ({ local }) => local.filter((column) => column.spec.nullable && !given.has(column)),
      ),
    );
    const facts = factsOfModel(meta);
    return compose({
      ...{ meta, facts, given, left, number, fill: this.#fill, random: this.#random(meta, number) },
    });
  }

  /** Makes a row, and before it those that it needs. */
  async make(model: ModelRef, given: RowValues, call: Call): Promise<object> {
    const { meta } = model;
    const making: Making = {
      model,
      facts: await factsOf(call.tx, meta),
      number: this.#numberOf(meta),
      values: new Map(given),
      left: new Set(),
      together: false,
    };
    call.stack.push(making);
    for (const relation of foreignKeys(meta)) await this.#refer(relation, making, call);
    const depth = call.stack.indexOf(making);
    call.stack.pop();
    const isFirst = !call.stack.slice(0, depth).some((one) => one.together);
    if (!making.together) {
      const row = await this.#insert(making, call);
      call.parents.set(meta, row);
      return row;
    }
    this.#keyOf(making, meta.primaryKey);
    const values = this.#compose(making, making.number);
    for (const [column, value] of values) making.values.set(column, value);
    call.waiting.push(making);
    return isFirst ? await this.#insertTogether(making, call) : this.#asRow(making);
  }

  /** Gives the columns of a foreign key their values. */
  async #refer(relation: ForeignKeyRelation, making: Making, call: Call): Promise<void> {
    const { local, remote, target } = relation;
    const { values, left, facts } = making;
    if (local.every((column) => values.has(column))) return;
    if (isLeftOut(relation, values) && !this.#fill) {
      for (const column of local) if (column.spec.nullable && !values.has(column)) left.add(column);
      return;
    }
    const fixed: RowValues = new Map();
    local.forEach((column, place) => {
      if (values.has(column)) fixed.set(remote[place]!, values.get(column));
    });
    const own = call.stack.find((one) => one.model.meta === target.meta);
    if (own !== undefined && isLeftOut(relation, values)) {
      for (const column of local) if (column.spec.nullable && !values.has(column)) left.add(column);
      return;
    }
    let parent: object | undefined;
    if (own !== undefined) {
      if (own !== making) {
        for (const one of call.stack.slice(call.stack.indexOf(own))) one.together = true;
      }
      this.#keyOf(own, remote);
      parent = this.#asRow(own);
    } else {
      const known = call.parents.get(target.meta);
      const fits = known !== undefined && !needsFresh(local, making.model.meta, facts) &&
        [...fixed].every(([column, value]) => Reflect.get(known, column.property) === value);
      parent = fits ? known : await this.make(target, fixed, call);
    }
    local.forEach((column, place) => {
      if (!values.has(column)) values.set(column, Reflect.get(parent, remote[place]!.property));
    });
  }

  /** Gives columns that others will reference values that are known before the row is there. */
  #keyOf(making: Making, columns: readonly ColumnMeta[]): void {
    const { model: { meta }, number, values } = making;
    for (const column of columns) {
      if (values.has(column)) continue;
      const small = column.values.codec?.name === "int2";
      const least = { value: small ? 20_000 : 1_000_000_000, open: false };
      const isNumber = /^int/.test(column.values.codec?.name ?? "");
      const value = valueOfType(column.values, {
        ...{
          property: column.property,
          number,
          unique: true,
          hint: isNumber ? { low: least } : {},
        },
        random: this.#random(meta, number),
      });
      if (value !== NO_VALUE) values.set(column, value);
    }
  }

  #asRow(making: Making): object {
    const entries = [...making.values].map(([column, value]) => [column.property, value]);
    return Object.fromEntries(entries);
  }

  #random(meta: ModelMeta, number: number): Random {
    return new Random(`${this.#seed} ${meta.label} ${number}`);
  }

  #compose({ model: { meta }, facts, values, left }: Making, number: number): RowValues {
    const random = this.#random(meta, number);
    return compose({ meta, facts, given: values, left, fill: this.#fill, number, random });
  }

  async #insert(making: Making, call: Call): Promise<object> {
    const { meta } = making.model;
    for (let attempt = 0;; attempt++) {
      const number = attempt === 0 ? making.number : this.#numberOf(meta);
      const values = this.#compose(making, number);
      try {
        return await call.tx.savepoint((tx) =>
          (making.model as Model).using(tx).create(byProperty(values))
        );
      } catch (error) {
        const isTaken = error instanceof UniqueViolationError;
        if (!isTaken || attempt >= ATTEMPTS) throw refused(meta, making.facts, error);
      }
    }
  }

  /** Inserts rows that reference each other in one statement: keys are checked at its end. */
  async #insertTogether(root: Making, call: Call): Promise<object> {
    const parts = call.waiting.splice(0).map(({ model: { meta }, values }) => {
      const columns = [...values.keys()];
      const path = meta.schema === null ? [meta.table] : [meta.schema, meta.table];
      const names = sql.join(columns.map(({ name }) => sql.id(name)));
      const items = sql.join(columns.map((column) => sql.value(values.get(column), column.codec)));
      return sql`insert into ${
        sql.id(...path)
      } (${names}) overriding system value values (${items})`;
    });
    const last = parts.pop()!;
    const named = parts.map((part, place) => sql`${sql.id(`made${place}`)} as (${part})`);
    const model = (root.model as Model).using(call.tx);
    const statement = named.length === 0 ? last : sql`with ${sql.join(named)} ${last}`;
    try {
      await model.rawSql(statement);
    } catch (error) {
      throw refused(root.model.meta, root.facts, error);
    }
    const key = root.model.meta.primaryKey.map((column) =>
      [column.property, root.values.get(column)] as const
    );
    return await model.get(Object.fromEntries(key));
  }
}

/** Values by property, as `create()` takes them. */
export function byProperty(values: RowValues): Record<string, unknown> {
  return Object.fromEntries([...values].map(([column, value]) => [column.property, value]));
}

/** The foreign keys of a model, those over the most columns first. */
function foreignKeys(meta: ModelMeta): ForeignKeyRelation[] {
  return relationsOf(meta).filter((relation) => relation.kind === "fk")
    .sort((one, other) => other.local.length - one.local.length);
}

/** Whether a foreign key may stay NULL. */
function isLeftOut({ local }: ForeignKeyRelation, given: RowValues): boolean {
  return local.some((column) => column.spec.nullable && !given.has(column));
}

/** Whether each row needs a parent of its own: nothing else in a unique key can differ enough. */
function needsFresh(local: readonly ColumnMeta[], meta: ModelMeta, facts: Facts): boolean {
  const keys = new Set(foreignKeys(meta).flatMap((relation) => relation.local));
  const isFixed = (column: ColumnMeta): boolean =>
    keys.has(column) || column.values.labels !== undefined || isOptional(column) ||
    column.values.kind === "boolean";
  return facts.unique.some((columns) =>
    columns.every(isFixed) && columns.some((column) => local.includes(column))
  );
}

function refused(meta: ModelMeta, facts: Facts, error: unknown): unknown {
  if (!(error instanceof IntegrityError || error instanceof DataError)) return error;
  const constraint = error instanceof IntegrityError ? error.constraint : undefined;
  const about = constraint === undefined ? "" : ` for the columns of ${constraint}`;
  const isKnown = facts.checks.some(({ name }) => name === constraint);
  return new QueryError(
    `The factory of ${meta.label} cannot make a row that the database takes: ${error.message}`,
    {
      code: "factory_row_refused",
      hint: `Give values${about}: factory(Model, { ... })${
        isKnown ? "" : "; factories do not understand every constraint"
      }`,
      context: { model: meta.label },
      cause: error,
    },
  );
}
