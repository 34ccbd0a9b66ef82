/** Prints rows as a table; numbers are set to the right. */
export function printTable(rows: readonly Readonly<Record<string, string | number>>[]): void {
  const columns = Object.keys(rows[0] ?? {});
  const widths = columns.map((name) =>
    Math.max(name.length, ...rows.map((row) => String(row[name]).length))
  );
  const isText = columns.map((name) => rows.some((row) => !/^[\d.-]+$/.test(String(row[name]))));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, at) => isText[at] ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))
      .join("  ").trimEnd();
  console.log(line(columns));
  for (const row of rows) console.log(line(columns.map((name) => String(row[name]))));
}
