import type { Node } from "./node.ts";

/** What nodes do together with another: the other's id. */
function carrier(node: Node): Node {
  let at = node;
  while (at.host !== null) at = at.host;
  return at;
}

/**
 * Puts nodes into an order in which each comes after those it has to come after.
 *
 * Where the wishes close a circle, work that was to be done along with other work is taken apart
 * first, then the wishes that may give way are dropped. The same nodes give the same order.
 */
export function inOrder(nodes: ReadonlyMap<string, Node>): Node[] {
  for (;;) {
    const { done, left: stuck } = attempt(nodes);
    if (stuck.length === 0) return done;
    const left = circling(stuck, nodes);
    const parted = new Set(left.map((node) => node.id));
    const guests = [...nodes.values()].filter((node) =>
      node.host !== null && parted.has(carrier(node).id)
    );
    const apart = guests.filter((node) => / constraint "/.test(node.id));
    const parting = apart.length > 0
      ? apart
      : guests.filter((node) => node.id.startsWith("create column "));
    if (parting.length > 0) {
      for (const node of parting) node.host = null;
      continue;
    }
    const isIn = (id: string): boolean => {
      const node = nodes.get(id);
      return node !== undefined && parted.has(carrier(node).id);
    };
    const wishes = [...nodes.values()].filter((node) => isIn(node.id)).flatMap((node) =>
      [...node.rather].filter((id) => node.after.has(id) && isIn(id)).map((id) => ({ node, id }))
    );
    if (wishes.length > 0) {
      for (const { node, id } of wishes) node.after.delete(id);
      continue;
    }
    // a circle that no order serves: the server says what is wrong with it
    left[0]!.after.clear();
  }
}

/** The nodes of circles and between them, without those that only wait for one. */
function circling(stuck: readonly Node[], nodes: ReadonlyMap<string, Node>): Node[] {
  const left = new Set(stuck);
  for (;;) {
    const waitedFor = new Set<Node>();
    for (const node of nodes.values()) {
      const own = carrier(node);
      if (!left.has(own)) continue;
      for (const id of node.after) {
        const before = nodes.get(id);
        if (before !== undefined && carrier(before) !== own) waitedFor.add(carrier(before));
      }
    }
    const free = [...left].filter((node) => !waitedFor.has(node));
    if (free.length === 0) return stuck.filter((node) => left.has(node));
    for (const node of free) left.delete(node);
  }
}

function attempt(nodes: ReadonlyMap<string, Node>): { done: Node[]; left: Node[] } {
  const waits = new Map<string, Set<string>>();
  const followers = new Map<string, string[]>();
  for (const node of nodes.values()) {
    const own = carrier(node).id;
    if (!waits.has(own)) waits.set(own, new Set());
    for (const id of node.after) {
      const before = nodes.get(id);
      if (before === undefined) continue;
      const other = carrier(before).id;
      if (other === own || waits.get(own)!.has(other)) continue;
      waits.get(own)!.add(other);
      const list = followers.get(other);
      if (list === undefined) followers.set(other, [own]);
      else list.push(own);
    }
  }
  const ready = new Heap();
  for (const [id, all] of waits) if (all.size === 0) ready.push(nodes.get(id)!);
  const done: Node[] = [];
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    done.push(node);
    for (const id of followers.get(node.id) ?? []) {
      const open = waits.get(id)!;
      open.delete(node.id);
      if (open.size === 0) ready.push(nodes.get(id)!);
    }
  }
  const finished = new Set(done.map((node) => node.id));
  const left = [...waits.keys()].filter((id) => !finished.has(id)).map((id) => nodes.get(id)!)
    .sort(compare);
  return { done, left };
}

function compare(a: Node, b: Node): number {
  return a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1] || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** The nodes that could come next, the first of them on top. */
class Heap {
  readonly #items: Node[] = [];

  push(node: Node): void {
    const items = this.#items;
    items.push(node);
    let at = items.length - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (compare(items[up]!, items[at]!) <= 0) break;
      [items[up], items[at]] = [items[at]!, items[up]!];
      at = up;
    }
  }

  pop(): Node | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined || items.length === 0) return top;
    items[0] = last;
    for (let at = 0;;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < items.length && compare(items[child]!, items[least]!) < 0) least = child;
      }
      if (least === at) return top;
      [items[at], items[least]] = [items[least]!, items[at]!];
      at = least;
    }
  }
}
