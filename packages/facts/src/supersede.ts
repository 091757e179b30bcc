import type { Judged } from "./judge.js";
import type { ApprovalPredicate, DeclarationPredicate, ScanPredicate } from "./statements.js";

/**
 * Marks, in log order, what newer entries have replaced. Order is the log index, never a claimed time.
 * What was said twice counts where it was said first: replaying an old clean scan must not outdo a newer one, in whatever
 * envelope it comes.
 */
export function supersede(chain: readonly Judged[]): Judged[] {
  const judged = chain.map((item) => ({ ...item }));
  spreadEndings(judged);
  markReplays(judged);
  for (const later of judged) {
    for (const earlier of judged) {
      if (earlier.entry.index >= later.entry.index) break;
      if (earlier.status === "held" && later.status === "held" && replaces(later, earlier)) {
        earlier.status = "superseded";
        earlier.reason = `superseded by entry ${later.entry.index}`;
        earlier.by = later.entry.index;
      }
    }
  }
  return judged;
}

const sayingOf = ({ entry, said }: Judged): string => `${entry.signer} ${said ?? entry.envelope}`;

/** What was revoked or erased in one envelope is so in every other that says the same. */
function spreadEndings(judged: Judged[]): void {
  const ended = new Map<string, Judged>();
  for (const item of judged) {
    if (item.status === "revoked" || item.status === "erased") ended.set(sayingOf(item), item);
  }
  for (const item of judged) {
    const ending = ended.get(sayingOf(item));
    if (item.status !== "held" || ending === undefined) continue;
    item.status = ending.status;
    item.reason = `says what entry ${ending.entry.index} said, which was ${ending.reason}`;
    item.by = ending.by ?? ending.entry.index;
  }
}

function markReplays(judged: Judged[]): void {
  const first = new Map<string, number>();
  for (const item of judged) {
    const saying = sayingOf(item);
    const before = first.get(saying);
    if (before === undefined) first.set(saying, item.entry.index);
    else if (item.status === "held") {
      item.status = "superseded";
      item.reason = `a repetition of entry ${before}, which counts in its place`;
      item.by = before;
    }
  }
}

function replaces(later: Judged, earlier: Judged): boolean {
  if (later.entry.predicate !== earlier.entry.predicate || later.principal !== earlier.principal)
    return false;
  if (later.entry.predicate === "scan") {
    const [next, before] = [predicate<ScanPredicate>(later), predicate<ScanPredicate>(earlier)];
    return (
      next.scanner.name === before.scanner.name && compareRules(before.scanner.rules, next.scanner.rules) <= 0
    );
  }
  if (later.entry.predicate === "approval") {
    const [next, before] = [predicate<ApprovalPredicate>(later), predicate<ApprovalPredicate>(earlier)];
    // By key: one person's two roles may sit on two keys, and then both approvals count.
    const sameKey = later.entry.signer === earlier.entry.signer;
    return sameKey && next.action === before.action && next.environment === before.environment;
  }
  if (later.entry.predicate === "declaration") {
    const next = predicate<DeclarationPredicate>(later);
    const { nonce: _, tags, ...before } = predicate<DeclarationPredicate>(earlier);
    // What is not said anew stays said: who adds one tag takes no other away.
    return covers(next, before) && covers(next.tags, tags);
  }
  return false;
}

const covers = (next: object = {}, before: object = {}): boolean =>
  Object.keys(before).every((name) => Object.hasOwn(next, name));

const predicate = <P>({ statement }: Judged): P => statement?.predicate as P;

/** Compares rule versions such as `2026.11.2` part by part: numbers as numbers, the rest as text. */
function compareRules(a: string, b: string): number {
  const [left, right] = [a.split(/[.\-+]/), b.split(/[.\-+]/)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const order = comparePart(left[at] ?? "", right[at] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(a: string, b: string): number {
  const digits = /^\d{1,15}$/;
  if (digits.test(a) && digits.test(b)) return Number(a) - Number(b);
  return a < b ? -1 : Number(a > b);
}
