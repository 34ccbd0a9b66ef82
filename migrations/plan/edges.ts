import { identity } from "../../src/catalog/identity.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";
import type { Node } from "./node.ts";
import type { Work } from "./nodes.ts";
import { partitionsBelow } from "./parted.ts";
import { parentTables } from "./world.ts";

/** Says of every node what it has to come after. */
export function connect(work: Work): void {
  const link = linker(work);
  for (const node of work.nodes.values()) {
    const [what] = node.id.split(" ", 1);
    RULES[what!]?.(node, work, link);
  }
  parentage(work, link);
  names(work, link);
  edges(work, link);
}

type Link = (before: string, after: string, rather?: boolean) => void;
type Rule = (node: Node, work: Work, link: Link) => void;

function linker({ nodes }: Work): Link {
  return (before, after, rather = false) => {
    const node = nodes.get(after);
    if (node === undefined || before === after || !nodes.has(before)) return;
    if (rather && !node.after.has(before)) node.rather.add(before);
    if (!rather) node.rather.delete(before);
    node.after.add(before);
  };
}

const columnOf = (name: string): string => `column${name.slice(7)}`;

/** The nodes after which an object of the live catalog needs another no longer. */
function releases(name: string): { firmly: string[]; rather: string[] } {
  if (name.startsWith("default ")) {
    const column = columnOf(name);
    return {
      firmly: [`undefault ${column}`, `drop ${column}`, `recast ${column}`],
      rather: [`alter ${column}`],
    };
  }
  return {
    firmly: [`drop ${name}`, `recast ${name}`, `leave ${name}`, `free ${name}`],
    rather: [`alter ${name}`],
  };
}

/** The nodes after which an object of the target is there as it should be. */
const made = (name: string): string[] => [`create ${name}`, `recast ${name}`, `alter ${name}`];

/** What a node's object needs in the target, with what the default of a column needs. */
function needsOf(name: string, { world: { target } }: Work): readonly string[] {
  const own = target.needs(name);
  return name.startsWith("column ") ? [...own, ...target.needs(`default${name.slice(6)}`)] : own;
}

const afterNeeds: Rule = (node, work, link) => {
  const isAlter = !node.id.startsWith("create ");
  const object = work.world.target.catalog.objects.get(node.object);
  // a table changes whatever its parents do; it leaves and joins them by nodes of their own
  const parents = isAlter && object?.kind === "table" ? parentTables(object) : [];
  for (const need of needsOf(node.object, work)) {
    if (need === node.object || parents.includes(need)) continue;
    for (const id of made(need)) link(id, node.id, isAlter && id.startsWith("alter "));
  }
};

/** What comes from the tables that a table inherits from is there before it. */
const afterInherited: Rule = (node, { world: { target } }, link) => {
  const object = target.catalog.objects.get(node.object);
  if (object === undefined) return;
  const isPart = object.kind === "column" || object.kind === "constraint";
  if (object.kind !== "table" && !(isPart && !object.local)) return;
  const name = object.kind === "table" ? node.object : target.parent(node.object);
  const table = name === null ? undefined : target.catalog.objects.get(name);
  if (table?.kind !== "table") return;
  for (const parent of table.inherits) {
    if (isPart) {
      const part = identity(object.kind, [parent.schema, parent.table, object.name]);
      for (const id of made(part)) link(id, node.id, true);
      continue;
    }
    for (const part of target.parts(identity("table", [parent.schema, parent.table]))) {
      if (part.startsWith("column ")) { for (const id of made(part)) link(id, node.id, true); }
    }
  }
};

/** A change waits until what stands on the object and goes is gone. */
const afterDrops: Rule = (node, { world: { live } }, link) => {
  for (const dependent of live.needed(node.object)) {
    link(`drop ${dependent}`, node.id);
    if (dependent.startsWith("default ")) {
      const column = columnOf(dependent);
      link(`undefault ${column}`, node.id);
      link(`drop ${column}`, node.id);
    }
  }
};

const RULES: Readonly<Record<string, Rule>> = {
  drop: (node, { world: { live } }, link) => {
    for (const dependent of live.needed(node.object)) {
      const { firmly, rather } = releases(dependent);
      for (const id of firmly) link(id, node.id);
      for (const id of rather) link(id, node.id, true);
    }
    link(`aside ${node.object}`, node.id);
  },
  create: (node, work, link) => {
    afterNeeds(node, work, link);
    afterInherited(node, work, link);
    // the name is free once the old one is gone, or put aside
    link(work.isAside(node.object) ? `aside ${node.object}` : `drop ${node.object}`, node.id);
  },
  alter: (node, work, link) => {
    afterNeeds(node, work, link);
    // its owner and comment are nothing to what is in it
    if (node.object.startsWith("schema ")) return;
    afterDrops(node, work, link);
    link(`undefault ${node.object}`, node.id);
    link(`unbind ${node.object}`, node.id);
    link(`leave ${node.object}`, node.id);
  },
  recast: (node, work, link) => {
    afterNeeds(node, work, link);
    afterDrops(node, work, link);
  },
  default: (node, work, link) => {
    afterNeeds(node, work, link);
    link(`undefault ${node.object}`, node.id);
  },
  unbind: (node, work, link) => afterDrops(node, work, link),
  finish: (node, work, link) => {
    const { world: { target } } = work;
    for (const id of made(node.object)) link(id, node.id);
    for (const part of target.parts(node.object)) for (const id of made(part)) link(id, node.id);
    const object = target.catalog.objects.get(node.object);
    if (object?.kind !== "sequence" || object.ownedBy === null) return;
    const { schema, table, column } = object.ownedBy;
    for (const id of made(identity("column", [schema, table, column]))) link(id, node.id);
    link(`alter ${identity("table", [schema, table])}`, node.id);
  },
  fill: (node, { world: { target } }, link) => {
    for (const part of target.parts(node.object)) {
      if (part.startsWith("column ")) { for (const id of made(part)) link(id, node.id); }
    }
    for (const table of [node.object, ...partitionsBelow(node.object, target)]) {
      if (table !== node.object) link(`join ${table}`, node.id);
      for (const on of [table, ...target.parts(table)]) {
        for (const dependent of target.needed(on)) {
          if (seesRows(target.catalog.objects.get(dependent))) {
            link(node.id, `create ${dependent}`, true);
          }
        }
      }
    }
  },
};

/** Whether an object acts on rows, looks at those that are there, or forbids some that are. */
function seesRows(object: CatalogObject | undefined): boolean {
  switch (object?.kind) {
    case "trigger":
    case "rule":
    case "view":
    case "materialized view":
      return true;
    case "constraint":
      return object.type === "foreign" || !object.validated;
    default:
      return false;
  }
}

/** Partitions and children leave their parents before these change, and join them when all is equal. */
function parentage(work: Work, link: Link): void {
  const { world: { live, target } } = work;
  for (const node of [...work.nodes.values()]) {
    if (node.id.startsWith("leave ")) {
      const left = live.catalog.objects.get(node.object);
      const parents = left?.kind === "table" ? parentTables(left) : [];
      for (const table of [node.object, ...parents]) {
        for (const part of live.parts(table)) {
          link(node.id, `drop ${part}`);
          link(node.id, `alter ${part}`);
        }
        if (table !== node.object) link(node.id, `drop ${table}`);
      }
    }
    if (!node.id.startsWith("join ")) continue;
    const table = target.catalog.objects.get(node.object);
    if (table?.kind !== "table") continue;
    link(`leave ${node.object}`, node.id);
    for (const id of made(node.object)) link(id, node.id);
    for (const part of target.parts(node.object)) {
      for (const id of made(part)) if (!part.startsWith("trigger ")) link(id, node.id, true);
      link(`drop ${part}`, node.id, true);
    }
    for (const parent of parentTables(table)) {
      for (const id of made(parent)) link(id, node.id);
      link(node.id, `fill ${parent}`);
      for (const part of target.parts(parent)) {
        const object = target.catalog.objects.get(part)!;
        const isLate = object.kind === "trigger" ||
          object.kind === "constraint" && object.type === "foreign";
        if (isLate) link(node.id, `create ${part}`, true);
        else for (const id of made(part)) link(id, node.id, true);
      }
    }
  }
}

/** The names that an object takes in the rooms of names of its schema. */
function namesOf(object: CatalogObject): string[] {
  const room = (what: string, schema: string, name: string) => JSON.stringify([what, schema, name]);
  switch (object.kind) {
    case "table":
    case "view":
    case "materialized view":
    case "composite":
      return [
        room("relation", object.schema, object.name),
        room("type", object.schema, object.name),
      ];
    case "sequence":
    case "index":
      return [room("relation", object.schema, object.name)];
    case "constraint":
      return ["primary", "unique", "exclusion"].includes(object.type)
        ? [room("relation", object.schema, object.name)]
        : [];
    case "column":
      return object.identity === null
        ? []
        : [room("relation", object.identity.sequence.schema, object.identity.sequence.name)];
    case "enum":
    case "domain":
    case "range":
      return [room("type", object.schema, object.name)];
    case "function":
    case "procedure":
    case "aggregate":
      return [room("routine", object.schema, object.name)];
    case "rule":
    case "trigger":
    case "policy":
      return [room(`${object.kind} ${object.table}`, object.schema, object.name)];
    default:
      return [];
  }
}

/** What takes a name waits until its old holder is gone. */
function names(work: Work, link: Link): void {
  const { world: { live, target } } = work;
  const freed = new Map<string, string[]>();
  for (const node of work.nodes.values()) {
    const object = live.catalog.objects.get(node.object);
    if (object === undefined) continue;
    const frees = node.id.startsWith("drop ") && !work.isAside(node.object) ||
      node.id.startsWith("aside ") || node.id.startsWith("unbind ");
    if (!frees) continue;
    for (const name of namesOf(object)) {
      const list = freed.get(name);
      if (list === undefined) freed.set(name, [node.id]);
      else list.push(node.id);
    }
  }
  for (const node of work.nodes.values()) {
    const object = target.catalog.objects.get(node.object);
    const takes = node.id.startsWith("create ") ||
      node.id.startsWith("alter column ");
    if (object === undefined || !takes) continue;
    for (const name of namesOf(object)) {
      for (const id of freed.get(name) ?? []) if (id !== node.id) link(id, node.id, true);
    }
  }
}

const isLast = (node: Node): boolean =>
  / (?:event trigger|default privilege) /.test(` ${node.object.replace(/".*/s, "")} `);

/** Default privileges change when all is made; event triggers sleep through the plan. */
function edges(work: Work, link: Link): void {
  const all = [...work.nodes.values()];
  const outer = all.filter(isLast);
  if (outer.length === 0) return;
  for (const node of outer) {
    for (const other of all) {
      if (isLast(other)) continue;
      if (node.id.startsWith("drop ")) link(node.id, other.id, true);
      else link(other.id, node.id, true);
    }
  }
}
