import type { GraphNode } from "@countersign/api";
import type { Net } from "../../shared/graph/reach.js";
import type { Family, Group } from "./groups.js";

/** One box of the picture: a node, or many of them in one. */
export interface Item {
  id: string;
  type: string;
  kind: string;
  /** The asset that all members belong to; "" when there are several. */
  name: string;
  members: GraphNode[];
  /** What a click opens: a family, a group, or the rest of one that is open. */
  opens?: string;
}

interface Link {
  from: string;
  to: string;
  count: number;
  relations: string[];
}

export interface Shown {
  items: Item[];
  links: Link[];
  itemOf: Map<string, string>;
}

/** How often each family or group was opened: each time shows one more page of it. */
export type Opened = ReadonlyMap<string, number>;

/** Boxes that a picture may have before whole families become one box. */
const BUDGET = 60;
const FAMILY_BUDGET = 14;
/** A group this small is shown as what it is. */
const FEW = 3;
const PAGE = 30;

/** Families that are shown by group: the small ones first, as long as the picture stays readable. */
const openFamilies = (families: Family[], opened: Opened): Set<string> => {
  const open = new Set(families.filter(({ id }) => opened.has(id)).map(({ id }) => id));
  let boxes = 0;
  for (const family of families.toSorted((a, b) => a.groups.length - b.groups.length)) {
    boxes += boxesOf(family);
    if (boxes <= BUDGET && boxesOf(family) <= FAMILY_BUDGET) open.add(family.id);
  }
  return open;
};

const boxesOf = ({ groups }: Family): number =>
  groups.reduce((sum, { members }) => sum + (members.length <= FEW ? members.length : 1), 0);

const single = (node: GraphNode): Item => ({
  id: node.key,
  type: node.type,
  kind: node.kind,
  name: node.name,
  members: [node],
});

const many = (id: string, name: string, members: GraphNode[], opens: string): Item => ({
  id,
  type: members[0]?.type ?? "",
  kind: members[0]?.kind ?? "",
  name,
  members,
  opens,
});

const groupItems = (group: Group, opened: Opened): Item[] => {
  const { id, name, members } = group;
  const pages = opened.get(id) ?? 0;
  if (members.length <= FEW) return members.map(single);
  if (pages === 0) return [many(id, name, members, id)];
  const rest = members.slice(pages * PAGE);
  const items = members.slice(0, pages * PAGE).map(single);
  return rest.length === 0 ? items : [...items, many(`rest ${id}`, name, rest, id)];
};

const familyItems = (family: Family, open: boolean, opened: Opened): Item[] => {
  const { id, groups } = family;
  const all = groups.flatMap(({ members }) => members);
  if (!open) return all.length === 1 ? all.map(single) : [many(id, oneName(groups), all, id)];
  const pages = Math.max(1, opened.get(id) ?? 1);
  const rest = groups.slice(pages * PAGE).flatMap(({ members }) => members);
  const items = groups.slice(0, pages * PAGE).flatMap((group) => groupItems(group, opened));
  return rest.length === 0 ? items : [...items, many(`rest ${id}`, "", rest, id)];
};

const oneName = (groups: Group[]): string => (groups.length === 1 ? (groups[0]?.name ?? "") : "");

/** Nodes that the reader looks at stand alone, whatever group they are of. */
const pullOut = (items: Item[], pinned: ReadonlySet<string>): Item[] =>
  items.flatMap((item) => {
    if (item.members.length < 2) return [item];
    const out = item.members.filter(({ key }) => pinned.has(key));
    if (out.length === 0) return [item];
    const members = item.members.filter(({ key }) => !pinned.has(key));
    return [...out.map(single), ...(members.length === 0 ? [] : [{ ...item, members }])];
  });

const linksOf = (graph: Net, itemOf: Map<string, string>): Link[] => {
  const links = new Map<string, Link & { kinds: Set<string> }>();
  for (const { from, to, relation } of graph.edges) {
    const [one, other] = [itemOf.get(from), itemOf.get(to)];
    if (one === undefined || other === undefined || one === other) continue;
    const id = `${one} > ${other}`;
    const link = links.get(id) ?? { from: one, to: other, count: 0, relations: [], kinds: new Set() };
    link.count += 1;
    link.kinds.add(relation);
    links.set(id, link);
  }
  return [...links.values()].map(({ kinds, ...link }) => ({ ...link, relations: [...kinds] }));
};

/** What the picture shows of a graph: few enough boxes to read, with everything in one of them. */
export const collapse = (
  graph: Net,
  families: Family[],
  opened: Opened,
  pinned: ReadonlySet<string>,
): Shown => {
  const open = openFamilies(families, opened);
  const items = pullOut(
    families.flatMap((family) => familyItems(family, open.has(family.id), opened)),
    pinned,
  );
  const itemOf = new Map(items.flatMap(({ id, members }) => members.map(({ key }) => [key, id] as const)));
  return { items, links: linksOf(graph, itemOf), itemOf };
};
