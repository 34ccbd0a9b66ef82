/** Writes to the junction table of a many-to-many relation. */
import { and, binary, column, constant, item, param, select } from "../ast/make.ts";
import type { Expression, SelectNode, StatementNode, TableNode } from "../ast/nodes.ts";
import { keySource } from "./batch.ts";
import { compile } from "../compile/compile.ts";
import type { RunOptions } from "../driver/port.ts";
import { RelationError } from "../errors/base.ts";
import type { Caller } from "../execute/origin.ts";
import { sessionFor, type Transaction, type Using } from "../execute/session.ts";
import { transaction } from "../execute/transaction.ts";
import type { ManyToManyRelation } from "../schema/relation_meta.ts";
import type { Touch } from "./cache/contract.ts";
import { runWrite } from "./cache/gate.ts";
import { touchAny } from "./cache/touch.ts";
import { relationOfRow } from "./fetch.ts";
import { metaOfRow, stateOf, writerOf } from "./row_state.ts";
import { encodedValue, keyTexts } from "./values.ts";

type Key = readonly string[];

/** One side of a write: the relation, this row's key, and where it runs. */
interface Tie {
  readonly relation: ManyToManyRelation;
  readonly source: Key;
  readonly database: string | null;
  readonly using: Using | null;
  readonly caller: Caller;
  readonly options: RunOptions | undefined;
}

/** Ties rows to this one; those that are tied already stay so. Gives how many ties were made. */
export async function addM2m(
  row: object,
  name: string,
  targets: readonly unknown[],
  options?: RunOptions,
): Promise<number> {
  const tie = tieOf(row, name, "addM2m", options);
  const keys = targetKeys(tie, targets);
  const added = await insertTies(tie, keys);
  forget(row, name);
  return added;
}

/** Unties rows from this one. Gives how many ties there were. */
export async function removeM2m(
  row: object,
  name: string,
  targets: readonly unknown[],
  options?: RunOptions,
): Promise<number> {
  const tie = tieOf(row, name, "removeM2m", options);
  const keys = targetKeys(tie, targets);
  if (keys.length === 0) return 0;
  const removed = await deleteTies(tie, anyOf(tie, keys));
  forget(row, name);
  return removed;
}

/** Unties every row from this one. Gives how many ties there were. */
export async function clearM2m(row: object, name: string, options?: RunOptions): Promise<number> {
  const removed = await deleteTies(tieOf(row, name, "clearM2m", options), null);
  forget(row, name);
  return removed;
}

/**
 * Ties exactly these rows to this one, in one transaction; ties that stay are not touched. Gives how many
 * ties were made or taken away.
 */
export async function setM2m(
  row: object,
  name: string,
  targets: readonly unknown[],
  options?: RunOptions,
): Promise<number> {
  const tie = tieOf(row, name, "setM2m", options);
  const keys = targetKeys(tie, targets);
  const session = sessionFor(tie.database, tie.using);
  const replace = async (tx: Transaction): Promise<number> => {
    const inside = { ...tie, using: tx };
    const removed = await deleteTies(inside, { kind: "not", item: anyOf(tie, keys) });
    return removed + await insertTies(inside, keys);
  };
  const changed = session.transaction !== null
    ? await session.transaction.savepoint(replace)
    : await transaction(replace, { database: session.database });
  forget(row, name);
  return changed;
}

function tieOf(
  row: object,
  name: string,
  action: string,
  options: RunOptions | undefined,
): Tie {
  const relation = relationOfRow(row, name, "m2m") as ManyToManyRelation;
  const source = relation.local.map((one) => encodedValue(row, one));
  const state = stateOf(row);
  return {
    relation,
    source: complete(source, name),
    database: metaOfRow(row).database,
    using: writerOf(state),
    caller: { model: state.model, operation: `${action}.${name}` },
    options,
  };
}

function targetKeys(tie: Tie, targets: readonly unknown[]): Key[] {
  const { relation } = tie;
  const keys = targets.map((target) =>
    complete(keyTexts(relation.target.meta, relation.remote, target), relation.name)
  );
  return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
}

function complete(key: readonly (string | null)[], name: string): Key {
  if (key.every((part) => part !== null)) return key;
  throw new RelationError(`Cannot tie rows by "${name}": a key is NULL`, {
    code: "incomplete_key",
    hint: "Save the row first",
  });
}

/** Inserts what is not there yet, whether or not the junction has a key of its own. */
async function insertTies(tie: Tie, keys: readonly Key[]): Promise<number> {
  if (keys.length === 0) return 0;
  const { relation: { through, name } } = tie;
  for (const { target, source } of sharedColumns(tie)) {
    if (keys.every((key) => key[target] === tie.source[source])) continue;
    throw new RelationError(
      `Cannot tie rows by "${name}": both keys share a column and differ in it`,
      {
        code: "incompatible_keys",
        hint: `The junction has one "${through.target[target]}" for both rows`,
      },
    );
  }
  return await run(tie, {
    kind: "insert",
    into: junction(tie, null),
    columns: [...new Set([...through.source, ...through.target])],
    rows: [],
    query: missingTies(tie, keys),
    onConflict: { action: "nothing", target: [] },
    returning: [],
  });
}

/** The columns of the junction that are of both keys, as a tenant's often is: their places in each. */
function sharedColumns(tie: Tie): { readonly target: number; readonly source: number }[] {
  const { source, target } = tie.relation.through;
  return target.map((name, index) => ({ target: index, source: source.indexOf(name) }))
    .filter((shared) => shared.source >= 0);
}

function missingTies(tie: Tie, keys: readonly Key[]): SelectNode {
  const { relation: { local, remote } } = tie;
  const shared = new Set(sharedColumns(tie).map((one) => one.target));
  const present = select({
    columns: [item(constant(1))],
    from: junction(tie, "j"),
    where: and([...sourceEquals(tie, "j"), ...keyEquals(tie)]),
  });
  return select({
    columns: [
      ...local.map((one, index) =>
        item({ kind: "cast", item: param(tie.source[index]!), type: one.type } as const)
      ),
      ...remote.map((_, index) => item(column("k", `key${index}`)))
        .filter((_, index) => !shared.has(index)),
    ],
    from: keySource(tie.relation.remote, keys),
    where: { kind: "not", item: { kind: "exists", query: present } },
  });
}

async function deleteTies(tie: Tie, which: Expression | null): Promise<number> {
  const own = sourceEquals(tie, "j");
  return await run(tie, {
    kind: "delete",
    from: junction(tie, "j"),
    where: and(which === null ? own : [...own, which]),
    returning: [],
  });
}

function sourceEquals(tie: Tie, alias: string): Expression[] {
  return tie.relation.through.source.map((name, index) =>
    binary("eq", column(alias, name), param(tie.source[index]!))
  );
}

function keyEquals(tie: Tie): Expression[] {
  return tie.relation.through.target.map((name, index) =>
    binary("eq", column("j", name), column("k", `key${index}`))
  );
}

function anyOf(tie: Tie, keys: readonly Key[]): Expression {
  const found = select({
    columns: [item(constant(1))],
    from: keySource(tie.relation.remote, keys),
    where: and(keyEquals(tie)),
  });
  return { kind: "exists", query: found };
}

function junction(tie: Tie, alias: string | null): TableNode {
  const { schema, table } = tie.relation.through;
  return { kind: "table", schema, name: table, alias };
}

function forget(row: object, name: string): void {
  stateOf(row).related?.delete(name);
}

async function run(tie: Tie, node: StatementNode): Promise<number> {
  const session = sessionFor(tie.database, tie.using);
  const touches = (): readonly Touch[] => [touchAny(tie.relation.through)];
  const rows = await runWrite(session, compile(node), tie.options, tie.caller, touches);
  return rows.affected;
}
