/** How statements that change data are written. */
import type { ConflictSpec, SetItem } from "../ast/nodes.ts";
import { returning, tableName, where } from "./parts.ts";
import type { Output } from "./output.ts";
import type { Renderers } from "./renderers.ts";

/** Writes, by kind. */
export const writes: Renderers<"insert" | "update" | "delete" | "refresh"> = {
  insert(node, out) {
    out.write("insert into ");
    tableName(node.into, out);
    if (node.into.alias !== null) out.write(" as ").name(node.into.alias);
    if (node.columns.length > 0) {
      out.write(" (").list(node.columns, (name) => out.name(name)).write(")");
    }
    if (node.query !== null) {
      out.write(" ");
      out.node(node.query);
    } else if (node.columns.length === 0) out.write(" default values");
    else {
      out.write(" values ").list(node.rows, (row) => {
        out.write("(").list(row, (value) => out.node(value)).write(")");
      });
    }
    if (node.onConflict !== null) conflict(node.onConflict, out);
    returning(node.returning, out);
  },
  update(node, out) {
    out.write("update ");
    out.node(node.table);
    setItems(node.set, out);
    if (node.from !== null) {
      out.write(" from ");
      out.node(node.from);
    }
    where(node.where, out);
    returning(node.returning, out);
  },
  delete(node, out) {
    out.write("delete from ");
    out.node(node.from);
    where(node.where, out);
    returning(node.returning, out);
  },
  refresh(node, out) {
    out.write("refresh materialized view ");
    if (node.concurrently) out.write("concurrently ");
    tableName(node.view, out);
  },
};

function conflict(spec: ConflictSpec, out: Output): void {
  out.write(" on conflict");
  if (spec.target.length > 0) {
    out.write(" (").list(spec.target, (name) => out.name(name)).write(")");
  }
  if (spec.action === "nothing") {
    out.write(" do nothing");
    return;
  }
  where(spec.targetWhere, out);
  out.write(" do update");
  setItems(spec.set, out);
  where(spec.where, out);
}

function setItems(items: readonly SetItem[], out: Output): void {
  out.write(" set ").list(items, (part) => {
    out.name(part.column).write(" = ");
    out.node(part.value);
  });
}
