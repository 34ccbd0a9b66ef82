/** What acts on tables: triggers, rules, policies, extended statistics. */
import { identity } from "../../src/catalog/identity.ts";
import type {
  PolicyObject,
  RuleObject,
  StatisticsObject,
  TriggerObject,
} from "../../src/catalog/types.ts";
import type { DdlOf } from "./ddl_kind.ts";
import { locks, relationIdentity, statement } from "./make.ts";
import { ident, qualified, role } from "./quote.ts";
import type { DdlStatement } from "./statement.ts";

type Part = { readonly schema: string; readonly table: string; readonly name: string };

const ENABLE: Readonly<Record<TriggerObject["enabled"], string>> = {
  origin: "ENABLE",
  always: "ENABLE ALWAYS",
  replica: "ENABLE REPLICA",
  disabled: "DISABLE",
};

const enable = (word: "TRIGGER" | "RULE", one: TriggerObject | RuleObject): DdlStatement =>
  statement(
    `ALTER TABLE ${qualified(one.schema, one.table)} ${ENABLE[one.enabled]} ${word} ${
      ident(one.name)
    }`,
    locks(word === "RULE" ? "ACCESS EXCLUSIVE" : "SHARE ROW EXCLUSIVE", relationIdentity(one)),
  );

const drop = (word: string) => (one: Part): DdlStatement[] => [
  statement(
    `DROP ${word} ${ident(one.name)} ON ${qualified(one.schema, one.table)}`,
    locks("ACCESS EXCLUSIVE", relationIdentity(one)),
  ),
];

const renamePart = (word: string) => (before: Part, after: Part): DdlStatement[] => [
  statement(
    `ALTER ${word} ${ident(before.name)} ON ${qualified(after.schema, after.table)} RENAME TO ${
      ident(after.name)
    }`,
    locks("ACCESS EXCLUSIVE", relationIdentity(after)),
  ),
];

/** How triggers are written. */
export const triggers: DdlOf<TriggerObject> = {
  create: (one) => [
    statement(one.definition, locks("SHARE ROW EXCLUSIVE", relationIdentity(one))),
    ...(one.enabled === "origin" ? [] : [enable("TRIGGER", one)]),
  ],
  drop: drop("TRIGGER"),
  alter: (before, after) => before.enabled === after.enabled ? [] : [enable("TRIGGER", after)],
  rename: renamePart("TRIGGER"),
};

/** How rules are written. */
export const rules: DdlOf<RuleObject> = {
  create: (one) => [
    statement(
      one.definition.trimEnd().replace(/;$/, ""),
      locks("ACCESS EXCLUSIVE", relationIdentity(one)),
    ),
    ...(one.enabled === "origin" ? [] : [enable("RULE", one)]),
  ],
  drop: drop("RULE"),
  alter: (before, after) => before.enabled === after.enabled ? [] : [enable("RULE", after)],
  rename: renamePart("RULE"),
};

const conditions = (one: PolicyObject): string =>
  `${one.using === null ? "" : ` USING (${one.using})`}${
    one.check === null ? "" : ` WITH CHECK (${one.check})`
  }`;

/** How policies are written. */
export const policies: DdlOf<PolicyObject> = {
  create: (one) => [
    statement(
      `CREATE POLICY ${ident(one.name)} ON ${qualified(one.schema, one.table)}${
        one.permissive ? "" : " AS RESTRICTIVE"
      } FOR ${one.command.toUpperCase()} TO ${one.roles.map(role).join(", ")}${conditions(one)}`,
      locks("ACCESS EXCLUSIVE", relationIdentity(one)),
    ),
  ],
  drop: drop("POLICY"),
  alter: (before, after) => {
    const roles = before.roles.join("\0") === after.roles.join("\0")
      ? ""
      : ` TO ${after.roles.map(role).join(", ")}`;
    const changed = before.using !== after.using || before.check !== after.check;
    if (roles === "" && !changed) return [];
    return [
      statement(
        `ALTER POLICY ${ident(after.name)} ON ${qualified(after.schema, after.table)}${roles}${
          changed ? conditions(after) : ""
        }`,
        locks("ACCESS EXCLUSIVE", relationIdentity(after)),
      ),
    ];
  },
  rename: renamePart("POLICY"),
};

const target = (one: StatisticsObject): DdlStatement =>
  statement(
    `ALTER STATISTICS ${qualified(one.schema, one.name)} SET STATISTICS ${one.target ?? -1}`,
  );

/** How extended statistics are written. */
export const statistics: DdlOf<StatisticsObject> = {
  create: (one) => [
    statement(
      one.definition,
      locks("SHARE UPDATE EXCLUSIVE", identity("table", [one.table.schema, one.table.name])),
    ),
    ...(one.target === null ? [] : [target(one)]),
  ],
  drop: (one) => [
    statement(
      `DROP STATISTICS ${qualified(one.schema, one.name)}`,
      locks("SHARE UPDATE EXCLUSIVE", identity("table", [one.table.schema, one.table.name])),
    ),
  ],
  alter: (before, after) => before.target === after.target ? [] : [target(after)],
  rename: null,
};
