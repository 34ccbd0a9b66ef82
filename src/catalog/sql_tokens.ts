/** One word, string, quoted name or sign of an SQL text, or the blanks between them. */
const TOKEN =
  /[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*|\s+|./gsu;

/** Splits SQL text into its words, strings, quoted names, signs and blanks; joined they are the text again. */
export function piecesOf(sql: string): string[] {
  return sql.match(TOKEN) ?? [];
}

/** Splits SQL text into its words, strings, quoted names and signs. */
export function tokensOf(sql: string): string[] {
  return piecesOf(sql).filter((piece) => piece.trim() !== "");
}

/** The name that a token is, as the server prints names; null = it is no name. */
export function nameOf(token: string): string | null {
  if (token.startsWith('"')) return token.slice(1, -1).replaceAll('""', '"');
  return /^[A-Za-z_\u0080-\uffff]/.test(token) && !/^[eE]'/.test(token) ? token : null;
}

/** Writes a name as the server prints one that is no keyword. */
export function printed(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
