/** The writes as they run while somebody listens: listeners first, then the write, then listeners. */
import { checkList } from "../errors/argument.ts";
import { makeQuery } from "../query/query.ts";
import type { QueryState } from "../query/state.ts";
import { about, type Listening, type Told } from "./listeners.ts";
import { heardRowWrites } from "./heard_row_writes.ts";
import { loader } from "./loader.ts";
import { stateOf, writerOf } from "./row_state.ts";
import type { BeforeM2mChangeEvent } from "./signal_types.ts";
import { markOf } from "./soft_delete.ts";
import { checkValues, refuseUndefined } from "./values.ts";
import { increased } from "./where_write.ts";
import { plainWrites, type Writes } from "./writes.ts";

type Values = Readonly<Record<string, unknown>>;

/** The writes of models that somebody listens to. */
export function heardWrites(listening: Listening): Writes {
  return {
    ...heardRowWrites(listening),
    ...bulkWrites(listening),
    ...queryWrites(listening),
    ...tieWrites(listening),
  };
}

function bulkWrites(
  { tell }: Listening,
): Pick<Writes, "bulkCreate" | "bulkUpsert" | "bulkUpdate" | "bulkDelete"> {
  return {
    async bulkCreate(target, given, options) {
      const rows = copies(given);
      if (rows.length === 0) return await plainWrites.bulkCreate(target, rows, options);
      const base = about(target.model, target.using, target.operation);
      await tell(["preBulkCreate"], { ...base, rows });
      const made = await plainWrites.bulkCreate(target, rows, options);
      if (made.length > 0) await tell(["postBulkCreate"], { ...base, rows: frozen(made) });
      return made;
    },
    async bulkUpsert(target, given, options) {
      const rows = copies(given);
      if (rows.length === 0 || !Array.isArray(options?.conflict)) {
        return await plainWrites.bulkUpsert(target, rows, options);
      }
      const conflict = frozen(options.conflict);
      const base = { ...about(target.model, target.using, target.operation), conflict };
      await tell(["preUpsert"], { ...base, rows });
      const made = await plainWrites.bulkUpsert(target, rows, options);
      if (made.length > 0) await tell(["postUpsert"], { ...base, rows: frozen(made) });
      return made;
    },
    async bulkUpdate(model, rows, given, options) {
      checkList(rows, "bulkUpdate()", "a list of rows");
      const fields = [...checkList(given, "bulkUpdate()", "a list of fields")];
      const [first] = rows;
      if (first === undefined || fields.length === 0) {
        return await plainWrites.bulkUpdate(model, rows, fields, options);
      }
      const base = { ...about(model, writerOf(stateOf(first)), "bulkUpdate"), rows: frozen(rows) };
      await tell(["preBulkUpdate"], { ...base, fields });
      const count = await plainWrites.bulkUpdate(model, rows, fields, options);
      await tell(["postBulkUpdate"], { ...base, fields: frozen(fields), count });
      return count;
    },
    async bulkDelete(model, rows, options) {
      checkList(rows, "bulkDelete()", "a list of rows");
      const [first] = rows;
      if (first === undefined) return await plainWrites.bulkDelete(model, rows, options);
      const event = {
        ...about(model, writerOf(stateOf(first)), "bulkDelete"),
        rows: frozen(rows),
        hard: markOf(model.meta, options?.hard) === null,
      };
      await tell(["preBulkDelete"], event);
      const count = await plainWrites.bulkDelete(model, rows, options);
      await tell(["postBulkDelete"], { ...event, count });
      return count;
    },
  };
}

/** Copies of the values that a call gives: handlers change these, never the caller's own. */
function copies(rows: readonly Values[]): Record<string, unknown>[] {
  return checkList(rows, "A bulk insert", "a list of rows").map((row) => ({ ...checkValues(row) }));
}

function frozen<Item>(items: readonly Item[]): readonly Item[] {
  return Object.freeze([...items]);
}

function queryWrites(
  { tell }: Listening,
): Pick<Writes, "updateQuery" | "deleteQuery" | "increment"> {
  const told = (state: QueryState, operation: string): Told => ({
    ...about(state.model, state.using, operation),
    query: makeQuery(state, loader),
  });
  const updated = async (
    state: QueryState,
    given: Values,
    operation: string,
    write: (values: Values) => Promise<object[] | number>,
  ): Promise<object[] | number> => {
    const values = { ...given };
    const base = told(state, operation);
    await tell(["preUpdateWhere"], { ...base, values });
    const result = await write(values);
    await tell(["postUpdateWhere"], {
      ...{ ...base, ...outcome(result) },
      values: Object.freeze(values),
    });
    return result;
  };
  return {
    async updateQuery(state, values, options) {
      refuseUndefined(values);
      return await updated(
        state,
        values,
        "updateWhere",
        (changed) => plainWrites.updateQuery(state, changed, options),
      );
    },
    async increment(state, amounts, sign, options) {
      const values = increased(state.model.meta, amounts, sign);
      const operation = sign === 1 ? "increment" : "decrement";
      return await updated(
        state,
        values,
        operation,
        (changed) => plainWrites.updateQuery(state, changed, options ?? {}, operation),
      ) as number;
    },
    async deleteQuery(state, options) {
      const hard = markOf(state.model.meta, options?.hard) === null;
      const event = { ...told(state, "deleteWhere"), hard };
      await tell(["preDeleteWhere"], event);
      const result = await plainWrites.deleteQuery(state, options);
      await tell(["postDeleteWhere"], { ...event, ...outcome(result) });
      return result;
    },
  };
}

function outcome(
  result: object[] | number,
): { readonly count: number; readonly rows: readonly object[] | null } {
  return typeof result === "number"
    ? { count: result, rows: null }
    : { count: result.length, rows: frozen(result) };
}

type Action = BeforeM2mChangeEvent<unknown>["action"];

function tieWrites(
  { tell }: Listening,
): Pick<Writes, "addM2m" | "removeM2m" | "setM2m" | "clearM2m"> {
  const told = async (
    row: object,
    relation: string,
    action: Action,
    targets: readonly unknown[],
    write: () => Promise<number>,
  ): Promise<number> => {
    const state = stateOf(row);
    const event = {
      ...about(state.model, writerOf(state), `${action}M2m`),
      ...{ row, relation, action, targets: frozen(targets) },
    };
    await tell(["preM2mChange"], event);
    const count = await write();
    await tell(["postM2mChange"], { ...event, count });
    return count;
  };
  return {
    async addM2m(row, name, targets, options) {
      const write = () => plainWrites.addM2m(row, name, targets, options);
      return targets.length === 0 ? await write() : await told(row, name, "add", targets, write);
    },
    async removeM2m(row, name, targets, options) {
      const write = () => plainWrites.removeM2m(row, name, targets, options);
      return targets.length === 0 ? await write() : await told(row, name, "remove", targets, write);
    },
    async setM2m(row, name, targets, options) {
      const write = () => plainWrites.setM2m(row, name, targets, options);
      checkList(targets, "setM2m()", "a list of rows or keys");
      return await told(row, name, "set", targets, write);
    },
    async clearM2m(row, name, options) {
      const write = () => plainWrites.clearM2m(row, name, options);
      return await told(row, name, "clear", [], write);
    },
  };
}
