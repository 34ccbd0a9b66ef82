/**
 * Compares what lint finds with the labels of public lint cases, for every kind of hazard that it claims.
 *
 * Usage: `deno task conformance:lint [--show]`; `--show` prints the cases of both.
 * The cases are `lint_cases.json` in `MATRX_DATA`, by default `../shared/data`: SQL text, the rule that
 * it is about, and whether that rule is broken. Where the project sees a case in another way, the reason
 * is printed; it ends with 1 when one disagrees without a reason.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { lintSql } from "../migrations/lint.ts";
import { printTable } from "./conformance_table.ts";
import { disagreements, type LintCase, RULES, UNCLAIMED } from "./lint_rules.ts";

const { values } = parseArgs({ options: { show: { type: "boolean", default: false } } });
const data = Deno.env.get("MATRX_DATA") ??
  fileURLToPath(new URL("../../shared/data", import.meta.url));
const file = join(data, "lint_cases.json");
if (!existsSync(file)) {
  console.log(`skipped: there is no ${file}; set MATRX_DATA to a folder that has it`);
  Deno.exit(0);
}
const { cases } = JSON.parse(await Deno.readTextFile(file)) as { readonly cases: LintCase[] };

const counts = new Map<string, { agreed: number; disagreed: number; unknown: number }>();
const disagreed: { readonly one: LintCase; readonly found: string; readonly why: string | null }[] =
  [];
const unclaimed = new Map<string, number>();
for (const one of cases) {
  const rule = one.rule.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const kinds = RULES[rule];
  const row = (name: string) => {
    const found = counts.get(name) ?? { agreed: 0, disagreed: 0, unknown: 0 };
    counts.set(name, found);
    return found;
  };
  if (kinds === undefined) {
    row(rule).unknown++;
    unclaimed.set(rule, (unclaimed.get(rule) ?? 0) + 1);
    continue;
  }
  const transaction = /assume_in_transaction: true/.test(one.settings ?? "") &&
    !one.sql.includes("squawk-disable-assume-in-transaction");
  const { hazards } = await lintSql(one.sql, { transaction });
  const hits = hazards.filter(({ kind }) => kinds.includes(kind));
  const name = kinds.join(", ");
  if ((hits.length > 0) === (one.expect === "violation")) {
    row(name).agreed++;
    continue;
  }
  row(name).disagreed++;
  const found = hits.length === 0 ? "nothing" : hits.map(({ what }) => what).join("; ");
  const wrong = hazards.find(({ kind }) => kind === "syntax-error");
  const why = wrong === undefined ? disagreements(one) : `PostgreSQL refuses it: ${wrong.what}`;
  disagreed.push({ one, found, why });
}

printTable(
  [...counts].sort(([a], [b]) => a < b ? -1 : 1).map(([hazard, row]) => ({ hazard, ...row })),
);
const total = (key: "agreed" | "disagreed" | "unknown"): number =>
  [...counts.values()].reduce((sum, row) => sum + row[key], 0);
console.log();
for (const [rule, many] of unclaimed) {
  console.log(`unknown    ${rule} (${many}): ${UNCLAIMED[rule] ?? "NO REASON"}`);
}
for (const { one, found, why } of disagreed) {
  console.log(
    `disagreed  ${one.rule}, ${one.test}: expects ${one.expect}, found ${found}. ${
      why ?? "NO REASON"
    }`,
  );
  if (values.show) console.log(one.sql.trim().replace(/^/gm, "    "));
}
console.log(
  `\n${total("agreed")} agreed, ${total("disagreed")} disagreed, ${total("unknown")} unknown`,
);
const silent = disagreed.some(({ why }) => why === null) ||
  [...unclaimed.keys()].some((rule) => UNCLAIMED[rule] === undefined);
Deno.exit(silent ? 1 : 0);
