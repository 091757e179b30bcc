import type { AssetDetail, AssetSummary, Concentration, SupplierConcentration } from "@countersign/api";
import type { Session } from "../session.js";
import { type Printable, type Safe, safe } from "../terminal/safe.js";
import { bold, dim, green, red, verdict, yellow } from "../terminal/style.js";
import { writeTable } from "../terminal/table.js";
import { changeLine } from "./apply.js";

const when = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ");

export function drawAssets(session: Session, items: readonly AssetSummary[], more: boolean): void {
  const { output, io } = session;
  if (items.length === 0) {
    output.line(safe`nothing found: countersign apply -f FILE puts documents into the inventory`);
    return;
  }
  const rows = items.map((item): Printable[] => [
    item.kind,
    item.name,
    item.owner || "-",
    tagsOf(item) || "-",
    item.versions,
    standing(item),
    when(item.updatedAt),
  ]);
  writeTable(io, ["kind", "name", "owner", "tags", "versions", "declared", "changed"], rows);
  if (more) output.note(safe`${dim("there are more: --limit, or narrow it with --query, --tag, --owner")}`);
}

function standing({ declared, dangling }: AssetSummary): Printable {
  if (!declared) return yellow("no");
  return dangling === 0 ? "yes" : safe`yes, ${dangling} dangling`;
}

function tagsOf({ tags }: AssetSummary): string {
  const { owner: _owner, ...rest } = tags;
  return Object.entries(rest)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

export function drawAsset(session: Session, detail: AssetDetail): void {
  const { output } = session;
  const { kind, name, title, owner, declared, index, updatedAt, principal } = detail;
  output.line(safe`${kind} ${bold(name)}${title === "" ? "" : ` (${title})`}`);
  if (!declared)
    output.line(safe`  ${yellow("undeclared")}  versions were admitted, and no document says what it is`);
  if (owner !== "") output.line(safe`  owner     ${owner}`);
  if (tagsOf(detail) !== "") output.line(safe`  tags      ${tagsOf(detail)}`);
  const by = principal === "" ? "" : ` by ${principal}`;
  output.line(safe`  changed   ${when(updatedAt)}${by} ${dim(`(entry ${index})`)}`);
  drawVersions(session, detail);
  drawReferences(session, detail);
  drawSuppliers(session, detail);
  drawLicences(session, detail);
  for (const { level, text } of detail.notices) {
    output.line(safe`  ${level === "warning" ? red("warning") : yellow("remark")}   ${text}`);
  }
  const [last] = detail.history;
  if (last?.action === "updated") {
    output.line(safe`  last change`);
    for (const change of last.changes.slice(0, 8)) output.line(safe`    ${changeLine(change)}`);
  }
  if (declared) output.note(safe`${dim(`the document: countersign get ${kind} ${name} --output yaml`)}`);
}

function drawVersions({ output }: Session, { newest, versions }: AssetDetail): void {
  for (const { artifact, decisions, environments } of newest.slice(0, 3)) {
    const [decision] = [...decisions].sort((a, b) => b.index - a.index);
    const said = decision
      ? safe`${verdict(decision.outcome)} (${decision.gate} in ${decision.environment})`
      : "";
    const where = environments.length === 0 ? "" : ` in ${environments.join(", ")}`;
    output.line(safe`  version   ${artifact} ${said}${where}`);
  }
  if (versions > 3) output.line(safe`            ${dim(`and ${versions - 3} more`)}`);
}

function drawReferences({ output }: Session, { references, cycle }: AssetDetail): void {
  for (const { kind, name, relation, known } of references.out) {
    output.line(
      safe`  rests on  ${kind} ${name} ${dim(relation)}${known ? "" : red(" (not in the inventory)")}`,
    );
  }
  for (const { kind, name, relation } of references.in.slice(0, 50)) {
    output.line(safe`  used by   ${kind} ${name} ${dim(relation)}`);
  }
  if (cycle.length > 0)
    output.line(safe`  ${yellow("circle")}    ${[...cycle, cycle[0] ?? ""].join(" -> ")}`);
}

function drawSuppliers({ output }: Session, { suppliers }: AssetDetail): void {
  for (const { name, country, sanctions, single } of suppliers) {
    const place = country === "" ? "" : ` (${country})`;
    output.line(
      safe`  supplier  ${name}${place}, sanctions ${sanctionsWord(sanctions)}${single ? yellow(", no alternative declared") : ""}`,
    );
  }
}

function drawLicences({ output }: Session, { licences }: AssetDetail): void {
  for (const { vendor, id, uses, forbids, regions, customers, inForce } of licences) {
    const limits = [
      ...(forbids.length > 0 ? [`not for ${forbids.join(", ")}`] : []),
      ...(regions.length > 0 ? [`in ${regions.join(", ")}`] : []),
      ...(customers.length > 0 ? [`by ${customers.join(", ")}`] : []),
    ];
    const holds = inForce ? "" : yellow(" (not in force today)");
    output.line(
      safe`  licence   ${id} of ${vendor}: ${[`for ${uses.join(", ")}`, ...limits].join("; ")}${holds}`,
    );
  }
}

function sanctionsWord({ status, list }: SupplierConcentration["sanctions"]): Safe {
  if (status === "clear") return green("clear");
  return status === "listed" ? safe`${red("listed")} (${list})` : yellow(status);
}

export function drawConcentration(session: Session, found: Concentration): void {
  const { output, io } = session;
  if (found.suppliers.length === 0) {
    output.line(safe`no asset names a supplier: say spec.vendor in a document`);
    return;
  }
  const rows = found.suppliers.map((supplier): Printable[] => [
    supplier.declared ? supplier.name : safe`${supplier.name} ${yellow("(undeclared)")}`,
    supplier.country || "-",
    sanctionsWord(supplier.sanctions),
    supplier.dependants,
    supplier.single,
    `${Math.round(supplier.share * 100)}%`,
    supplier.examples.slice(0, 3).join(" "),
  ]);
  writeTable(io, ["supplier", "country", "sanctions", "rest on it", "single", "of all", "such as"], rows);
  output.line(
    safe`\n${found.assets} assets, of which ${found.unsupplied} name no supplier. ${dim("single: would stop, with no alternative declared")}`,
  );
}
