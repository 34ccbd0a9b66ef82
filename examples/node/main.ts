/**
 * A script for Node: moves money between accounts, all of it or nothing. Node 22.18 and newer run it as
 * it stands; older ones need a build.
 *
 * Usage: `npm install @matrx/orm pg`, `DATABASE_URL=postgres://... node main.ts`
 */
import process from "node:process";
import {
  CheckViolationError,
  closeAll,
  decimal,
  F,
  model,
  registerDatabase,
  runScript,
  text,
  transaction,
} from "@matrx/orm";

class Account extends model("accounts", { owner: text().primaryKey(), balance: decimal(12, 2) }) {}

async function move(from: string, to: string, amount: string): Promise<void> {
  await transaction(async () => {
    await Account.updateWhere({ owner: from }, { balance: F("balance").minus(amount) });
    await Account.updateWhere({ owner: to }, { balance: F("balance").plus(amount) });
  }, { isolation: "serializable", retries: 3 });
}

registerDatabase({ name: "main", url: process.env["DATABASE_URL"] });
await runScript(`
  create table accounts (owner text primary key, balance numeric(12, 2) not null check (balance >= 0));
  insert into accounts values ('Ada', 100), ('Grace', 5)`);
await move("Ada", "Grace", "30.50");
try {
  await move("Grace", "Ada", "999");
} catch (error) {
  if (!(error instanceof CheckViolationError)) throw error;
  console.log(`refused: ${error.constraint}`);
}
for (const { owner, balance } of await Account.filter().orderBy("owner").all()) {
  console.log(`${owner} has ${balance}`);
}
await closeAll();
