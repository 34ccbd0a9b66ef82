import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { typeCheck } from "../integration/generate_support.ts";
import { LIBRARY } from "../support/generated.ts";
import { testGenerated } from "./world.ts";

const use = `
import type { RowOf } from "${LIBRARY}";
import type { Account } from "./account.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const sure = <T extends true>(): T => true as T;
type Row = RowOf<Account>;

sure<Same<Row["id"], bigint>>();
sure<Same<Row["balance"], string>>();
sure<Same<Row["ratio"], string | null>>();
sure<Same<Row["state"], "open" | "closed">>();
sure<Same<Row["area"], string | null>>();
sure<Same<keyof Row, "id" | "balance" | "ratio" | "state" | "area">>();
// a column that may be NULL is there all the same
// @ts-expect-error the property is missing
export const row: Row = { id: 1n, balance: "1", state: "open", area: null };
`;

testGenerated(
  "types say what the values are: no lost digits, null for NULL, no undefined",
  `create type state as enum ('open', 'closed');
   create table accounts (
     id bigint primary key, balance numeric(40,20) not null, ratio numeric,
     state state not null, area box
   );
   insert into accounts values (9007199254740993, 12345678901234567890.12345678901234567890, null, 'open', '(1,1),(0,0)');`,
  async ({ models: { Account }, folder }) => {
    const row = await Account.get({ id: 9007199254740993n });
    assert.deepEqual({ ...row.toDict() }, {
      id: 9007199254740993n,
      balance: "12345678901234567890.12345678901234567890",
      ratio: null,
      state: "open",
      area: "(1,1),(0,0)",
    });
    await writeFile(join(folder, "use.ts"), use);
    await writeFile(
      join(folder, "mod.ts"),
      `import "./use.ts";\nexport * from "./generated/mod.ts";\n`,
    );
    const checked = await typeCheck(folder);
    assert.equal(checked.status, 0, checked.output);
  },
);
