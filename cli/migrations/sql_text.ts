/** How SQL is shown to a person. */
import { type Token, tokensOf } from "../../migrations/script/tokens.ts";

/** Words of SQL that stand out. */
const KEYWORDS: ReadonlySet<string> = new Set(
  ("add all alter always and as asc attach begin by cascade case check cluster collate column " +
    "comment commit concurrently constraint copy create cross database default deferrable " +
    "deferred delete desc detach disable distinct do domain drop each else enable end enum exclude " +
    "execute exists extension false first for force foreign from full function generated grant " +
    "group having identity if immediate in include index inherits initially inner insert into is " +
    "join key last left like limit lock materialized merge no not null nulls of offset on only or " +
    "order outer owner partition policy primary privileges procedure public refresh references " +
    "reindex release rename replace reset restrict returning revoke right rollback row rows rule " +
    "savepoint schema security select sequence set statistics storage stored table temp temporary " +
    "then to trigger true truncate type union unique unlogged update using vacuum valid validate " +
    "value values view virtual when where with").split(" "),
);

type Colour = (text: string, kind: Token["kind"]) => string | null;

/** The colours of the parts of SQL, as numbers of terminals. */
const colourOf: Colour = (text, kind) => {
  if (kind === "comment") return "2";
  if (kind === "text") return "32";
  if (kind === "number") return "36";
  return kind === "word" && KEYWORDS.has(text.toLowerCase()) ? "34" : null;
};

/** Gives SQL the colours of its parts. */
export function colouredSql(sql: string): string {
  let [shown, end] = ["", 0];
  for (const token of tokensOf(sql)) {
    const text = sql.slice(token.start, token.end);
    const colour = colourOf(text, token.kind);
    shown += sql.slice(end, token.start);
    shown += colour === null ? text : `\u001b[${colour}m${text}\u001b[0m`;
    end = token.end;
  }
  return shown + sql.slice(end);
}

/** Sets the lines behind the first one in by two blanks, wherever they stood in a module. */
export function dedentedSql(sql: string): string {
  const [first = "", ...rest] = sql.split("\n");
  // a text over several lines would become another one
  const holdsLines = [...tokensOf(sql)].some(({ kind, start, end }) =>
    kind !== "comment" && sql.slice(start, end).includes("\n")
  );
  const depth = Math.min(...rest.filter((line) => line.trim() !== "").map(indentOf));
  if (holdsLines || depth <= 2 || depth === Infinity) return sql;
  const closes = rest.some((line) => indentOf(line) === depth && /^\s*\)/.test(line));
  const inset = depth - (closes ? 0 : 2);
  return [first, ...rest.map((line) => line.slice(Math.min(inset, indentOf(line))))].join("\n");
}

function indentOf(line: string): number {
  return /^[ \t]*/.exec(line)![0].length;
}
