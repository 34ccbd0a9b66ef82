/** The package as it is published, and a small database for programs that use it. */
import { projectFiles, ROOT } from "../../tools/project.ts";
import type { TestDatabase } from "../support/database.ts";

/** What may be published, by path from the root: the library, its texts, and nothing else. */
const ALLOWED: readonly RegExp[] = [
  /^(?:mod|cli|bin)\.ts$/,
  /^(?:src|generator|migrations|cli)\/(?:[\w-]+\/)*[\w-]+\.ts$/,
  /^docs\/[\w-]+\.md$/,
  /^(?:README|CHANGELOG|RESERVED_NAMES)\.md$/,
  /^(?:LICENSE|deno\.json)$/,
];

/** The files of the project that belong to the package, sorted. */
export function packageFiles(): string[] {
  return projectFiles().filter((path) => ALLOWED.some((pattern) => pattern.test(path)));
}

/** Reads the files of the package. */
export async function readPackage(): Promise<Map<string, Uint8Array>> {
  const paths = packageFiles();
  return new Map(
    await Promise.all(paths.map(async (path): Promise<[string, Uint8Array]> => [
      path,
      await Deno.readFile(`${ROOT}/${path}`),
    ])),
  );
}

/** Two tables, one of which refers to the other, and a few rows. */
export const SHOP = `
create table customers (id int primary key, name text not null);
create table orders (
  id int primary key, customer_id int not null references customers, total numeric(12, 2) not null
);
insert into customers values (1, 'Ada'), (2, 'Grace');
insert into orders values (1, 1, '12.50'), (2, 2, '7.00'), (3, 1, '99.90');
`;

/** Fills an empty database with the two tables. */
export async function loadShop({ driver }: TestDatabase): Promise<void> {
  const connection = await driver.acquire();
  await connection.script(SHOP);
  connection.release();
}

/** What every program of these tests prints once it read the orders of one customer. */
export const ADAS_ORDERS = `["Ada","12.50","99.90"]`;
