import type { IndexKey, IndexObject } from "../../src/catalog/types.ts";
import type { DdlOf, Surroundings } from "./ddl_kind.ts";
import { changedSettings } from "./index_settings.ts";
import { locks, relationIdentity, statement } from "./make.ts";
import { ident, idents, parameters, qualified } from "./quote.ts";
import type { DdlStatement } from "./statement.ts";

function keyText(key: IndexKey): string {
  const collation = key.collation === null
    ? ""
    : ` COLLATE ${qualified(key.collation.schema, key.collation.name)}`;
  const options = Object.keys(key.opclassOptions).length === 0
    ? ""
    : ` (${parameters(key.opclassOptions)})`;
  const opclass = key.opclass === null
    ? ""
    : ` ${qualified(key.opclass.schema, key.opclass.name)}${options}`;
  const nulls = key.nulls === (key.descending ? "first" : "last")
    ? ""
    : ` NULLS ${key.nulls.toUpperCase()}`;
  return `${key.column === null ? key.expression : ident(key.column)}${collation}${opclass}${
    key.descending ? " DESC" : ""
  }${nulls}`;
}

/** Whether the definition cannot be put together from its parts: the class of a key has options but no name. */
function isOdd(one: IndexObject): boolean {
  return one.keys.some((key) => key.opclass === null && Object.keys(key.opclassOptions).length > 0);
}

function createText(one: IndexObject, words: { concurrently: boolean; only: boolean }): string {
  if (isOdd(one)) return one.definition;
  return [
    `CREATE ${one.unique ? "UNIQUE " : ""}INDEX`,
    words.concurrently ? "CONCURRENTLY" : "",
    `${ident(one.name)} ON`,
    words.only ? "ONLY" : "",
    `${qualified(one.schema, one.table)} USING ${ident(one.method)}`,
    `(${one.keys.map(keyText).join(", ")})`,
    one.include.length === 0 ? "" : `INCLUDE (${idents(one.include)})`,
    one.nullsNotDistinct ? "NULLS NOT DISTINCT" : "",
    Object.keys(one.storage).length === 0 ? "" : `WITH (${parameters(one.storage)})`,
    one.tablespace === null ? "" : `TABLESPACE ${ident(one.tablespace)}`,
    one.where === null ? "" : `WHERE ${one.where}`,
  ].filter((part) => part !== "").join(" ");
}

function isPartitioned(one: IndexObject, around: Surroundings): boolean {
  const table = around.catalog.objects.get(relationIdentity(one));
  return table?.kind === "table" && table.partitionBy !== null;
}

/** Ties the index of a partition to the index of its parent. */
export function attachIndex(
  parent: { readonly schema: string; readonly name: string },
  child: { readonly schema: string; readonly name: string; readonly table: string },
): DdlStatement {
  return statement(
    `ALTER INDEX ${qualified(parent.schema, parent.name)} ATTACH PARTITION ${
      qualified(child.schema, child.name)
    }`,
    locks("ACCESS SHARE", relationIdentity(child)),
  );
}

function details(
  one: IndexObject,
  before: Readonly<Record<string, number>>,
): DdlStatement[] {
  const numbers = new Set([...Object.keys(before), ...Object.keys(one.statistics)]);
  return [...numbers].filter((at) => before[at] !== one.statistics[at]).map((at) =>
    statement(
      `ALTER INDEX ${qualified(one.schema, one.name)} ALTER COLUMN ${Number(at)} SET STATISTICS ${
        one.statistics[at] ?? -1
      }`,
    )
  );
}

/** How indexes are written. What changes an index alone takes no lock on its table. */
export const indexes: DdlOf<IndexObject> = {
  create: (one, around) => {
    const table = relationIdentity(one);
    const isOld = around.isOld(table);
    const parted = isPartitioned(one, around);
    const concurrently = around.safe && isOld && !parted && !isOdd(one);
    const only = parted && around.hasPartitions(one.schema, one.table);
    return [
      statement(createText(one, { concurrently, only }), {
        ...locks(concurrently ? "SHARE UPDATE EXCLUSIVE" : "SHARE", table),
        scans: isOld && !only,
        transactional: !concurrently,
        note: concurrently ? "If it fails it leaves an invalid index to be dropped" : null,
      }),
      ...details(one, {}),
    ];
  },
  drop: (one, around) => {
    const concurrently = around.safe && around.isOld(relationIdentity(one)) &&
      !isPartitioned(one, around) && one.parent === null;
    return [
      statement(
        `DROP INDEX ${concurrently ? "CONCURRENTLY " : ""}${qualified(one.schema, one.name)}`,
        {
          ...locks(
            concurrently ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE",
            relationIdentity(one),
          ),
          transactional: !concurrently,
        },
      ),
    ];
  },
  alter: (
    before,
    after,
  ) => [...changedSettings(before, after), ...details(after, before.statistics)],
  rename: (before, after) => [
    statement(
      `ALTER INDEX ${qualified(before.schema, before.name)} RENAME TO ${ident(after.name)}`,
    ),
  ],
};
