/** Characters that a reader cannot see, or that turn the direction of text. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/u;
const EVERY_UNSEEN = new RegExp(UNSEEN, "gu");

/** Writes a character, which may have two units, in escapes. */
function escaped(character: string): string {
  let text = "";
  for (let at = 0; at < character.length; at++) {
    text += `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
  }
  return text;
}

/** Writes text as a string literal; everything that is not plainly visible is escaped. */
export function stringLiteral(text: string): string {
  return JSON.stringify(text).replace(EVERY_UNSEEN, escaped);
}

/**
 * Writes SQL text as a fragment: a template where the text can stand in it as it is, else a string.
 *
 * `sql` is the local name of the library's tag.
 */
export function sqlLiteral(text: string, sql: string): string {
  const plain = !/[\\`]|\$\{/.test(text) && !UNSEEN.test(text) && text !== "";
  return plain ? `${sql}\`${text}\`` : `${sql}.raw(${stringLiteral(text)})`;
}

/** Writes a list of string literals. */
export function stringList(texts: readonly string[]): string {
  return `[${texts.map(stringLiteral).join(", ")}]`;
}

/** Writes the key of an object; `__proto__` would set the prototype, so it is computed. */
export function keyLiteral(key: string): string {
  if (key === "__proto__") return `["__proto__"]`;
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(key) ? key : stringLiteral(key);
}

/** Writes an object literal of the entries whose value is not undefined. */
export function objectLiteral(
  entries: readonly (readonly [key: string, value: string | undefined])[],
): string {
  const given = entries.filter(([, value]) => value !== undefined);
  if (given.length === 0) return "{}";
  return `{ ${given.map(([key, value]) => `${keyLiteral(key)}: ${value}`).join(", ")} }`;
}

/** Writes a record of texts. */
export function recordLiteral(record: Readonly<Record<string, string | number>>): string {
  return objectLiteral(
    Object.entries(record).map(([key, value]) => [
      key,
      typeof value === "number" ? String(value) : stringLiteral(value),
    ]),
  );
}

/** What tools would take for an instruction in a comment. */
const DIRECTIVE = /\b(dprint|deno-fmt|deno-lint|deno-coverage)-(?=ignore)/g;

/**
 * Writes a doc comment around text from a database; an empty text gives no comment.
 *
 * The text cannot end the comment, and nothing in it is an instruction to a compiler or formatter.
 */
export function docComment(text: string): string {
  const lines = text
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, "\n")
    .replaceAll("\t", " ")
    .replace(/[^\n\P{Cc}]|[\p{Cf}\p{Co}]/gu, escaped)
    .replaceAll("*/", "*\\/")
    .replace(DIRECTIVE, "$1 ")
    .split("\n")
    .map((line) => line.trimEnd().replace(/^(\s*[*/]*\s*)@/, "$1\\@"));
  while (lines.length > 0 && lines[0] === "") lines.shift();
  while (lines.length > 0 && lines[lines.length - 1] === "") lines.pop();
  if (lines.length === 0) return "";
  if (lines.length === 1) return `/** ${lines[0]} */\n`;
  return `/**\n${lines.map((line) => line === "" ? " *" : ` * ${line}`).join("\n")}\n */\n`;
}

/** Writes text as a template literal over several lines; its value is the text, to the character. */
export function templateLiteral(text: string): string {
  const inner = text
    .replace(/[\\`]|\$(?=\{)/g, "\\$&")
    // a line break other than LF would be read back as LF
    .replace(EVERY_UNSEEN, (character) => character === "\n" ? character : escaped(character));
  return `\`${inner}\``;
}

/** Writes a comment of one line around any text. */
export function lineComment(text: string): string {
  return `// ${text.replace(EVERY_UNSEEN, escaped).replace(DIRECTIVE, "$1 ")}`;
}
