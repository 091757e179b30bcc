import type { PolicySet } from "./load.js";
import type { EligibleApprover, GateRequest } from "./types.js";

/** Roles by principal: the approvals that count for one request. */
export type Counted = ReadonlyMap<string, string[]>;

/** The most approvals that a pending decision asks for. */
const MOST = 5;
/** Questions put to Cedar per search; beyond it, the answer stays a plain deny. */
const BUDGET = 128;

/** Approvals for this gate and environment by people other than the authors, who never count for their own work. */
export function countedApprovals({ gate, environment, facts }: GateRequest): Counted {
  const here = facts.approvals.filter((one) => one.action === gate && one.environment === environment);
  return byPrincipal(here, (principal) => !facts.authors.includes(principal));
}

function byPrincipal(
  people: EligibleApprover[],
  include: (principal: string) => boolean,
): Map<string, string[]> {
  const roles = new Map<string, string[]>();
  for (const { principal, role } of people) {
    if (principal === "" || !include(principal)) continue;
    const held = roles.get(principal) ?? [];
    if (role !== "" && !held.includes(role)) held.push(role);
    roles.set(principal, held);
  }
  return roles;
}

/** Those who could still approve: neither an author nor anyone who has. */
function candidatesOf(request: GateRequest, counted: Counted): Map<string, string[]> {
  const { authors } = request.facts;
  return byPrincipal(request.eligibleApprovers, (one) => !authors.includes(one) && !counted.has(one));
}

export interface Needed {
  count: number;
  /** Everyone who belongs to a smallest set of approvals that would allow; sorted. */
  approvers: string[];
  /** One such set. */
  example: Counted;
}

type Try = (approvals: Counted) => boolean;

/** The smallest number of further approvals, up to five, with which `allows` says yes, and who can give them. */
export function search(
  request: GateRequest,
  set: PolicySet,
  counted: Counted,
  allows: Try,
): Needed | undefined {
  const groups = alike(candidatesOf(request, counted), namesThatMatter(request, set));
  let budget = BUDGET;
  for (let count = 1; count <= MOST; count++) {
    const helping = new Set<Group>();
    let example: Counted | undefined;
    for (const sizes of choices(groups, count)) {
      if (budget-- === 0) return undefined;
      const approvals = withApprovals(counted, sizes);
      if (!allows(approvals)) continue;
      example ??= approvals;
      for (const [group] of sizes) helping.add(group);
    }
    if (example) return { count, example, approvers: [...helping].flatMap((group) => group.members).sort() };
  }
  return undefined;
}

interface Group {
  members: string[];
  roles: Map<string, string[]>;
}

/**
 * People whom no policy can tell apart: policies only compare, so two principals differ to them when an id or a
 * role is written in a policy or occurs in the request. Trying one of each kind instead of everyone keeps a search
 * among a hundred approvers as short as among two.
 */
function alike(candidates: Counted, matter: ReadonlySet<string>): Group[] {
  const groups = new Map<string, Group>();
  for (const [principal, roles] of [...candidates].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const known = roles.filter((role) => matter.has(role)).sort();
    const key = JSON.stringify([matter.has(principal) ? principal : "", roles.length > known.length, known]);
    const group: Group = groups.get(key) ?? { members: [], roles: new Map() };
    group.members.push(principal);
    group.roles.set(principal, roles);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function namesThatMatter(request: GateRequest, { mentions }: PolicySet): Set<string> {
  const names = new Set([...mentions.strings, ...mentions.principals]);
  const { facts, eligibleApprovers: _, ...rest } = request;
  collect({ ...facts, approvals: [] }, names);
  collect(rest, names);
  return names;
}

function collect(value: unknown, into: Set<string>): void {
  if (typeof value === "string") into.add(value);
  else if (typeof value === "object" && value !== null)
    for (const member of Object.values(value)) collect(member, into);
}

/** Every way to take `count` people from the groups, as how many from each. */
function* choices(groups: Group[], count: number): Generator<[Group, number][]> {
  const [first, ...rest] = groups;
  if (count === 0) yield [];
  if (count === 0 || first === undefined) return;
  for (let taken = Math.min(count, first.members.length); taken >= 0; taken--) {
    for (const others of choices(rest, count - taken))
      yield taken === 0 ? others : [[first, taken], ...others];
  }
}

function withApprovals(counted: Counted, sizes: [Group, number][]): Counted {
  const all = new Map(counted);
  for (const [group, size] of sizes) {
    for (const principal of group.members.slice(0, size))
      all.set(principal, group.roles.get(principal) ?? []);
  }
  return all;
}

/**
 * Asks with approvals by everyone imaginable. If these do not help, approvals are not what is missing; otherwise the
 * answer is a smallest choice of roles that somebody would have to have, none if anybody would do.
 */
export function missingRoles(
  request: GateRequest,
  set: PolicySet,
  counted: Counted,
  allows: Try,
): string[] | undefined {
  const enough = (roles: string[]): boolean => allows(imaginable(request, set, counted, roles));
  const all = [...set.mentions.strings].sort();
  return enough(all) ? fewest(all, [], enough) : undefined;
}

/** As few of `roles` as are enough beside those `given`; halving keeps the questions few. */
function fewest(roles: string[], given: string[], enough: (roles: string[]) => boolean): string[] {
  if (enough(given)) return [];
  if (roles.length <= 1) return roles;
  const half = roles.length >> 1;
  const first = roles.slice(0, half);
  const later = fewest(roles.slice(half), [...given, ...first], enough);
  return [...fewest(first, [...given, ...later], enough), ...later];
}

/** Approvals by all who may approve, whom a policy names, and five others: with `roles` beside those that they have. */
function imaginable(request: GateRequest, set: PolicySet, counted: Counted, roles: string[]): Counted {
  const { authors } = request.facts;
  const candidates = candidatesOf(request, counted);
  // A space, so that nobody real is meant.
  const others = Array.from({ length: MOST }, (_, i) => `somebody else ${i}`);
  const all = new Map(counted);
  for (const person of [...candidates.keys(), ...set.mentions.principals, ...others]) {
    if (person === "" || authors.includes(person)) continue;
    const held = candidates.get(person) ?? counted.get(person) ?? [];
    all.set(person, [...held, ...roles]);
  }
  return all;
}
