import { identityOf } from "../../src/catalog/identity.ts";
import type { MaterializedViewObject, ViewObject } from "../../src/catalog/types.ts";
import type { DdlOf } from "./ddl_kind.ts";
import { locks, statement } from "./make.ts";
import { ident, parameterName, parameters, qualified } from "./quote.ts";
import type { DdlStatement } from "./statement.ts";

/** The query without the semicolon that the server prints at its end. */
const queryOf = (one: { readonly definition: string }): string =>
  one.definition.trimEnd().replace(/;$/, "").trim();

function createView(one: ViewObject, word: string): DdlStatement {
  const options = Object.keys(one.options).length === 0 ? "" : ` WITH (${parameters(one.options)})`;
  return statement(`${word} ${qualified(one.schema, one.name)}${options} AS ${queryOf(one)}`);
}

/** How views are written. One whose columns stay is replaced in place. */
export const views: DdlOf<ViewObject> = {
  create: (one) => [createView(one, "CREATE VIEW")],
  drop: (one) => [
    statement(
      `DROP VIEW ${qualified(one.schema, one.name)}`,
      locks("ACCESS EXCLUSIVE", identityOf(one)),
    ),
  ],
  alter: (before, after) => {
    if (queryOf(before) !== queryOf(after)) {
      return [{
        ...createView(after, "CREATE OR REPLACE VIEW"),
        ...locks("ACCESS EXCLUSIVE", identityOf(after)),
      }];
    }
    const name = qualified(after.schema, after.name);
    const lock = locks("ACCESS EXCLUSIVE", identityOf(after));
    const gone = Object.keys(before.options).filter((one) => !Object.hasOwn(after.options, one));
    const isSet = JSON.stringify(before.options) !== JSON.stringify(after.options);
    return [
      ...(gone.length === 0
        ? []
        : [statement(`ALTER VIEW ${name} RESET (${gone.map(ident).join(", ")})`, lock)]),
      ...(isSet && Object.keys(after.options).length > 0
        ? [statement(`ALTER VIEW ${name} SET (${parameters(after.options)})`, lock)]
        : []),
    ];
  },
  rename: (before, after) => [
    statement(
      `ALTER VIEW ${qualified(before.schema, before.name)} RENAME TO ${ident(after.name)}`,
      locks("ACCESS EXCLUSIVE", identityOf(before)),
    ),
  ],
};

/** Chooses the index that CLUSTER uses on a materialized view. */
export function viewCluster(one: MaterializedViewObject): DdlStatement {
  return statement(
    `ALTER MATERIALIZED VIEW ${qualified(one.schema, one.name)} ${
      one.clusterOn === null ? "SET WITHOUT CLUSTER" : `CLUSTER ON ${ident(one.clusterOn)}`
    }`,
    locks("SHARE UPDATE EXCLUSIVE", identityOf(one)),
  );
}

/** How materialized views are written. */
export const materializedViews: DdlOf<MaterializedViewObject> = {
  create: (one) => {
    const method = one.accessMethod === null || one.accessMethod === "heap"
      ? ""
      : ` USING ${ident(one.accessMethod)}`;
    const storage = Object.keys(one.storage).length === 0
      ? ""
      : ` WITH (${parameters(one.storage)})`;
    const space = one.tablespace === null ? "" : ` TABLESPACE ${ident(one.tablespace)}`;
    return [
      statement(
        `CREATE MATERIALIZED VIEW ${
          qualified(one.schema, one.name)
        }${method}${storage}${space} AS ${queryOf(one)} WITH ${one.populated ? "" : "NO "}DATA`,
        { scans: one.populated, note: one.populated ? "Runs its query" : null },
      ),
    ];
  },
  drop: (one) => [
    statement(
      `DROP MATERIALIZED VIEW ${qualified(one.schema, one.name)}`,
      locks("ACCESS EXCLUSIVE", identityOf(one)),
    ),
  ],
  alter: (before, after) => {
    const alter = `ALTER MATERIALIZED VIEW ${qualified(after.schema, after.name)}`;
    const lock = locks("ACCESS EXCLUSIVE", identityOf(after));
    const steps: DdlStatement[] = [];
    const gone = Object.keys(before.storage).filter((one) => !Object.hasOwn(after.storage, one));
    if (gone.length > 0) {
      steps.push(statement(`${alter} RESET (${gone.map(parameterName).join(", ")})`, lock));
    }
    const isSet = JSON.stringify(before.storage) !== JSON.stringify(after.storage);
    if (isSet && Object.keys(after.storage).length > 0) {
      steps.push(statement(`${alter} SET (${parameters(after.storage)})`, lock));
    }
    if (before.accessMethod !== after.accessMethod && after.accessMethod !== null) {
      steps.push(
        statement(`${alter} SET ACCESS METHOD ${ident(after.accessMethod)}`, {
          ...lock,
          rewrites: true,
        }),
      );
    }
    if (before.tablespace !== after.tablespace) {
      steps.push(
        statement(`${alter} SET TABLESPACE ${ident(after.tablespace ?? "pg_default")}`, {
          ...lock,
          rewrites: true,
        }),
      );
    }
    if (before.populated !== after.populated) {
      steps.push(
        statement(
          `REFRESH MATERIALIZED VIEW ${qualified(after.schema, after.name)} WITH ${
            after.populated ? "" : "NO "
          }DATA`,
          { ...lock, rewrites: true },
        ),
      );
    }
    return steps;
  },
  rename: (before, after) => [
    statement(
      `ALTER MATERIALIZED VIEW ${qualified(before.schema, before.name)} RENAME TO ${
        ident(after.name)
      }`,
      locks("ACCESS EXCLUSIVE", identityOf(before)),
    ),
  ],
};
