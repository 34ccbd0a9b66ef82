import { MigrationError } from "../../src/errors/base.ts";
import { groupBy } from "../../src/util/group_by.ts";
import { nearest } from "../../src/util/nearest.ts";

/** What the order of migrations depends on. */
export interface Ordered {
  /** Its name. */
  readonly name: string;
  /** The number at the start of its name. */
  readonly number: number;
  /** The names of those that must have run. */
  readonly dependencies: readonly string[];
}

/** A migration whose dependencies may be left to the numbers. */
export interface Unlinked extends Omit<Ordered, "dependencies"> {
  /** The names that its file gives; undefined when it gives none. */
  readonly dependencies: readonly string[] | undefined;
  /** The migrations that it stands for. */
  readonly replaces: readonly string[];
}

/**
 * Gives each migration that names no dependencies the one with the number before it.
 *
 * @throws {MigrationError} several migrations have that number
 */
export function link<One extends Unlinked>(
  migrations: readonly One[],
): (Omit<One, "dependencies"> & Ordered)[] {
  const names = new Set(migrations.map(({ name }) => name));
  // what a squash stands for keeps its place while its files are there
  const isSpare = ({ replaces }: Unlinked): boolean => replaces.some((name) => names.has(name));
  const byNumber = groupBy(migrations.filter((one) => !isSpare(one)), ({ number }) => number);
  const numbers = [...byNumber.keys()].sort((a, b) => a - b);
  const standIn = (name: string): string =>
    names.has(name)
      ? name
      : migrations.find(({ replaces }) => replaces.includes(name))?.name ?? name;
  return migrations.map((migration) => {
    if (migration.dependencies !== undefined) {
      const dependencies = migration.dependencies.map(standIn);
      return { ...migration, dependencies: dependencies.filter((name) => name !== migration.name) };
    }
    const before = numbers.filter((number) => number < migration.number).at(-1);
    const previous = before === undefined ? [] : byNumber.get(before)!;
    if (previous.length > 1) {
      throw new MigrationError(
        `Cannot order ${migration.name}: ${previous.length} migrations have the number before it`,
        {
          code: "ambiguous_dependency",
          hint: `Let it name its dependencies: ${previous.map(({ name }) => name).join(" or ")}`,
          context: { migration: migration.name },
        },
      );
    }
    return { ...migration, dependencies: previous.map(({ name }) => name) };
  });
}

/**
 * Puts migrations in the order in which they run: dependencies first, then numbers, then names.
 *
 * @throws {MigrationError} a dependency is unknown, or they depend on each other in a circle
 */
export function order<One extends Ordered>(migrations: readonly One[]): One[] {
  const byName = new Map(migrations.map((one) => [one.name, one]));
  const sorted = [...migrations].sort(byNumberThenName);
  const done = new Set<string>();
  const path: string[] = [];
  const result: One[] = [];
  const visit = (one: One): void => {
    if (done.has(one.name)) return;
    if (path.includes(one.name)) throw circle([...path.slice(path.indexOf(one.name)), one.name]);
    path.push(one.name);
    for (const name of [...one.dependencies].sort()) {
      const target = byName.get(name);
      if (target === undefined) throw unknownDependency(one.name, name, [...byName.keys()]);
      visit(target);
    }
    path.pop();
    done.add(one.name);
    result.push(one);
  };
  for (const one of sorted) visit(one);
  return result;
}

/** The migrations that no other depends on: more than one means branches that were not merged. */
export function headsOf<One extends Ordered>(migrations: readonly One[]): One[] {
  const needed = new Set(migrations.flatMap(({ dependencies }) => dependencies));
  return migrations.filter(({ name }) => !needed.has(name)).sort(byNumberThenName);
}

/** The names of all that a migration builds on, itself not included. */
export function ancestorsOf(
  name: string,
  migrations: readonly Ordered[],
): ReadonlySet<string> {
  const byName = new Map(migrations.map((one) => [one.name, one]));
  const found = new Set<string>();
  const todo = [...byName.get(name)?.dependencies ?? []];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    todo.push(...byName.get(next)?.dependencies ?? []);
  }
  return found;
}

/**
 * Refuses two migrations with one number, unless a later one builds on both: then they come from
 * branches that were merged.
 *
 * @throws {MigrationError} two have one number
 */
export function checkNumbers(
  migrations: readonly (Ordered & Pick<Unlinked, "replaces">)[],
): void {
  const spare = new Set(migrations.flatMap(({ replaces }) => replaces));
  const own = migrations.filter(({ name }) => !spare.has(name));
  for (const [number, same] of groupBy(own, (one) => one.number)) {
    if (same.length === 1) continue;
    const joined = migrations.some((later) => {
      const ancestors = ancestorsOf(later.name, migrations);
      return same.every(({ name }) => ancestors.has(name));
    });
    if (joined) continue;
    throw new MigrationError(
      `Two migrations have the number ${number}: ${same.map(({ name }) => name).join(" and ")}`,
      {
        code: "duplicate_migration_number",
        hint: "Give the later one the next number, or let a further migration depend on both",
        context: { number },
      },
    );
  }
}

function byNumberThenName(a: Ordered, b: Ordered): number {
  return a.number - b.number || (a.name < b.name ? -1 : 1);
}

function circle(names: readonly string[]): MigrationError {
  return new MigrationError(`Migrations depend on each other in a circle: ${names.join(" -> ")}`, {
    code: "migration_circle",
    hint: "Take one of these names out of the dependencies",
  });
}

function unknownDependency(
  from: string,
  to: string,
  known: readonly string[],
): MigrationError {
  const guess = nearest(to, known);
  return new MigrationError(`${from} depends on ${JSON.stringify(to)}, which is not there`, {
    code: "unknown_dependency",
    hint: guess === undefined
      ? "A dependency is the name of a file of the folder without its ending"
      : `Did you mean ${guess}?`,
    context: { migration: from },
  });
}
