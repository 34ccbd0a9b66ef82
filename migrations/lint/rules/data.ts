/** What statements do that read, write or keep rows. */
import { LOCK_MODES } from "../../ddl/statement.ts";
import { hazard, joinedJudgement, type Judge, judged, lockOn } from "../judgement.ts";
import { flag, has, nodes, optionOn, part, relationName, text, type Tree } from "../tree.ts";

/** INSERT, MERGE and COPY FROM. */
export const write: Judge = (tree, world) =>
  judged(lockOn(world, "ROW EXCLUSIVE", relationName(part(tree, "relation"))));

/** COPY. */
export const copy: Judge = (tree, world) =>
  flag(tree, "is_from") ? write(tree, world) : judged({ scans: true });

const filters = (tree: Tree): boolean => has(tree, "whereClause");

/** UPDATE. */
export const update: Judge = (tree, world) => {
  const table = relationName(part(tree, "relation"));
  const all = !filters(tree) && !world.isNew(table);
  return judged(
    { ...lockOn(world, "ROW EXCLUSIVE", table), scans: all },
    hazard("update-all-rows", `UPDATE of every row of ${table}`, all),
  );
};

/** DELETE. */
export const remove: Judge = (tree, world) => {
  const table = relationName(part(tree, "relation"));
  const isOld = !world.isNew(table);
  const all = isOld && !filters(tree);
  return judged(
    {
      ...lockOn(world, "ROW EXCLUSIVE", table),
      scans: all,
      loses: isOld ? `${all ? "all" : "some"} rows of ${table}` : null,
    },
    hazard("delete-all-rows", `DELETE of every row of ${table}`, all),
  );
};

/** TRUNCATE. */
export const truncate: Judge = (tree, world) => {
  const tables = nodes(tree, "relations").map(({ tree: one }) => relationName(one));
  const old = tables.filter((table) => !world.isNew(table));
  const cascade = text(tree, "behavior") === "DROP_CASCADE";
  const list = old.join(", ");
  return judged(
    {
      ...lockOn(world, "ACCESS EXCLUSIVE", ...tables),
      loses: old.length === 0 ? null : `all rows of ${list}`,
    },
    hazard("truncate", `TRUNCATE ${list}`, old.length > 0 && !cascade),
    hazard("truncate-cascade", `TRUNCATE ${list} CASCADE`, old.length > 0 && cascade),
  );
};

/** LOCK TABLE; its mode is a number from 1, the weakest. */
export const lockTable: Judge = (tree, world) => {
  const mode = LOCK_MODES[Number(tree.mode ?? 1) - 1] ?? "ACCESS EXCLUSIVE";
  const tables = nodes(tree, "relations").map(({ tree: one }) => relationName(one));
  const locked = lockOn(world, mode, ...tables);
  const list = locked.locks.map(({ relation }) => relation).join(", ");
  const strong = LOCK_MODES.indexOf(mode) >= LOCK_MODES.indexOf("SHARE");
  return judged(
    locked,
    hazard("lock-table", `LOCK TABLE ${list} IN ${mode} MODE`, strong && list !== ""),
  );
};

/** VACUUM and ANALYZE. */
export const vacuum: Judge = (tree, world) => {
  const isVacuum = flag(tree, "is_vacuumcmd");
  const full = isVacuum && optionOn(tree, "options", "full");
  const tables = nodes(tree, "rels").map(({ tree: one }) => relationName(part(one, "relation")));
  const list = tables.length === 0 ? "all tables" : tables.join(", ");
  return judged(
    {
      ...lockOn(world, full ? "ACCESS EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE", ...tables),
      rewrites: full,
      scans: true,
      transactional: !isVacuum,
    },
    hazard("table-rewrite", `VACUUM FULL writes ${list} anew`, full),
  );
};

/** CLUSTER. */
export const cluster: Judge = (tree, world) => {
  const table = relationName(part(tree, "relation"));
  return judged(
    {
      ...lockOn(world, "ACCESS EXCLUSIVE", table),
      rewrites: true,
      scans: true,
      transactional: table !== "",
    },
    hazard("table-rewrite", `CLUSTER writes ${table || "tables"} anew`, !world.isNew(table)),
  );
};

/** REINDEX. */
export const reindex: Judge = (tree, world) => {
  const what = text(tree, "kind").replace(/^REINDEX_OBJECT_/, "");
  const name = relationName(part(tree, "relation")) || text(tree, "name");
  const concurrent = optionOn(tree, "params", "concurrently");
  const whole = !["INDEX", "TABLE"].includes(what);
  const isOld = whole || what === "INDEX" ? !world.isNewIndex(name) : !world.isNew(name);
  const mode = concurrent
    ? "SHARE UPDATE EXCLUSIVE"
    : what === "INDEX"
    ? "ACCESS EXCLUSIVE"
    : "SHARE";
  return judged(
    {
      ...lockOn(world, mode, whole ? "" : name),
      scans: isOld,
      transactional: !concurrent && !whole,
    },
    hazard("reindex-locks", `REINDEX ${what} ${name}`, isOld && !concurrent),
  );
};

/** REFRESH MATERIALIZED VIEW. */
export const refresh: Judge = (tree, world) => {
  const view = relationName(part(tree, "relation"));
  const concurrent = flag(tree, "concurrent");
  return judged(
    { ...lockOn(world, concurrent ? "EXCLUSIVE" : "ACCESS EXCLUSIVE", view), scans: true },
    hazard(
      "refresh-locks",
      `REFRESH MATERIALIZED VIEW ${view}`,
      !concurrent && !world.isNew(view) && !flag(tree, "skipData"),
    ),
  );
};

/** CREATE STATISTICS, which names its table in a list. */
export const createStatistics: Judge = (tree, world) =>
  joinedJudgement(
    nodes(tree, "relations").map(({ tree: one }) =>
      judged(lockOn(world, "SHARE UPDATE EXCLUSIVE", relationName(one)))
    ),
  );
