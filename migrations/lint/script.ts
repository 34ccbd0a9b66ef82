import { judge } from "./judge.ts";
import type { StatementFacts } from "./facts.ts";
import { NO_FACTS } from "./facts.ts";
import { type Found, type HazardKind, type HazardLevel, HAZARDS } from "./hazard.ts";
import { faultOf, type Ignore, reasonFor } from "./ignore.ts";
import { type SqlParser, syntaxFault } from "./parser.ts";
import type { LintScript, LintStatement } from "./statement.ts";
import { asNode, type Node } from "./tree.ts";
import type { World } from "./world.ts";

/** A hazard of a statement. */
export interface Hazard {
  /** Its kind, by which a comment accepts it. */
  readonly kind: HazardKind;
  /** How grave it is. */
  readonly level: HazardLevel;
  /** What the statement does. */
  readonly what: string;
  /** Why that is a hazard. */
  readonly why: string;
  /** What to do in its place. */
  readonly instead: string;
  /** The line on which the statement starts, from 1; 0 = not known. */
  readonly line: number;
  /** The reason for which a comment accepts it; null = none does. */
  readonly accepted: string | null;
}

/** A statement with what it does and what is hazardous about it. */
export interface LintedStatement {
  /** Its text, without the semicolon. */
  readonly sql: string;
  /** The line on which it starts, from 1; 0 = not known. */
  readonly line: number;
  /** What it does to a database that is in use. */
  readonly facts: StatementFacts;
  /** What is hazardous about it. */
  readonly hazards: readonly Hazard[];
}

/** What was found in a script. */
export interface LintedScript {
  readonly statements: readonly LintedStatement[];
  /** What is hazardous about none of them alone. */
  readonly hazards: readonly Hazard[];
}

/** Judges the statements of a script in their order; the world is what is known before and after. */
export function lintScript(parser: SqlParser, script: LintScript, world: World): LintedScript {
  const used = new Set<Ignore>();
  const statements = script.statements.map((statement) => {
    const { facts, found } = judgeText(parser, statement.sql, world);
    return { ...statement, facts, found };
  });
  const closing: Found[] = [];
  if (world.isUncommitted) {
    closing.push({ kind: "uncommitted-transaction", what: "A transaction is left open" });
  }
  const whole = script.ignores.filter(({ whole }) => whole);
  const linted = statements.map(({ sql, line, facts, found, ignores }) => ({
    sql,
    line,
    facts,
    hazards: found.map((one) => placed(one, line, [...ignores, ...whole], used)),
  }));
  const last = linted.at(-1)?.line ?? 0;
  const hazards = closing.map((one) => placed(one, last, whole, used));
  const all = [...script.ignores, ...script.statements.flatMap(({ ignores }) => ignores)];
  for (const one of all) {
    const fault = faultOf(one) ?? unused(one, used);
    if (fault !== null) hazards.push(placed(fault, one.line, [], used));
  }
  return { statements: linted, hazards };
}

function unused(one: Ignore, used: ReadonlySet<Ignore>): Found | null {
  if (used.has(one)) return null;
  return { kind: "lint-ignore", what: `${one.kind} is accepted where there is none` };
}

/** Says where a hazard is, and whether it is accepted. */
export function placed(
  { kind, what }: Found,
  line: number,
  ignores: readonly Ignore[],
  used: Set<Ignore> = new Set(),
): Hazard {
  for (const one of ignores) if (one.kind === kind) used.add(one);
  const accepted = reasonFor(kind, ignores);
  return { kind, ...HAZARDS[kind], what, line, accepted };
}

function judgeText(
  parser: SqlParser,
  sql: string,
  world: World,
): { readonly facts: StatementFacts; readonly found: readonly Found[] } {
  let parsed: Node[];
  try {
    parsed = parser.parse(sql).map(asNode).filter((one) => one !== null);
  } catch (error) {
    const fault = syntaxFault(error);
    if (fault === undefined) throw error;
    const line = sql.slice(0, fault.at).split("\n").length;
    const where = line === 1 ? "" : `, on its line ${line}`;
    return { facts: NO_FACTS, found: [{ kind: "syntax-error", what: fault.message + where }] };
  }
  const [statement] = parsed;
  if (statement === undefined) return { facts: NO_FACTS, found: [] };
  const judgement = judge(statement, sql, world);
  world.note(statement, judgement.facts);
  return judgement;
}

/** What a text of one statement does, judged by itself. */
export function factsOf(parser: SqlParser, statement: LintStatement, world: World): StatementFacts {
  return judgeText(parser, statement.sql, world).facts;
}
