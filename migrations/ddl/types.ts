/** Enums, domains, composite types and ranges. */
import type {
  CompositeObject,
  DomainObject,
  EnumObject,
  RangeObject,
} from "../../src/catalog/types.ts";
import type { DdlOf, Surroundings } from "./ddl_kind.ts";
import { commentOn, locks, statement } from "./make.ts";
import { ident, literal, qualified } from "./quote.ts";
import type { DdlStatement } from "./statement.ts";
import { typeText } from "./type_text.ts";
import { identity, identityOf } from "../../src/catalog/identity.ts";

type Named = { readonly schema: string; readonly name: string };

const renameType = (before: Named, after: Named): DdlStatement[] => [
  statement(`ALTER TYPE ${qualified(before.schema, before.name)} RENAME TO ${ident(after.name)}`),
];
const dropType = (one: Named): DdlStatement[] => [
  statement(`DROP TYPE ${qualified(one.schema, one.name)}`),
];

/** How enums are written. Labels are added in place; whatever else differs needs a new type. */
export const enums: DdlOf<EnumObject> = {
  create: (one) => [
    statement(
      `CREATE TYPE ${qualified(one.schema, one.name)} AS ENUM (${
        one.labels.map(literal).join(", ")
      })`,
    ),
  ],
  drop: dropType,
  alter: (before, after) => addedLabels(before, after),
  rename: renameType,
};

function addedLabels(before: EnumObject, after: EnumObject): DdlStatement[] {
  const known = new Set(before.labels);
  return after.labels.flatMap((label, at) => {
    if (known.has(label)) return [];
    const next = after.labels.slice(at + 1).find((one) => known.has(one));
    const place = next === undefined ? "" : ` BEFORE ${literal(next)}`;
    return [
      statement(
        `ALTER TYPE ${qualified(after.schema, after.name)} ADD VALUE ${literal(label)}${place}`,
        {
          transactional: false,
          note: "The label can be used once this is committed; it cannot be taken back in place",
        },
      ),
    ];
  });
}

/** Gives a label of an enum another text. */
export function renameLabel(one: EnumObject, from: string, to: string): DdlStatement {
  return statement(
    `ALTER TYPE ${qualified(one.schema, one.name)} RENAME VALUE ${literal(from)} TO ${literal(to)}`,
  );
}

const collate = (one: { readonly collation: Named | null }): string =>
  one.collation === null ? "" : ` COLLATE ${qualified(one.collation.schema, one.collation.name)}`;

const checkClause = (check: DomainObject["checks"][number]): string =>
  `CONSTRAINT ${ident(check.name)} ${check.definition}`;

const checkComment = (one: DomainObject, check: DomainObject["checks"][number]): DdlStatement =>
  commentOn(
    `CONSTRAINT ${ident(check.name)} ON DOMAIN ${qualified(one.schema, one.name)}`,
    check.comment,
    identityOf(one),
  );

/** How domains are written. */
export const domains: DdlOf<DomainObject> = {
  create: (one) => [
    statement(
      [
        `CREATE DOMAIN ${qualified(one.schema, one.name)} AS ${typeText(one.base, one.formatted)}${
          collate(one)
        }`,
        one.default === null ? "" : `DEFAULT ${one.default}`,
        one.notNull ? "NOT NULL" : "",
        ...one.checks.filter((check) => check.validated).map(checkClause),
      ].filter((part) => part !== "").join(" "),
    ),
    ...one.checks.filter((check) => !check.validated).map((check) => addCheck(one, check)),
    ...one.checks.filter((check) => check.comment !== null).map((check) =>
      checkComment(one, check)
    ),
  ],
  drop: (one) => [statement(`DROP DOMAIN ${qualified(one.schema, one.name)}`)],
  alter: (before, after, around) => {
    const lock = ofUsers(after, around);
    const alter = `ALTER DOMAIN ${qualified(after.schema, after.name)}`;
    const steps: DdlStatement[] = [];
    if (before.default !== after.default) {
      steps.push(
        statement(
          `${alter} ${after.default === null ? "DROP DEFAULT" : `SET DEFAULT ${after.default}`}`,
        ),
      );
    }
    if (before.notNull !== after.notNull) {
      steps.push(
        statement(
          `${alter} ${after.notNull ? "SET" : "DROP"} NOT NULL`,
          after.notNull ? { ...lock, scans: true } : {},
        ),
      );
    }
    const had = new Map(before.checks.map((check) => [check.name, check]));
    const has = new Map(after.checks.map((check) => [check.name, check]));
    for (const check of before.checks) {
      const now = has.get(check.name);
      const same = now !== undefined && bodyOf(now) === bodyOf(check) &&
        (now.validated || !check.validated);
      if (!same) steps.push(statement(`${alter} DROP CONSTRAINT ${ident(check.name)}`));
      else if (now.validated && !check.validated) {
        steps.push(
          statement(`${alter} VALIDATE CONSTRAINT ${ident(check.name)}`, { ...lock, scans: true }),
        );
      }
    }
    for (const check of after.checks) {
      const old = had.get(check.name);
      const same = old !== undefined && bodyOf(old) === bodyOf(check) &&
        (check.validated || !old.validated);
      if (!same) steps.push(addCheck(after, check, lock));
      if ((same ? old.comment : null) !== check.comment) steps.push(checkComment(after, check));
    }
    return steps;
  },
  rename: (before, after) => [
    statement(
      `ALTER DOMAIN ${qualified(before.schema, before.name)} RENAME TO ${ident(after.name)}`,
    ),
  ],
};

// What pg_get_constraintdef prints ends with NOT VALID where the check is not validated.
const bodyOf = (check: DomainObject["checks"][number]): string =>
  check.validated ? check.definition : check.definition.replace(/ NOT VALID$/, "");

function addCheck(
  one: DomainObject,
  check: DomainObject["checks"][number],
  lock: Partial<DdlStatement> = {},
): DdlStatement {
  return statement(
    `ALTER DOMAIN ${qualified(one.schema, one.name)} ADD ${checkClause(check)}`,
    check.validated ? { ...lock, scans: true } : {},
  );
}

/** What looking at all values of a domain does: each table that has one is kept from writers. */
function ofUsers({ schema, name }: DomainObject, { catalog, isOld }: Surroundings) {
  for (const one of catalog.objects.values()) {
    const isOne = one.kind === "column" && one.type.schema === schema && one.type.name === name;
    if (!isOne) continue;
    const table = identity("table", [one.schema, one.table]);
    if (catalog.objects.has(table) && isOld(table)) return locks("SHARE", table);
  }
  return {};
}

type Attribute = CompositeObject["attributes"][number];

const attributeText = (one: Attribute): string =>
  `${ident(one.name)} ${typeText(one.type, one.formatted)}${collate(one)}`;

const attributeComment = (type: CompositeObject, one: Attribute): DdlStatement =>
  commentOn(
    `COLUMN ${qualified(type.schema, type.name)}.${ident(one.name)}`,
    one.comment,
    identityOf(type),
  );

/** How composite types are written. */
export const composites: DdlOf<CompositeObject> = {
  create: (one) => [
    statement(
      `CREATE TYPE ${qualified(one.schema, one.name)} AS (${
        one.attributes.map(attributeText).join(", ")
      })`,
    ),
    ...one.attributes.filter((attribute) => attribute.comment !== null).map((attribute) =>
      attributeComment(one, attribute)
    ),
  ],
  drop: dropType,
  alter: (before, after) => {
    const alter = `ALTER TYPE ${qualified(after.schema, after.name)}`;
    const had = new Map(before.attributes.map((one) => [one.name, one]));
    const has = new Set(after.attributes.map((one) => one.name));
    return [
      ...before.attributes.filter((one) => !has.has(one.name)).map((one) =>
        statement(`${alter} DROP ATTRIBUTE ${ident(one.name)} CASCADE`)
      ),
      ...after.attributes.filter((one) => !had.has(one.name)).map((one) =>
        statement(`${alter} ADD ATTRIBUTE ${attributeText(one)} CASCADE`)
      ),
      ...after.attributes.filter((one) => (had.get(one.name)?.comment ?? null) !== one.comment)
        .map((one) => attributeComment(after, one)),
    ];
  },
  rename: renameType,
};

/** How range types are written. */
export const ranges: DdlOf<RangeObject> = {
  create: (one) => [
    statement(
      `CREATE TYPE ${qualified(one.schema, one.name)} AS RANGE (${
        [
          `SUBTYPE = ${one.formatted}`,
          one.opclass === null
            ? ""
            : `SUBTYPE_OPCLASS = ${qualified(one.opclass.schema, one.opclass.name)}`,
          one.collation === null
            ? ""
            : `COLLATION = ${qualified(one.collation.schema, one.collation.name)}`,
          one.canonical === null ? "" : `CANONICAL = ${one.canonical}`,
          one.subtypeDiff === null ? "" : `SUBTYPE_DIFF = ${one.subtypeDiff}`,
          `MULTIRANGE_TYPE_NAME = ${qualified(one.multirange.schema, one.multirange.name)}`,
        ].filter((part) => part !== "").join(", ")
      })`,
    ),
  ],
  drop: dropType,
  alter: () => [],
  rename: renameType,
};
