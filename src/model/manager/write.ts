/** The manager of a table, untyped inside; `types.ts` says what users see. */
import type { RunOptions } from "../../driver/port.ts";
import { checkRun } from "../../query/run_options.ts";
import type { DeleteOptions } from "../../query/types.ts";
import type { ModelBase } from "../base.ts";
import type { BulkCreateOptions, BulkUpsertOptions, UpsertOptions } from "../bulk.ts";
import { checked, type InputKind, type Values, whereKey } from "./input.ts";
import {
  give,
  giveAll,
  type Given,
  ReadManagerBase,
  runOptions,
  settingsOf,
  start,
} from "./read.ts";

type Row = InstanceType<typeof ModelBase>;

/** The class that managers of tables extend. */
export class ManagerBase extends ReadManagerBase {
  async createItem(values: Values, options?: Given): Promise<object> {
    checkRun("createItem()", options, ["view"]);
    const model = await start<typeof ModelBase>(this);
    const [ready] = await readyToCreate(this, [values]);
    const item = await give(this, await model.create(ready!, runOptions(options)), options);
    await this.afterCreate(item);
    return item;
  }

  async createItems(
    rows: readonly Values[],
    options?: Given & BulkCreateOptions,
  ): Promise<object[]> {
    const model = await start<typeof ModelBase>(this);
    const ready = await readyToCreate(this, rows);
    const made = await model.bulkCreate(ready, runOptions(options));
    const items = await giveAll(this, made, options);
    for (const item of items) await this.afterCreate(item);
    return items;
  }

  async updateItem(key: unknown, values: Values, options?: Given): Promise<object> {
    checkRun("updateItem()", options, ["view"]);
    const where = whereKey(this.model.meta, key);
    const [given] = await checkedRows(this, "update", [values]);
    const model = await start<typeof ModelBase>(this);
    const row = await model.get(where, runOptions(options)) as Row;
    const changed = await this.beforeUpdate(row, given!);
    const [ready] = changed === undefined ? [given] : await checkedRows(this, "update", [changed]);
    await row.update(ready!, runOptions(options));
    const item = await give(this, row, options);
    await this.afterUpdate(item);
    return item;
  }

  async updateItems(
    items: readonly object[],
    fields: readonly string[],
    options?: RunOptions & { readonly batchSize?: number },
  ): Promise<number> {
    const model = await start<typeof ModelBase>(this);
    for (const item of items) {
      const values = Object.fromEntries(fields.map((name) => [name, Reflect.get(item, name)]));
      const [given] = await checkedRows(this, "update", [values]);
      const changed = await this.beforeUpdate(item, given!);
      if (changed !== undefined) Object.assign(item, changed);
    }
    const count = await model.bulkUpdate(items, fields, options);
    for (const item of items) await this.afterUpdate(item);
    return count;
  }

  async deleteItem(key: unknown, options?: DeleteOptions): Promise<true> {
    const where = whereKey(this.model.meta, key);
    const model = await start<typeof ModelBase>(this);
    const { hard: _, ...run } = options ?? {};
    const row = await model.get(where, runOptions(run)) as Row;
    await this.beforeDelete(row);
    await row.delete(options);
    await this.afterDelete(row);
    return true;
  }

  async deleteItems(items: readonly object[], options?: DeleteOptions): Promise<number> {
    const model = await start<typeof ModelBase>(this);
    for (const item of items) await this.beforeDelete(item);
    const count = await model.bulkDelete(items, options);
    for (const item of items) await this.afterDelete(item);
    return count;
  }

  async upsertItem(values: Values, options: Given & UpsertOptions): Promise<object> {
    const model = await start<typeof ModelBase>(this);
    const [ready] = await checkedRows(this, "insert", [values]);
    return await give(
      this,
      await model.upsert(ready!, runOptions(options) as UpsertOptions),
      options,
    );
  }

  async upsertItems(
    rows: readonly Values[],
    options: Given & BulkUpsertOptions,
  ): Promise<object[]> {
    const model = await start<typeof ModelBase>(this);
    const ready = await checkedRows(this, "insert", rows);
    return await giveAll(
      this,
      await model.bulkUpsert(ready, runOptions(options) as BulkUpsertOptions),
      options,
    );
  }

  async updateWhere(where: unknown, values: Values, options?: RunOptions): Promise<number> {
    const [ready] = await checkedRows(this, "update", [values]);
    const model = await start<typeof ModelBase>(this);
    return await model.updateWhere(where, ready!, options) as number;
  }

  async deleteWhere(where: unknown, options?: DeleteOptions): Promise<number> {
    const model = await start<typeof ModelBase>(this);
    return await model.deleteWhere(where, options) as number;
  }

  async getOrCreate(values: Values, defaults: Values = {}, options?: Given): Promise<object> {
    checkRun("getOrCreate()", options, ["view"]);
    const model = await start<typeof ModelBase>(this);
    await checkedRows(this, "update", [{ ...values, ...defaults }]);
    const { row } = await model.getOrCreate(values, defaults, runOptions(options));
    return await give(this, row, options);
  }

  async addM2m(key: unknown, name: string, ...targets: readonly unknown[]): Promise<number> {
    return await (await rowOf(this, key)).addM2m(name, ...targets);
  }

  async removeM2m(key: unknown, name: string, ...targets: readonly unknown[]): Promise<number> {
    return await (await rowOf(this, key)).removeM2m(name, ...targets);
  }

  async setM2m(
    key: unknown,
    name: string,
    targets: readonly unknown[],
    options?: RunOptions,
  ): Promise<void> {
    await (await rowOf(this, key, options)).setM2m(name, targets, options);
  }

  async clearM2m(key: unknown, name: string, options?: RunOptions): Promise<number> {
    return await (await rowOf(this, key, options)).clearM2m(name, options);
  }

  beforeCreate(_values: Values): Promise<Values | void> | Values | void {}

  afterCreate(_item: object): Promise<void> | void {}

  beforeUpdate(_item: object, _values: Values): Promise<Values | void> | Values | void {}

  afterUpdate(_item: object): Promise<void> | void {}

  beforeDelete(_item: object): Promise<void> | void {}

  afterDelete(_item: object): Promise<void> | void {}
}

async function rowOf(manager: ManagerBase, key: unknown, options?: RunOptions): Promise<Row> {
  const where = whereKey(manager.model.meta, key);
  const model = await start<typeof ModelBase>(manager);
  return await model.get(where, options) as Row;
}

function checkedRows(
  manager: ManagerBase,
  kind: InputKind,
  rows: readonly Values[],
): Promise<readonly Values[]> {
  const { model: { meta }, validation } = settingsOf(manager);
  return checked(meta, validation, kind, rows);
}

/** The values as the hook and the schema leave them. */
async function readyToCreate(
  manager: ManagerBase,
  rows: readonly Values[],
): Promise<readonly Values[]> {
  const changed: Values[] = [];
  for (const values of rows) changed.push(await manager.beforeCreate(values) ?? values);
  return await checkedRows(manager, "insert", changed);
}
