import type { ForeignConstraint } from "../../src/catalog/constraints.ts";
import type { ColumnObject } from "../../src/catalog/types.ts";
import type { ModelNames, Names } from "../name/names.ts";
import { NO_NAMES, type PreviousNames, relationId } from "../name/previous.ts";
import type { Casing } from "../options.ts";
import {
  nameRelations,
  RELATION_WORDS,
  type RelationWords,
  type Unnamed,
} from "./relation_names.ts";
import { groupBy } from "../../src/util/group_by.ts";
import { foreignKeysOf, keyOf, primaryKeyOf, sameSet, type Source } from "../sources/source.ts";

/** A foreign key between two models. */
export interface ForeignKey {
  readonly constraint: ForeignConstraint;
  readonly source: Source;
  readonly target: Source;
  /** The source's property that is the relation: the column's own, or one beside the columns. */
  readonly property: string;
  /** Whether the relation is the column itself. */
  readonly isColumn: boolean;
}

/** The rows that reference a model's row. */
export interface Inverse {
  readonly property: string;
  readonly of: ForeignKey;
}

/** The rows tied to a model's row by a junction table. */
export interface ManyToMany {
  readonly property: string;
  readonly owner: Source;
  readonly junction: Source;
  /** The junction's keys that reference this model and the other one. */
  readonly near: ForeignConstraint;
  readonly far: ForeignConstraint;
  readonly target: Source;
}

/** The relations of one model. */
export interface ModelRelations {
  readonly foreignKeys: readonly ForeignKey[];
  readonly inverses: readonly Inverse[];
  readonly manyToMany: readonly ManyToMany[];
  /** Foreign keys whose target has no model: their constraint is kept as it is. */
  readonly dangling: readonly ForeignConstraint[];
}

interface Draft {
  foreignKeys: ForeignKey[];
  inverses: Inverse[];
  manyToMany: ManyToMany[];
  dangling: ForeignConstraint[];
}

/**
 * Finds and names the relations of every model.
 *
 * A new name depends on the two tables and their keys alone: `lineItems` for the rows that reference
 * this one (a list, also where a unique key allows one row only), `ordersByCreatedBy` where several
 * keys lead from one table to the other or a table references itself, `tags` through a junction,
 * `tagsThroughOrderTag` where several junctions lead there. A name that is taken by a column gets
 * the longer form too. A relation that had a name keeps it, as long as the casing is the same.
 */
export function relationsOf(
  sources: readonly Source[],
  names: Names,
  casing: Casing = "camel",
  previous: PreviousNames = NO_NAMES,
): ReadonlyMap<string, ModelRelations> {
  const byKey = new Map(sources.map((source) => [keyOf(source.object), source]));
  const drafts = new Map<string, Draft>();
  for (const key of byKey.keys()) {
    drafts.set(key, { foreignKeys: [], inverses: [], manyToMany: [], dangling: [] });
  }
  const draftOf = (source: Source) => drafts.get(keyOf(source.object))!;
  const namesOf = (source: Source) => names.models.get(keyOf(source.object))!;
  const naming: Naming = { namesOf, draftOf, words: RELATION_WORDS[casing] };

  const keys = sources.flatMap((source) => addForeignKeys(source, byKey, naming));
  const unnamed = [
    ...keys.flatMap((key) => key.unnamed ?? []),
    ...inversesOf(keys, naming),
    ...manyToManyOf(sources, byKey, naming),
  ];
  nameRelations(unnamed, namesOf, previous.casing === casing ? previous : NO_NAMES);
  return drafts;
}

interface Naming {
  readonly namesOf: (source: Source) => ModelNames;
  readonly draftOf: (source: Source) => Draft;
  readonly words: RelationWords;
}

/** A foreign key whose own property may still wait for its name. */
interface KeyDraft {
  readonly constraint: ForeignConstraint;
  readonly source: Source;
  readonly target: Source;
  readonly unnamed?: Unnamed;
  /** The whole of it; there once its property has a name. */
  key?: ForeignKey;
}

function addForeignKeys(
  source: Source,
  byKey: ReadonlyMap<string, Source>,
  { namesOf, draftOf, words }: Naming,
): KeyDraft[] {
  const draft = draftOf(source);
  const { properties } = namesOf(source);
  const taken = new Set<string>();
  const keys: KeyDraft[] = [];
  const beside: { readonly constraint: ForeignConstraint; readonly target: Source }[] = [];
  for (const constraint of foreignKeysOf(source)) {
    const target = byKey.get(referenced(constraint));
    if (target === undefined) {
      draft.dangling.push(constraint);
      continue;
    }
    const [column, ...more] = constraint.columns;
    if (more.length > 0 || constraint.period || taken.has(column!)) {
      beside.push({ constraint, target });
      continue;
    }
    taken.add(column!);
    const property = properties.byColumn.get(column!)!;
    const key: ForeignKey = { constraint, source, target, property, isColumn: true };
    draft.foreignKeys.push(key);
    keys.push({ constraint, source, target, key });
  }
  const perTarget = groupBy(beside, (one) => keyOf(one.target.object));
  for (const { constraint, target } of beside) {
    const short = words.one(namesOf(target).className);
    const long = short + words.by(constraint.columns, properties.byColumn);
    const isOnly = perTarget.get(keyOf(target.object))!.length === 1;
    const one: KeyDraft = {
      constraint,
      source,
      target,
      unnamed: {
        owner: source,
        id: relationId("key", constraint),
        candidates: isOnly ? [short, long] : [long],
        take(property) {
          one.key = { constraint, source, target, property, isColumn: false };
          draft.foreignKeys.push(one.key);
        },
      },
    };
    keys.push(one);
  }
  return keys;
}

function referenced(constraint: ForeignConstraint): string {
  return keyOf({ schema: constraint.references.schema, name: constraint.references.table });
}

function inversesOf(
  all: readonly KeyDraft[],
  { namesOf, draftOf, words }: Naming,
): Unnamed[] {
  const pair = (key: KeyDraft) => `${keyOf(key.source.object)} ${keyOf(key.target.object)}`;
  const pairs = groupBy(all, pair);
  return all.map((one) => {
    const { className, properties } = namesOf(one.source);
    const short = words.many(className);
    const long = short + words.by(one.constraint.columns, properties.byColumn);
    const isOnly = pairs.get(pair(one))!.length === 1 && one.source !== one.target;
    return {
      owner: one.target,
      id: relationId("inverse", one.constraint),
      candidates: isOnly ? [short, long] : [long],
      take: (property) => draftOf(one.target).inverses.push({ property, of: one.key! }),
    };
  });
}

interface Link {
  readonly owner: Source;
  readonly target: Source;
  readonly junction: Source;
  readonly near: ForeignConstraint;
  readonly far: ForeignConstraint;
}

function manyToManyOf(
  sources: readonly Source[],
  byKey: ReadonlyMap<string, Source>,
  { namesOf, draftOf, words }: Naming,
): Unnamed[] {
  const links: Link[] = [];
  for (const junction of sources) {
    const ends = junctionKeysOf(junction);
    if (ends === null) continue;
    const [one, other] = ends.map((end) => byKey.get(referenced(end)));
    if (one === undefined || other === undefined) continue;
    links.push({ owner: one, target: other, junction, near: ends[0], far: ends[1] });
    links.push({ owner: other, target: one, junction, near: ends[1], far: ends[0] });
  }
  const pair = (link: Link) => `${keyOf(link.owner.object)} ${keyOf(link.target.object)}`;
  const pairs = groupBy(links, pair);
  return links.map((link) => {
    const junction = namesOf(link.junction);
    const isSelf = link.owner === link.target;
    const short = words.many(namesOf(link.target).className) +
      (isSelf ? words.by(link.far.columns, junction.properties.byColumn) : "");
    const long = short + words.through(junction.className);
    const isOnly = pairs.get(pair(link))!.length === (isSelf ? 2 : 1);
    return {
      owner: link.owner,
      id: relationId("through", link.near),
      candidates: isOnly ? [short, long] : [long],
      take: (property) => draftOf(link.owner).manyToMany.push({ ...link, property }),
    };
  });
}

/**
 * The two foreign keys of a pure junction table, or null.
 *
 * A pure junction has exactly two foreign keys, its primary key or a unique constraint covers exactly
 * their columns, none of which is NULL, and an insert needs no further column.
 */
export function junctionKeysOf(source: Source): [ForeignConstraint, ForeignConstraint] | null {
  const [one, other, ...more] = foreignKeysOf(source);
  if (one === undefined || other === undefined || more.length > 0) return null;
  if (one.period || other.period) return null;
  const ends = new Set([...one.columns, ...other.columns]);
  if (sameSet(one.columns, other.columns)) return null;
  const isKey = source.constraints.some((constraint) =>
    (constraint.type === "primary" || constraint.type === "unique") &&
    sameSet(constraint.columns, [...ends])
  );
  const isFilled = source.columns.every((column) =>
    ends.has(column.name) ? column.notNull : !isRequired(column)
  );
  return isKey && isFilled ? [one, other] : null;
}

function isRequired(column: ColumnObject): boolean {
  return column.notNull && column.default === null && column.identity === null &&
    column.generated === null;
}

/** Whether a foreign key references the target's primary key, column by column. */
export function referencesPrimaryKey(constraint: ForeignConstraint, target: Source): boolean {
  const key = primaryKeyOf(target)?.columns ?? [];
  const { columns } = constraint.references;
  return columns.length === key.length && columns.every((name, index) => name === key[index]);
}
