/** What a token of SQL text is. */
export type TokenKind = "word" | "name" | "text" | "number" | "symbol" | "comment";

/** One token of SQL text, by its place; blanks are none. */
export interface Token {
  /** `word` is bare, `name` stands in double quotes, `text` in single ones or between dollars. */
  readonly kind: TokenKind;
  /** Where it starts. */
  readonly start: number;
  /** Where the next one may start. */
  readonly end: number;
}

/** A word of PostgreSQL: letters of any alphabet, digits and `$` behind the first one. */
const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const BLANKS = /[ \t\n\r\f\v]+/y;
const NUMBER = /(?:\d[\w.]*|\.\d[\w.]*)/y;
const LINE_COMMENT = /--[^\n\r]*/y;
const PLAIN_TEXT = /'(?:[^']+|'')*(?:'|$)/y;
const ESCAPED_TEXT = /'(?:[^'\\]+|''|\\[^])*(?:'|$)/y;
const QUOTED_NAME = /"(?:[^"]+|"")*(?:"|$)/y;
const DOLLAR_QUOTE = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;

/** Prefixes that belong to the quote behind them; those with a backslash make escapes of it. */
const PREFIX = /(?:[uU]&(?=['"])|[eEbBxXnN](?='))/y;

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** Where a comment that may hold others ends. */
function blockCommentEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text.startsWith("/*", at)) {
      depth++;
      at++;
    } else if (text.startsWith("*/", at)) {
      depth--;
      at++;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

function dollarEnd(text: string, start: number, quote: string): number {
  const close = text.indexOf(quote, start + quote.length);
  return close < 0 ? text.length : close + quote.length;
}

/** Reads the token at a place that holds no blank. */
function tokenAt(text: string, start: number): Token {
  const token = (kind: TokenKind, length: number): Token => ({
    kind,
    start,
    end: start + length,
  });
  if (text.startsWith("--", start)) {
    return token("comment", match(LINE_COMMENT, text, start)!.length);
  }
  if (text.startsWith("/*", start)) {
    return token("comment", blockCommentEnd(text, start) - start);
  }
  const prefix = match(PREFIX, text, start) ?? "";
  const quote = text[start + prefix.length];
  if (quote === "'") {
    const pattern = /^[eE]$/.test(prefix) ? ESCAPED_TEXT : PLAIN_TEXT;
    return token("text", prefix.length + match(pattern, text, start + prefix.length)!.length);
  }
  if (quote === '"') {
    return token("name", prefix.length + match(QUOTED_NAME, text, start + prefix.length)!.length);
  }
  const word = match(WORD, text, start);
  if (word !== null) return token("word", word.length);
  const dollar = match(DOLLAR_QUOTE, text, start);
  if (dollar !== null) return token("text", dollarEnd(text, start, dollar) - start);
  const number = match(NUMBER, text, start);
  return number === null ? token("symbol", 1) : token("number", number.length);
}

/** Reads SQL text as the server's scanner does with `standard_conforming_strings` on. */
export function* tokensOf(text: string): Generator<Token> {
  let at = 0;
  while (at < text.length) {
    at += match(BLANKS, text, at)?.length ?? 0;
    if (at >= text.length) return;
    const token = tokenAt(text, at);
    yield token;
    at = token.end;
  }
}

/** The name that a `word` or `name` token stands for; words are folded as the server does. */
export function nameOf(text: string, token: Token): string {
  const written = text.slice(token.start, token.end);
  if (token.kind !== "name") return written.replace(/[A-Z]+/g, (part) => part.toLowerCase());
  return written.replace(/^[uU]&/, "").replace(/^"|"$/g, "").replaceAll('""', '"');
}
