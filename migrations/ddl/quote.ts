/** Quotes an identifier. */
export function ident(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quotes a name with its schema. */
export function qualified(schema: string, name: string): string {
  return schema === "" ? ident(name) : `${ident(schema)}.${ident(name)}`;
}

/** Quotes a list of identifiers, with commas between them. */
export function idents(names: readonly string[]): string {
  return names.map(ident).join(", ");
}

/** Quotes a text; one with a backslash becomes an escape string, which every setting reads alike. */
export function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes("\\") ? `E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}

/** Quotes a role; `public` stands for everybody. */
export function role(name: string): string {
  return name === "public" ? "PUBLIC" : ident(name);
}

/** Writes storage parameters: `fillfactor = '70'`; the part before a dot is a namespace (`toast.`). */
export function parameters(options: Readonly<Record<string, string>>): string {
  return Object.entries(options).map(([name, value]) =>
    `${parameterName(name)} = ${literal(value)}`
  )
    .join(", ");
}

/** Quotes the name of a storage parameter. */
export function parameterName(name: string): string {
  return name.startsWith("toast.") ? `toast.${ident(name.slice(6))}` : ident(name);
}

/** Writes the OPTIONS of something foreign. */
export function foreignOptions(options: Readonly<Record<string, string>>): string {
  return Object.entries(options).map(([name, value]) => `${ident(name)} ${literal(value)}`)
    .join(", ");
}

/** Writes what turns one set of OPTIONS into another; empty when nothing differs. */
export function changedOptions(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string {
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name))
    .map((name) => `DROP ${ident(name)}`);
  const kept = Object.entries(after).filter(([name, value]) =>
    !Object.hasOwn(before, name) || before[name] !== value
  ).map(([name, value]) =>
    `${Object.hasOwn(before, name) ? "SET" : "ADD"} ${ident(name)} ${literal(value)}`
  );
  return [...gone, ...kept].join(", ");
}
