/** A shadow that helps itself to what a declaration takes for granted. */
import type { Catalog } from "../../src/catalog/catalog.ts";
import { parentOf } from "../../src/catalog/parent.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";
import type { DeclaredStatement, DeclaringShadow } from "../declare/read_declared.ts";
import { buildScript } from "../plan/plan.ts";
import { RefusedStatementsError, type ShadowStatement } from "../shadow/load.ts";
import type { LoadOptions, Shadow } from "../shadow/shadow.ts";
import { neededBy } from "./related.ts";

/** A shadow for a declaration that may speak of things which it does not declare. */
export interface PatientShadow extends DeclaringShadow {
  /** The identities of what was taken from the live database. */
  readonly borrowed: ReadonlySet<string>;
}

/** What can be borrowed: the rest says something of a table, and follows no name. */
const NAMED: ReadonlySet<string> = new Set([
  ...["table", "view", "materialized view", "sequence", "enum", "domain", "composite", "range"],
  ...["function", "procedure", "aggregate", "collation", "foreign server", "extension"],
  ...["text search configuration", "text search dictionary", "text search parser"],
  ...["text search template", "language", "access method"],
]);

/**
 * Makes a shadow that, where statements are refused, takes over what they name and nothing declares
 * from the live database: a table without a model, a domain, the sequence of a default.
 */
export function patientShadow(shadow: Shadow, live: Catalog): PatientShadow {
  const borrowed = new Set<string>();
  return {
    borrowed,
    read: (schemas) => shadow.read(schemas),
    async load(statements, options) {
      await loadPatiently(shadow, statements, options, async (refused) => {
        const built = await shadow.read();
        const lent = lentTo(refused, live, built);
        for (const name of lent.objects.keys()) borrowed.add(name);
        return buildScript(lent, { owners: false }).steps
          .filter(({ kind }) => kind !== "setting")
          .map(({ sql, object }) => ({ sql, origin: `the live database: ${object}` }));
      });
    },
  };
}

async function loadPatiently(
  shadow: Shadow,
  statements: readonly DeclaredStatement[],
  options: LoadOptions,
  lend: (refused: readonly ShadowStatement[]) => Promise<readonly ShadowStatement[]>,
): Promise<void> {
  let pending: readonly ShadowStatement[] = statements;
  let lent: readonly ShadowStatement[] | undefined;
  for (;;) {
    try {
      return await shadow.load(pending, options);
    } catch (error) {
      if (!(error instanceof RefusedStatementsError)) throw error;
      lent ??= await lend(error.statements);
      const left = await shadow.attempt(lent, options);
      const stuck = left.length === lent.length && error.statements.length === pending.length;
      if (stuck || lent.length === 0) throw error;
      lent = left;
      pending = error.statements;
    }
  }
}

/** The objects of the live database that refused statements name and do not make, with what these need. */
function lentTo(
  refused: readonly ShadowStatement[],
  live: Catalog,
  built: Catalog,
): Catalog {
  const texts = refused.map(({ sql }) => sql);
  const mentioned = namesIn(texts);
  const made = namesIn(texts.flatMap(headOfCreate));
  const named = (object: CatalogObject, among: ReadonlySet<string>): boolean =>
    NAMED.has(object.kind) && among.has((object as { readonly name: string }).name);
  const isLent = (id: string, object: CatalogObject): boolean => {
    const parent = parentOf(object, live.objects);
    const whole = parent === null ? undefined : live.objects.get(parent);
    if (whole !== undefined && !isLent(parent!, whole)) return false;
    return !built.objects.has(id) && object.extension === null && !named(object, made);
  };
  const names = [...live.objects].flatMap(([id, object]) =>
    named(object, mentioned) && isLent(id, object) ? [id] : []
  );
  const needed = neededBy(live, names);
  return {
    ...needed,
    objects: new Map([...needed.objects].filter(([id, object]) => isLent(id, object))),
  };
}

/** What a statement that makes something says up to what it is made of. */
function headOfCreate(sql: string): string[] {
  const head = /^\s*create\b[^(]*?(?=\(|\s(?:as|on|returns|from)\s|$)/i.exec(sql)?.[0];
  return head === undefined ? [] : [head];
}

/** Every word of statements that can be a name, as the server would read it. */
function namesIn(texts: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const text of texts) {
    for (const [word, quoted] of text.matchAll(/"((?:[^"]|"")+)"|[\p{L}_][\p{L}\p{N}_$]*/gu)) {
      found.add(quoted === undefined ? word.toLowerCase() : quoted.replaceAll('""', '"'));
    }
  }
  return found;
}
