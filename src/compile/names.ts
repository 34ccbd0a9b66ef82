/** Most statements that get a name: each one stays prepared on every connection. */
const MOST = 1_000;

const names = new Map<string, string>();

/** The name to prepare a statement under; undefined once too many have one. */
export function statementName(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MOST) return known;
  const name = `matrx_${names.size}`;
  names.set(text, name);
  return name;
}
