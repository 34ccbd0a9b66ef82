/** Most characters of a statement's line that an excerpt shows. */
const WIDTH = 100;

/**
 * Shows the line of a statement that an error points at, with a caret under the character.
 *
 * `position` counts characters from 1, as the server does.
 */
export function excerpt(text: string, position: number): string {
  // the server counts code points, a string counts UTF-16 units
  const characters = [...text];
  const at = Math.min(Math.max(position - 1, 0), characters.length);
  let start = at;
  while (start > 0 && characters[start - 1] !== "\n") start--;
  let end = at;
  while (end < characters.length && characters[end] !== "\n") end++;
  const from = Math.max(start, Math.min(at - Math.floor(WIDTH / 2), end - WIDTH));
  const to = Math.min(end, from + WIDTH);
  const lead = from > start ? "…" : "";
  const line = characters.slice(from, to).join("").replaceAll("\r", " ").replaceAll("\t", " ");
  const caret = " ".repeat(lead.length + at - from);
  return `${lead}${line}${to < end ? "…" : ""}\n${caret}^`;
}
