/** One run of migrations, as a process that others race or kill: `migrate_process.ts URL FOLDER MODE`. */
import process from "node:process";
import { closeAll, registerDatabase } from "../../mod.ts";
import { migrate } from "../../migrations/apply/migrate.ts";

const [url, folder, poolMode] = process.argv.slice(2);
registerDatabase({
  name: "main",
  url: url!,
  poolMode: poolMode === "transaction" ? "transaction" : "session",
});
const { applied } = await migrate({ folder: folder!, lockWaitMs: 600_000 });
console.log(applied.map(({ name }) => name).join(","));
await closeAll();
