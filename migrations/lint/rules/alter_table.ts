/** What the commands of ALTER TABLE do. */
import type { LockMode } from "../../ddl/statement.ts";
import { hazard, joinedJudgement, judged, type Judgement, lockOn } from "../judgement.ts";
import { columnConstraints, isChecked, unsteadyFunction } from "../expressions.ts";
import { flag, node, nodes, part, relationName, text, type Tree } from "../tree.ts";
import type { World } from "../world.ts";
import { addedConstraint } from "./constraints.ts";
import { columnAdvice } from "./columns.ts";

/** One command of ALTER TABLE. */
interface Command {
  readonly table: string;
  /** The column, constraint or other part that it names. */
  readonly name: string;
  /** What it gives to it. */
  readonly def: Tree;
  readonly tree: Tree;
  readonly world: World;
  /** Whether the table was there before. */
  readonly isOld: boolean;
}

type JudgeCommand = (command: Command) => Judgement;

const locking = (mode: LockMode): JudgeCommand => ({ world, table }) =>
  judged(lockOn(world, mode, table));

const alone = locking("ACCESS EXCLUSIVE");
const weakly = locking("SHARE UPDATE EXCLUSIVE");
const writersOut = locking("SHARE ROW EXCLUSIVE");

const rewriting = (words: string): JudgeCommand => ({ world, table, isOld }) =>
  judged(
    { ...lockOn(world, "ACCESS EXCLUSIVE", table), rewrites: isOld, scans: isOld },
    hazard("table-rewrite", `${words} writes ${table} anew`, isOld),
  );

const security = (words: string): JudgeCommand => ({ world, table, isOld }) =>
  judged(
    lockOn(world, "ACCESS EXCLUSIVE", table),
    hazard("row-security", `${words} ROW LEVEL SECURITY on ${table}`, isOld),
  );

const addColumn: JudgeCommand = ({ table, def, world, isOld }) => {
  const name = text(def, "colname");
  const own = columnConstraints(def);
  const value = own.get("CONSTR_DEFAULT");
  const generated = own.get("CONSTR_GENERATED");
  const isIdentity = own.has("CONSTR_IDENTITY") || isSerial(def);
  const isStored = generated !== undefined && text(generated, "generated_kind") !== "v";
  const unsteady = value === undefined ? null : unsteadyFunction(value.raw_expr);
  const why = isIdentity
    ? "numbers the rows"
    : isStored
    ? "stores a generated value in every row"
    : unsteady !== null
    ? `gives every row a value of ${unsteady}()`
    : null;
  const required = isRequired(own) && value === undefined && generated === undefined && !isIdentity;
  const rewrites = isOld && why !== null;
  const adding = `ADD COLUMN ${name} to ${table}`;
  const inline = [...own.values()].map((one) =>
    addedConstraint(one, { table, world, isOld, column: name, isFilled: value !== undefined })
  );
  return joinedJudgement([
    judged(
      { ...lockOn(world, "ACCESS EXCLUSIVE", table), rewrites, scans: rewrites },
      hazard("column-default-rewrites", `${adding} ${why}`, rewrites),
      hazard("required-column", `${adding} as NOT NULL without a default`, isOld && required),
    ),
    ...inline,
    judged({}, ...columnAdvice(def, table)),
  ]);
};

function isSerial(column: Tree): boolean {
  return columnAdvice(column, "").some(({ kind }) => kind === "serial-column");
}

function isRequired(own: ReadonlyMap<string, Tree>): boolean {
  return own.has("CONSTR_NOTNULL") || own.has("CONSTR_PRIMARY");
}

const changeType: JudgeCommand = ({ table, name, def, world, isOld }) =>
  joinedJudgement([
    judged(
      { ...lockOn(world, "ACCESS EXCLUSIVE", table), rewrites: isOld, scans: isOld },
      hazard("type-change", `ALTER COLUMN ${name} TYPE on ${table}`, isOld),
    ),
    judged({}, ...columnAdvice({ ...def, colname: name }, table)),
  ]);

const setNotNull: JudgeCommand = ({ table, name, world, isOld }) => {
  const scans = isOld && !world.isProven(table, name);
  return judged(
    { ...lockOn(world, "ACCESS EXCLUSIVE", table), scans },
    hazard("not-null-scan", `SET NOT NULL reads all of ${table} to prove ${name}`, scans),
  );
};

const validate: JudgeCommand = ({ table, name, world, isOld }) =>
  judged(
    { ...lockOn(world, "SHARE UPDATE EXCLUSIVE", table), scans: isOld },
    hazard(
      "validate-in-transaction",
      `VALIDATE CONSTRAINT ${name} in the transaction that adds it`,
      isOld && world.isFresh(table, name),
    ),
  );

const attach: JudgeCommand = ({ table, def, world }) => {
  const partition = relationName(part(def, "name"));
  const isOld = !world.isNew(partition);
  const [parent, own] = [
    lockOn(world, "SHARE UPDATE EXCLUSIVE", table),
    lockOn(world, "ACCESS EXCLUSIVE", partition),
  ];
  return judged(
    { locks: [...own.locks, ...parent.locks], scans: isOld },
    hazard("partition-attach-scan", `ATTACH PARTITION ${partition} to ${table}`, isOld),
  );
};

const detach: JudgeCommand = ({ table, def, world, isOld }) => {
  const partition = relationName(part(def, "name"));
  const concurrent = flag(def, "concurrent");
  const mode = concurrent ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE";
  return judged(
    { ...lockOn(world, mode, table, partition), transactional: !concurrent },
    hazard(
      "partition-detach-locks",
      `DETACH PARTITION ${partition} from ${table}`,
      isOld && !concurrent,
    ),
  );
};

const dropColumn: JudgeCommand = ({ table, name, tree, world, isOld }) =>
  judged(
    {
      ...lockOn(world, "ACCESS EXCLUSIVE", table),
      loses: isOld ? `the values of ${table}.${name}` : null,
    },
    hazard("drop-column", `DROP COLUMN ${name} of ${table}`, isOld),
    hazard("drop-cascade", `DROP COLUMN ${name} CASCADE`, isOld && isCascade(tree)),
  );

const dropConstraint: JudgeCommand = ({ table, name, tree, world, isOld }) =>
  judged(
    lockOn(world, "ACCESS EXCLUSIVE", table),
    hazard("drop-cascade", `DROP CONSTRAINT ${name} CASCADE`, isOld && isCascade(tree)),
  );

const isCascade = (tree: Tree): boolean => text(tree, "behavior") === "DROP_CASCADE";

const inherit: JudgeCommand = ({ table, def, world }) =>
  joinedJudgement([
    judged(lockOn(world, "ACCESS EXCLUSIVE", table)),
    judged(lockOn(world, "SHARE UPDATE EXCLUSIVE", relationName(def))),
  ]);

/** What each command of ALTER TABLE does; what is not here shuts all others out. */
const COMMANDS: Readonly<Record<string, JudgeCommand>> = {
  AT_AddColumn: addColumn,
  AT_DropColumn: dropColumn,
  AT_AlterColumnType: changeType,
  AT_SetNotNull: setNotNull,
  AT_DropNotNull: ({ world, table, name, isOld }) =>
    judged(
      lockOn(world, "ACCESS EXCLUSIVE", table),
      hazard("drop-not-null", `DROP NOT NULL of ${table}.${name}`, isOld),
    ),
  AT_AddConstraint: ({ def, ...command }) => addedConstraint(def, { ...command, column: null }),
  AT_ValidateConstraint: validate,
  AT_DropConstraint: dropConstraint,
  AT_AlterConstraint: writersOut,
  AT_AttachPartition: attach,
  AT_DetachPartition: detach,
  AT_DetachPartitionFinalize: weakly,
  AT_AddInherit: inherit,
  AT_SetLogged: rewriting("SET LOGGED"),
  AT_SetUnLogged: rewriting("SET UNLOGGED"),
  AT_SetAccessMethod: rewriting("SET ACCESS METHOD"),
  AT_SetTableSpace: rewriting("SET TABLESPACE"),
  AT_SetExpression: rewriting("SET EXPRESSION"),
  AT_EnableRowSecurity: security("ENABLE"),
  AT_DisableRowSecurity: security("DISABLE"),
  AT_ForceRowSecurity: security("FORCE"),
  AT_NoForceRowSecurity: security("NO FORCE"),
  AT_SetStatistics: weakly,
  AT_SetOptions: weakly,
  AT_ResetOptions: weakly,
  AT_SetRelOptions: weakly,
  AT_ResetRelOptions: weakly,
  AT_ClusterOn: weakly,
  AT_DropCluster: weakly,
  AT_EnableTrig: writersOut,
  AT_EnableAlwaysTrig: writersOut,
  AT_EnableReplicaTrig: writersOut,
  AT_DisableTrig: writersOut,
  AT_EnableTrigAll: writersOut,
  AT_DisableTrigAll: writersOut,
  AT_EnableTrigUser: writersOut,
  AT_DisableTrigUser: writersOut,
};

/** Judges ALTER TABLE, and ALTER of what else has its commands. */
export function alterTable(tree: Tree, world: World): Judgement {
  const table = relationName(part(tree, "relation"));
  if (/_(?:INDEX|SEQUENCE|TYPE)$/.test(text(tree, "objtype"))) return judged({});
  return joinedJudgement(
    nodes(tree, "cmds").map(({ tree: command }) => {
      const judge = COMMANDS[text(command, "subtype")] ?? alone;
      return judge({
        table,
        name: text(command, "name"),
        def: node(command, "def")?.tree ?? {},
        tree: command,
        world,
        isOld: !world.isNew(table),
      });
    }),
  );
}

/** Judges ALTER DOMAIN: a constraint is checked for every column of the domain. */
export function alterDomain(tree: Tree): Judgement {
  const def = node(tree, "def")?.tree ?? {};
  const subtype = text(tree, "subtype");
  const checks = subtype === "C" && isChecked(def) || subtype === "O";
  return judged(
    { scans: checks },
    hazard("domain-check-scan", "ALTER DOMAIN with a new constraint", checks),
  );
}
