import type { Catalog } from "../../src/catalog/catalog.ts";
import { identityOf } from "../../src/catalog/identity.ts";
import { renameStatements } from "../ddl/ddl.ts";
import { statement } from "../ddl/make.ts";
import type { DdlStatement } from "../ddl/statement.ts";
import { renameLabel } from "../ddl/types.ts";
import type { Change, Rename } from "../diff/change.ts";
import { diff } from "../diff/diff.ts";
import { connect } from "./edges.ts";
import { emptyCatalog } from "./empty.ts";
import type { Node } from "./node.ts";
import { Work } from "./nodes.ts";
import { inOrder } from "./order.ts";
import type { Plan, PlanOptions, Step } from "./step.ts";
import { tear } from "./torn.ts";
import { makeWorld, otherKind, type World } from "./world.ts";

/**
 * Puts changes into the statements that carry them out, in order.
 *
 * What stands on something that is dropped, made again or given another type is taken down before and
 * put up after, with all its parts. Pure, and the same for the same changes.
 *
 * @example
 * ```ts
 * import { integer, model, text } from "@matrx/orm";
 * import { diff, plan, toCatalog } from "@matrx/orm/migrations";
 *
 * class Before extends model("notes", { id: integer().primaryKey(), note: text() }) {}
 * class After extends model("notes", { id: integer().primaryKey(), title: text() }) {}
 * const [live, declared] = [toCatalog([Before]), toCatalog([After])];
 * const { steps } = plan(diff(live, declared), live, declared);
 * for (const step of steps) console.log(`${step.sql};`);
 * ```
 */
export function plan(
  changes: readonly Change[],
  live: Catalog,
  declared: Catalog,
  options: PlanOptions = {},
): Plan {
  const world = makeWorld(changes, live, declared);
  const torn = tear(world);
  const ownership = options.owners === false ? null : { role: options.role ?? null };
  const work = new Work(world, torn, options.safe ?? true, ownership);
  work.fill();
  connect(work);
  const steps = changes.filter((change) => change.action === "rename").flatMap(renameSteps);
  const guests = guestsOf(work);
  for (const node of inOrder(work.nodes)) {
    steps.push(...node.statements().map((one) => step(node, one, world)));
    for (const guest of guests(node)) {
      steps.push(...work.guestStatements(guest).map((one) => step(guest, one, world)));
    }
  }
  return { steps: settled(steps, world) };
}

/**
 * The statements that make a catalog in an empty database, in their plain forms.
 *
 * What a new database has and the catalog does not name stays.
 *
 * @example
 * ```ts
 * import { integer, model, text } from "@matrx/orm";
 * import { buildScript, toCatalog } from "@matrx/orm/migrations";
 *
 * class Note extends model("notes", { id: integer().primaryKey(), title: text() }) {}
 * const { steps } = buildScript(toCatalog([Note]), { owners: false });
 * for (const { sql } of steps) console.log(`${sql};`);
 * ```
 */
export function buildScript(catalog: Catalog, options: PlanOptions = {}): Plan {
  const empty = emptyCatalog(catalog.serverVersion);
  const changes = diff(empty, catalog, {}, {
    manages: () => false,
    owners: options.owners,
  });
  return plan(changes, empty, catalog, { ...options, safe: false });
}

/** The nodes that another one carries, in the order of their names. */
function guestsOf(work: Work): (node: Node) => Node[] {
  let hosted: Map<Node, Node[]> | undefined;
  return (node) => {
    if (hosted === undefined) {
      hosted = new Map();
      for (const one of work.nodes.values()) {
        if (one.host === null || one.id.startsWith("drop ")) continue;
        const list = hosted.get(one.host);
        if (list === undefined) hosted.set(one.host, [one]);
        else list.push(one);
      }
    }
    return hosted.get(node) ?? [];
  };
}

function step(node: Node, one: DdlStatement, world: World): Step {
  const kind = / VALIDATE CONSTRAINT /.test(one.sql) ? "validate" : node.kind;
  return { ...one, ...risk(one, world), kind, object: node.object };
}

/** A relation that this plan makes is in nobody's use: what is done to it locks out no one. */
function risk(one: DdlStatement, { live, fates }: World): Partial<DdlStatement> {
  if (one.lock === null) return {};
  const { objects } = live.catalog;
  const told = one.lock.relation;
  const relation = objects.has(told) ? told : otherKind(told, live.catalog) ?? told;
  const fate = fates.get(relation);
  const isNew = !objects.has(relation) ||
    fate === "rebuild" && !/^(?:DROP|DO) /.test(one.sql) && one.loss === null;
  if (isNew) return { lock: null, rewrites: false, scans: false };
  return { lock: { ...one.lock, relation } };
}

function renameSteps(change: Rename): Step[] {
  const object = identityOf(change.before);
  const statements = change.label !== null && change.before.kind === "enum"
    ? [renameLabel(change.before, change.label.from, change.label.to)]
    : renameStatements(change.before, change.after) ?? [];
  return statements.map((one) => ({ ...one, kind: "rename", object }));
}

const ROUTINE = /^(?:function|procedure) /;

/** Adds what the steps need around them, and lets labels that nobody uses yet be added with the rest. */
function settled(steps: readonly Step[], world: World): Step[] {
  const freed = steps.map((one, at) => {
    if (one.transactional || !one.object.startsWith("enum ") || one.kind !== "alter") return one;
    const isUsed = steps.slice(at + 1).some((later) =>
      later.object !== one.object && needsLabel(later.object, one.object, world)
    );
    return isUsed ? one : { ...one, transactional: true };
  });
  const makes = freed.some((one) => ROUTINE.test(one.object) && /^CREATE /.test(one.sql));
  if (!makes) return freed;
  const off: Step = {
    // a body may speak of what comes later in the plan
    ...statement("SET check_function_bodies = off"),
    kind: "setting",
    object: "",
  };
  const on: Step = { ...statement("RESET check_function_bodies"), kind: "setting", object: "" };
  return [off, ...freed, on];
}

function needsLabel(name: string, type: string, { target }: World): boolean {
  const needs = target.needs(name);
  if (needs.includes(type)) return true;
  const more = name.startsWith("column ") ? target.needs(`default${name.slice(6)}`) : [];
  // a check, index or view reaches the type through its columns
  return more.includes(type) ||
    needs.some((one) => one.startsWith("column ") && target.needs(one).includes(type)) ||
    name.startsWith("table ") && target.parts(name).some((one) => target.needs(one).includes(type));
}
