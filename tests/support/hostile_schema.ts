import { asName, hostileNames } from "./hostile.ts";

/** Quotes a name for SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quotes a text for SQL. */
export function quoteText(text: string): string {
  const doubled = text.replaceAll("'", "''");
  return text.includes("\\") ? ` E'${doubled.replaceAll("\\", "\\\\")}'` : `'${doubled}'`;
}

/** One schema with every hostile name as table, column, constraint, index, label, default, comment and check. */
export function hostileSchema(names: readonly string[] = hostileNames): string {
  const at = (index: number) => names[index % names.length]!;
  const lines = [
    `create type ${quoteName("label list")} as enum (${names.map(quoteText).join(", ")});`,
  ];
  names.forEach((name, index) => {
    const table = quoteName(name);
    const [column, value] = [quoteName(at(index + 7)), quoteText(at(index + 13))];
    const constraint = quoteName(asName(`c${index}.${name}`));
    lines.push(
      `create table ${table} (k int primary key, ${column} text default ${value}
        constraint ${constraint} check (${column} <> ${quoteText(at(index + 21))}),
        r int references ${quoteName(index === 0 ? name : at(index - 1))},
        s int constraint ${quoteName(asName(`s${index}.${name}`))} references ${table});`,
      `comment on table ${table} is ${quoteText(at(index + 29))};`,
      `comment on column ${table}.${column} is ${quoteText(at(index + 31))};`,
      `comment on constraint ${constraint} on ${table} is ${quoteText(at(index + 37))};`,
      `create index ${
        quoteName(asName(`i${index}.${name}`))
      } on ${table} (${column}, (${column} || ${value}));`,
    );
  });
  // a type shares its name space with the tables' own row types
  names.filter((_, index) => index % 5 === 0).forEach((name, index) => {
    const type = quoteName(asName(`t${index}.${name}`));
    const other = quoteName(asName(`d${index}.${name}`));
    lines.push(
      `create type ${type} as enum (${quoteText(name)}, 'other');`,
      `comment on type ${type} is ${quoteText(at(index))};`,
      `create domain ${other} as text check (value <> ${quoteText(name)});`,
      `alter table ${quoteName(name)} add ${quoteName("a type")} ${type}, add ${
        quoteName("a domain")
      } ${other}[];`,
    );
  });
  const wide = names.filter((name) => name !== "the key").map((name) =>
    `${quoteName(name)} ${quoteName("label list")} default ${quoteText(name)}`
  );
  lines.push(`create table ${quoteName("wide table")} (${wide.join(", ")});`);
  lines.push(
    `create type ${quoteName("wide type")} as (${
      names.slice(0, 400).map((name) => `${quoteName(name)} text`).join(", ")
    });`,
    `create table ${quoteName("of wide type")} (v ${quoteName("wide type")});`,
  );
  return lines.join("\n");
}
