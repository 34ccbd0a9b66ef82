/** The class that every model extends, untyped inside; `types.ts` says what users see. */
import type { Sql } from "../ast/sql.ts";
import { compile } from "../compile/compile.ts";
import type { RunOptions } from "../driver/port.ts";
import { QueryError } from "../errors/base.ts";
import { checkUsing, sessionFor, type Using } from "../execute/session.ts";
import { doesNotExist, getOrNull } from "../query/actions.ts";
import type { WriteOptions } from "../query/loader.ts";
import { checkRun } from "../query/run_options.ts";
import { makeQuery, stateOfQuery } from "../query/query.ts";
import { emptyState, type QueryState } from "../query/state.ts";
import type { DeleteOptions, NearestOptions, Query } from "../query/types.ts";
import { tableNode } from "../query/where.ts";
import type { ModelMeta, ModelRef } from "../schema/meta.ts";
import { bound, boundTo, unbound } from "./bound.ts";
import {
  fetchRelation,
  fetchRelations,
  getRelated,
  hasRelated,
  relationOfRow,
  setRelated,
} from "./fetch.ts";
import type { ReadOptions } from "./cache/contract.ts";
import { runWrite, withoutCache } from "./cache/gate.ts";
import { findByKey } from "./key_lookup.ts";
import { loader } from "./loader.ts";
import { raw, type RawOptions, rawSql } from "./raw.ts";
import { toDict, toJSON } from "./json.ts";
import { touchAny } from "./cache/touch.ts";
import { setValue, track, valueOf } from "./row_state.ts";
import {
  type BulkCreateOptions,
  type BulkUpsertOptions,
  together,
  type UpsertOptions,
} from "./bulk.ts";
import { checkValues, withDefaults } from "./values.ts";
import { type Created, getOrCreate } from "./where_write.ts";
import { refresh } from "./write.ts";
import { writesOf, writesOfRow } from "./writes.ts";

type Values = Readonly<Record<string, unknown>>;
type AnyQuery = Query<object, Record<string, never>>;

function queryOf(model: ModelRef): AnyQuery {
  return makeQuery(emptyState(model, bound(model)), loader);
}

function filteredState(model: ModelRef, where: readonly unknown[]): QueryState {
  return stateOfQuery(filtered(model, where))!;
}

function filtered(model: ModelRef, where: readonly unknown[]): AnyQuery {
  return queryOf(model).filter(...(where as never[]));
}

/** The filter for rows with these values: nothing in them can become an operator. */
function equalTo(values: Values): Values {
  const entries = Object.entries(checkValues(values));
  return Object.fromEntries(entries.map(([name, value]) => [name, { eq: value }]));
}

/** What the model of a view has: reading. */
export class ReadOnlyBase {
  /** The declaration as data. */
  declare static readonly meta: ModelMeta;

  static using(target: Using): object {
    return boundTo(this, checkUsing(target));
  }

  static filter(...where: readonly unknown[]): AnyQuery {
    return filtered(this, where);
  }

  static exclude(...where: readonly unknown[]): AnyQuery {
    return queryOf(this).exclude(...(where as never[]));
  }

  static async get(where: unknown, options?: ReadOptions): Promise<object> {
    const row = await findByKey(unbound(this), where, bound(this), options);
    if (row === undefined) return await filtered(this, [where]).get(withoutCache(options));
    if (row === null) throw doesNotExist(this.meta);
    return row;
  }

  static async getById(key: unknown, options?: ReadOptions): Promise<object> {
    const { property } = this.meta.singleKey();
    // a plain value takes the way of lookups by key; anything else is none
    const plain = typeof key !== "object";
    return await this.get({ [property]: plain ? key : { eq: key } }, options);
  }

  static async getOrNull(where: unknown, options?: ReadOptions): Promise<object | null> {
    const row = await findByKey(unbound(this), where, bound(this), options);
    if (row !== undefined) return row;
    return await filtered(this, [where]).getOrNull(withoutCache(options));
  }

  static nearest(name: string, vector: unknown, options?: NearestOptions): AnyQuery {
    return queryOf(this).nearest(name as never, vector as never, options);
  }

  static raw(statement: Sql, options?: RawOptions): Promise<object[]> {
    return raw(this, statement, bound(this), options);
  }

  static rawSql(statement: Sql, options?: RawOptions): Promise<object[]> {
    return rawSql(this, statement, bound(this), options);
  }

  static all(options?: RunOptions): Promise<object[]> {
    return queryOf(this).all(options);
  }

  static first(where: unknown = {}, options?: RunOptions): Promise<object | null> {
    return filtered(this, [where]).first(options);
  }

  static last(where: unknown = {}, options?: RunOptions): Promise<object | null> {
    return filtered(this, [where]).last(options);
  }

  static async inBulk(
    keys: readonly unknown[],
    options?: RunOptions,
  ): Promise<Map<unknown, object>> {
    const key = this.meta.singleKey();
    const where = { [key.property]: { in: Array.isArray(keys) ? [...new Set(keys)] : keys } };
    const rows = await filtered(this, [where]).all(options);
    return new Map(rows.map((row) => [valueOf(row, key.property), row]));
  }

  static count(where: unknown = {}, options?: RunOptions): Promise<number> {
    return filtered(this, [where]).count(options);
  }

  static exists(where: unknown = {}, options?: RunOptions): Promise<boolean> {
    return filtered(this, [where]).exists(options);
  }

  static async refresh(
    options: RunOptions & { readonly concurrently?: boolean } = {},
  ): Promise<void> {
    const { meta } = this;
    if (meta.kind !== "materialized view") {
      throw new QueryError(`Cannot refresh ${meta.label}: it is a ${meta.kind}`, {
        code: "not_a_materialized_view",
        hint: "Only a materialized view keeps rows of its own to refresh",
      });
    }
    checkRun("refresh()", options, ["concurrently"]);
    const { concurrently = false, ...run } = options;
    const statement = compile({ kind: "refresh", view: tableNode(meta, null), concurrently });
    const session = sessionFor(meta.database, bound(this));
    const caller = { model: this, operation: "refresh" };
    await runWrite(session, statement, run, caller, () => [touchAny(meta)]);
  }

  fetchFk(name: string, options?: ReadOptions): Promise<unknown> {
    return fetchRelation(this, relationOfRow(this, name, "fk"), options);
  }

  fetchIfk(name: string, options?: ReadOptions): Promise<unknown> {
    return fetchRelation(this, relationOfRow(this, name, "ifk"), options);
  }

  fetchM2m(name: string, options?: ReadOptions): Promise<unknown> {
    return fetchRelation(this, relationOfRow(this, name, "m2m"), options);
  }

  fetchRelated(name: string, options?: ReadOptions): Promise<unknown> {
    return fetchRelation(this, relationOfRow(this, name, null), options);
  }

  async fetchFks(options?: ReadOptions): Promise<Record<string, unknown>> {
    return (await fetchRelations(this, "fk", options)).fk;
  }

  async fetchIfks(options?: ReadOptions): Promise<Record<string, unknown>> {
    return (await fetchRelations(this, "ifk", options)).ifk;
  }

  async fetchM2ms(options?: ReadOptions): Promise<Record<string, unknown>> {
    return (await fetchRelations(this, "m2m", options)).m2m;
  }

  async fetchAllRelated(options?: ReadOptions): Promise<Record<string, unknown>> {
    const { fk, ifk, m2m } = await fetchRelations(this, null, options);
    return { foreignKeys: fk, inverseForeignKeys: ifk, manyToMany: m2m };
  }

  getRelated(name: string): unknown {
    return getRelated(this, name);
  }

  hasRelated(name: string): boolean {
    return hasRelated(this, name);
  }

  setRelated(name: string, value: unknown): void {
    setRelated(this, name, value);
  }

  toDict(): Record<string, unknown> {
    return toDict(this);
  }

  toJSON(): Record<string, unknown> {
    return toJSON(this);
  }
}

/** What the model of a table has: reading and writing. */
export class ModelBase extends ReadOnlyBase {
  constructor(values: Values = {}) {
    super();
    const model = new.target as unknown as ModelRef;
    for (const [property, value] of Object.entries(withDefaults(model.meta, values))) {
      setValue(this, model.meta.column(property).property, value);
    }
    track(this, { model, using: null, wire: null, related: null });
  }

  static create(values: Values, options?: RunOptions): Promise<object> {
    const target = { model: this, using: bound(this), operation: "create" };
    return writesOf(this).create(target, values, options);
  }

  static bulkCreate(rows: readonly Values[], options?: BulkCreateOptions): Promise<object[]> {
    const target = { model: this, using: bound(this), operation: "bulkCreate" };
    return writesOf(this).bulkCreate(target, rows, options);
  }

  static bulkUpdate(
    rows: readonly object[],
    fields: readonly string[],
    options?: RunOptions & { readonly batchSize?: number },
  ): Promise<number> {
    return writesOf(this).bulkUpdate(this, rows, fields, options);
  }

  static withDeleted(): AnyQuery {
    return queryOf(this).withDeleted();
  }

  static onlyDeleted(): AnyQuery {
    return queryOf(this).onlyDeleted();
  }

  static bulkDelete(rows: readonly object[], options?: DeleteOptions): Promise<number> {
    return writesOf(this).bulkDelete(this, rows, options);
  }

  static async upsert(values: Values, options: UpsertOptions): Promise<object> {
    const target = { model: this, using: bound(this), operation: "upsert" };
    const [row] = await writesOf(this).bulkUpsert(target, [values], options);
    return row!;
  }

  static bulkUpsert(rows: readonly Values[], options: BulkUpsertOptions): Promise<object[]> {
    const target = { model: this, using: bound(this), operation: "bulkUpsert" };
    return writesOf(this).bulkUpsert(target, rows, options);
  }

  static updateWhere(
    where: unknown,
    values: Values,
    options: WriteOptions = {},
  ): Promise<object[] | number> {
    return writesOf(this).updateQuery(filteredState(this, [where]), values, options);
  }

  static deleteWhere(
    where: unknown,
    options: WriteOptions = {},
  ): Promise<object[] | number> {
    return writesOf(this).deleteQuery(filteredState(this, [where]), options);
  }

  static increment(where: unknown, amounts: Values, options?: RunOptions): Promise<number> {
    return writesOf(this).increment(filteredState(this, [where]), amounts, 1, options);
  }

  static decrement(where: unknown, amounts: Values, options?: RunOptions): Promise<number> {
    return writesOf(this).increment(filteredState(this, [where]), amounts, -1, options);
  }

  static async getOrCreate(
    values: Values,
    defaults: Values = {},
    options?: RunOptions,
  ): Promise<Created<object>> {
    const target = { model: this, using: bound(this), operation: "getOrCreate" };
    const session = sessionFor(this.meta.database, target.using);
    const state = filteredState(this, [equalTo(values)]);
    return await getOrCreate(
      // a replica may not have the row that the insert then meets
      () => getOrNull(state, loader, options, target.operation, session),
      () => writesOf(this).insertUnlessThere(target, { ...values, ...defaults }, options),
      this.meta,
    );
  }

  static async updateOrCreate(
    values: Values,
    changes: Values,
    options?: RunOptions,
  ): Promise<Created<object>> {
    const target = { model: this, using: bound(this), operation: "updateOrCreate" };
    return await together(target, async (tx) => {
      const model = this.using(tx) as typeof ModelBase;
      const result = await getOrCreate(
        () => filtered(model, [equalTo(values)]).forUpdate().getOrNull(options),
        () =>
          writesOf(model).insertUnlessThere(
            { ...target, model, using: tx },
            { ...values, ...changes },
            options,
          ),
        this.meta,
      );
      if (!result.created) await writesOf(model).update(result.row, changes, options);
      return result;
    });
  }

  save(options?: RunOptions): Promise<void> {
    return writesOfRow(this).save(this, options);
  }

  async update(values: Values, options?: RunOptions): Promise<this> {
    await writesOfRow(this).update(this, values, options);
    return this;
  }

  delete(options?: DeleteOptions): Promise<boolean> {
    return writesOfRow(this).deleteRow(this, options);
  }

  restore(options?: RunOptions): Promise<boolean> {
    return writesOfRow(this).restoreRow(this, options);
  }

  async refresh(options?: RunOptions): Promise<this> {
    await refresh(this, options);
    return this;
  }

  addM2m(name: string, ...targets: readonly unknown[]): Promise<number> {
    return writesOfRow(this).addM2m(this, name, targets);
  }

  removeM2m(name: string, ...targets: readonly unknown[]): Promise<number> {
    return writesOfRow(this).removeM2m(this, name, targets);
  }

  async setM2m(
    name: string,
    targets: readonly unknown[],
    options?: RunOptions,
  ): Promise<void> {
    await writesOfRow(this).setM2m(this, name, targets, options);
  }

  clearM2m(name: string, options?: RunOptions): Promise<number> {
    return writesOfRow(this).clearM2m(this, name, options);
  }
}
