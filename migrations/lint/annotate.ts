import type { StatementFacts } from "./facts.ts";
import type { HazardKind } from "./hazard.ts";
import { loadParser } from "./parser.ts";
import { lintScript } from "./script.ts";
import { World } from "./world.ts";

/** Statements that are run one after the other. */
export interface Sequence {
  /** Whether all of them run in one transaction. */
  readonly transaction: boolean;
  /** The statements, of one command each. */
  readonly statements: readonly string[];
}

/** What a statement does, and the kinds of its hazards. */
export interface Annotation {
  readonly facts: StatementFacts;
  readonly hazards: readonly HazardKind[];
}

/**
 * Tells of each statement of several sequences what it does, as far as its text tells.
 *
 * @throws {MigrationError} the parser is not installed
 */
export async function annotate(sequences: readonly Sequence[]): Promise<Annotation[][]> {
  const parser = await loadParser();
  const world = new World();
  return sequences.map(({ transaction, statements }) => {
    world.begin({ transaction, migration: true });
    const script = {
      statements: statements.map((sql) => ({ sql, line: 0, ignores: [] })),
      ignores: [],
    };
    return lintScript(parser, script, world).statements.map(({ facts, hazards }) => ({
      facts,
      hazards: hazards.filter(({ level }) => level !== "notice").map(({ kind }) => kind),
    }));
  });
}

/** Says in words what a statement does to those who use the database; empty = nothing. */
export function factLines({ facts, hazards }: Annotation): string[] {
  const { locks, rewrites, scans, loses, transactional } = facts;
  const shown = locks.filter(({ mode }) => mode !== "ACCESS SHARE" && mode !== "ROW EXCLUSIVE");
  const work = [rewrites ? "writes every row" : scans ? "reads every row" : ""]
    .filter((one) => one !== "");
  const parts = [
    ...shown.map(({ mode, relation }) => `locks ${relation} (${mode})`),
    ...work,
    ...(loses === null ? [] : [`loses ${loses}`]),
    ...(transactional ? [] : ["outside of a transaction"]),
  ];
  return [
    ...(parts.length === 0 ? [] : [parts.join(", ")]),
    ...(hazards.length === 0 ? [] : [`hazards: ${hazards.join(", ")}; see matrx lint`]),
  ];
}
