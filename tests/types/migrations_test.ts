/** What the functions around migrations are typed as. */
import { test } from "node:test";
import { lint, lintSql } from "../../migrations/mod.ts";
import type { Hazard, HazardKind, HazardLevel, LintResult } from "../../migrations/mod.ts";

async function linting(): Promise<void> {
  const result: LintResult = await lint({ folder: "migrations", names: ["0001"], down: true });
  const accepted: number = result.counts.accepted;
  const hazards: readonly Hazard[] = result.files.flatMap((one) => one.hazards);
  const kind: HazardKind = "drop-table";
  const level: HazardLevel | undefined = hazards[0]?.level;
  const { statements } = await lintSql("select 1", { transaction: true });
  const relation: string | undefined = statements[0]?.facts.locks[0]?.relation;
  // @ts-expect-error no such kind
  const wrong: HazardKind = "drop-tabel";
  // @ts-expect-error no such option
  await lint({ foldr: "migrations" });
  // @ts-expect-error the result is not to be changed
  result.counts.error = 0;
  void [accepted, kind, level, relation, wrong];
}

test("lint() is typed", () => void linting);
