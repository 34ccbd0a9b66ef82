import type * as Matrx from "../../mod.ts";

/** The library: the sources, or the packed package when a program hands it in. */
export type Orm = typeof Matrx;

/** What a bank's accounts hold at the start. */
export const OPENING_BALANCE = 1_000;

/** The tables of a bank. */
export function bankTables(accounts: number): readonly string[] {
  return [
    "create table accounts (id int primary key, balance int not null check (balance >= 0))",
    "create table ledger (id int primary key, source int not null references accounts, " +
    "target int not null references accounts, amount int not null)",
    `insert into accounts select g, ${OPENING_BALANCE} from generate_series(1, ${accounts}) g`,
  ];
}

/** How transfers are run. */
export interface BankOptions {
  readonly accounts: number;
  readonly retries: number;
  readonly isolation?: Matrx.IsolationLevel;
}

/** A transfer that came back. */
export interface Done {
  /** Its number in the ledger. */
  readonly id: number;
  /** When its last attempt began and when it was acknowledged, on the clock of `performance.now()`. */
  readonly began: number;
  readonly at: number;
}

/** Moves money between accounts of a registered database. */
export interface Bank {
  /** Runs one transfer between two accounts drawn by lot. */
  transfer(id: number): Promise<Done>;
  /** How many attempts were made in all. */
  attempts(): number;
}

/** Declares the models of a bank and gives what moves the money. */
// deno-lint-ignore explicit-function-return-type explicit-module-boundary-types -- what it gives holds classes
export function openBank(orm: Orm, database: string, options: BankOptions) {
  const { F, integer, model, transaction } = orm;
  class Account extends model("accounts", {
    id: integer().primaryKey(),
    balance: integer(),
  }, { database }) {}
  class Entry extends model("ledger", {
    id: integer().primaryKey(),
    source: integer(),
    target: integer(),
    amount: integer(),
  }, { database }) {}
  const locked = options.isolation !== "serializable";
  const { isolation, retries, accounts } = options;
  let attempts = 0;
  const draw = (below: number): number => Math.floor(Math.random() * below);
  const bank: Bank = {
    attempts: () => attempts,
    async transfer(id) {
      const source = 1 + draw(accounts);
      const target = 1 + (source + draw(accounts - 1)) % accounts;
      const wanted = 1 + draw(50);
      let began = 0;
      await transaction(async () => {
        attempts++;
        began = performance.now();
        const both = Account.filter({ id: { in: [source, target] } }).orderBy("id");
        const rows = await (locked ? both.forUpdate() : both).all();
        const payer = rows.find((row) => row.id === source)!;
        const payee = rows.find((row) => row.id === target)!;
        const amount = Math.min(wanted, payer.balance);
        if (locked) {
          await Account.updateWhere({ id: source }, { balance: F("balance").minus(amount) });
          await Account.updateWhere({ id: target }, { balance: F("balance").plus(amount) });
        } else {
          await payer.update({ balance: payer.balance - amount });
          await payee.update({ balance: payee.balance + amount });
        }
        await Entry.create({ id, source, target, amount });
      }, { database, retries, ...(isolation === undefined ? {} : { isolation }) });
      return { id, began, at: performance.now() };
    },
  };
  return { Account, Entry, bank };
}

/** What an honest bank looks like afterwards. */
export interface Audit {
  /** Transfers that were acknowledged and are not in the ledger. */
  readonly lost: readonly number[];
  /** Transfers that are in the ledger and were never acknowledged. */
  readonly unasked: readonly number[];
  /** Whether no money was made or lost, in all and for each account by the ledger. */
  readonly balanced: boolean;
}

/** Asks the server itself, by a link that no fault has touched. */
export type Referee = (text: string) => Promise<readonly (readonly (string | null)[])[]>;

/** Compares what callers were told with what the server holds. */
export async function audit(
  referee: Referee,
  acknowledged: ReadonlySet<number>,
  accounts: number,
): Promise<Audit> {
  const ids = new Set((await referee("select id from ledger")).map(([id]) => Number(id)));
  const [sum] = await referee("select sum(balance)::text from accounts");
  const wrong = await referee(
    `select a.id from accounts a where a.balance <> ${OPENING_BALANCE}
       - coalesce((select sum(amount) from ledger where source = a.id), 0)
       + coalesce((select sum(amount) from ledger where target = a.id), 0)`,
  );
  return {
    lost: [...acknowledged].filter((id) => !ids.has(id)),
    unasked: [...ids].filter((id) => !acknowledged.has(id)),
    balanced: wrong.length === 0 && Number(sum?.[0]) === accounts * OPENING_BALANCE,
  };
}
