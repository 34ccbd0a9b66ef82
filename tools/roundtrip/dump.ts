/** Two databases compared by what pg_dump says of them. */
import { existsSync } from "node:fs";
import { splitScript } from "../../migrations/script/split.ts";
import { withoutMetaCommands } from "./psql.ts";

const PROGRAM = "/usr/lib/postgresql/15/bin/pg_dump";

/** Whether a server's databases can be dumped here. */
export function canDump(version: number): boolean {
  return version < 160000 && existsSync(PROGRAM);
}

/** The text of `pg_dump --schema-only`. */
export async function dump(url: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(PROGRAM, {
    args: ["--schema-only", "--no-tablespaces", url],
    stdout: "piped",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`pg_dump failed: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

/** The statements of a dump, sorted: their order follows from the names and needs of objects. */
function statementsOf(text: string, places: boolean): string[] {
  return splitScript(withoutMetaCommands(text)).map((one) => one.text.trim())
    .filter((one) => !/^(set |select pg_catalog\.set_config)/i.test(one))
    .map((one) => places ? one : withoutPlaces(one)).sort();
}

/** A table with its columns, each on a line of its own, in the order of their names. */
function withoutPlaces(statement: string): string {
  if (!/^create (?:unlogged |foreign )*table /i.test(statement)) return statement;
  return statement.split("\n").map((line) => line.replace(/,$/, "")).sort().join("\n");
}

/** The statements that only one of two dumps has; `places` = whether those of columns count. */
export function dumpDifferences(
  before: string,
  after: string,
  { places = true }: { readonly places?: boolean } = {},
): string[] {
  const [a, b] = [before, after].map((text) => statementsOf(text, places)) as [string[], string[]];
  const rest = [...b];
  const missing = a.filter((one) => {
    const at = rest.indexOf(one);
    if (at < 0) return true;
    rest.splice(at, 1);
    return false;
  });
  return [...missing.map((one) => `lost: ${one}`), ...rest.map((one) => `extra: ${one}`)];
}
