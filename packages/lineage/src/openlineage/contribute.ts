import { isDigest } from "@countersign/evidence";
import { ASSET_KINDS } from "@countersign/facts";
import type { ColumnFlow, Contribution, Edge, Node } from "../graph.js";
import { assetNode, externalNode, jobNode, runNode } from "../keys.js";
import type { DatasetName, LineageDataset, LineageEvent } from "./event.js";

/** Datasets in this namespace are assets of the inventory: `countersign://WORKSPACE/KIND`. */
export const assetNamespace = (workspace: string, kind: string): string =>
  `countersign://${workspace}/${kind}`;

/** What an event says, as nodes and edges. A process is the run, or the job where no run is named. */
export function contributionOfEvent(event: LineageEvent, workspace: string): Contribution {
  const parts = new Parts(workspace);
  const process = processOf(event, parts);
  const read = event.inputs.map((dataset) => parts.input(dataset));
  const written = event.outputs.map((dataset) => ({
    key: parts.dataset(dataset),
    columns: parts.columns(dataset),
  }));
  if (process === undefined) for (const output of written) parts.derived(output);
  else parts.connect(process, read, written);
  return { nodes: parts.nodes, edges: parts.edges, names: parts.names };
}

function processOf({ run, job }: LineageEvent, parts: Parts): string | undefined {
  if (job === undefined) return undefined;
  const jobKey = jobNode(job.namespace, job.name);
  parts.nodes.push({ key: jobKey, type: "job", kind: "", name: job.name });
  if (run === undefined) return jobKey;
  const key = runNode(run.id);
  parts.nodes.push({ key, type: "run", kind: "Run", name: job.name });
  parts.edges.push({ from: jobKey, to: key, relation: "uses" });
  if (run.parent !== undefined) {
    const parent = runNode(run.parent);
    parts.nodes.push({ key: parent, type: "run", kind: "Run", name: "" });
    parts.edges.push({ from: key, to: parent, relation: "part" });
  }
  return key;
}

interface Output {
  key: string;
  columns: ColumnFlow[];
}

class Parts {
  readonly nodes: Node[] = [];
  readonly edges: Edge[] = [];
  readonly names: { node: string; name: string }[] = [];
  readonly #workspace: string;
  readonly #known = new Set<string>();
  /** The version that was read, by the dataset's own key. */
  readonly #read = new Map<string, string>();

  constructor(workspace: string) {
    this.#workspace = workspace;
  }

  input(dataset: LineageDataset): string {
    const key = this.dataset(dataset);
    this.#read.set(this.#named(dataset), key);
    return key;
  }

  /** The node of a dataset: its version where the event names one by digest, else the dataset as a whole. */
  dataset(dataset: LineageDataset): string {
    const whole = this.#named(dataset);
    for (const other of dataset.symlinks) this.#same(whole, this.#named(other));
    const { version, name } = dataset;
    if (version === undefined || !isDigest(version)) return whole;
    this.nodes.push({ key: version, type: "version", kind: "Dataset", name });
    this.edges.push({ from: whole, to: version, relation: "version" });
    this.edges.push({ from: version, to: whole, relation: "of" });
    return version;
  }

  columns({ columns }: LineageDataset): ColumnFlow[] {
    const nodeOf = (name: DatasetName): string => {
      const whole = this.#named(name);
      return this.#read.get(whole) ?? whole;
    };
    return columns.map(({ to, from }) => ({
      to,
      from: from.map((input) => ({ node: nodeOf(input), field: input.field })),
    }));
  }

  connect(process: string, read: string[], written: Output[]): void {
    // A dataset that only the columns speak of was read all the same.
    const inputs = new Set([...read, ...written.flatMap(({ columns }) => sourcesOf(columns))]);
    for (const from of inputs) this.edges.push({ from, to: process, relation: "input" });
    for (const { key, columns } of written) {
      const said = columns.length === 0 ? {} : { columns };
      this.edges.push({ from: process, to: key, relation: "output", ...said });
    }
  }

  /** Without a process between them, the columns alone say what a dataset was made from. */
  derived({ key, columns }: Output): void {
    for (const source of sourcesOf(columns)) {
      if (source === key) continue;
      const own = columns
        .map(({ to, from }) => ({ to, from: from.filter(({ node }) => node === source) }))
        .filter(({ from }) => from.length > 0);
      this.edges.push({ from: source, to: key, relation: "derived", columns: own });
    }
  }

  #same(one: string, other: string): void {
    if (one === other) return;
    this.edges.push({ from: one, to: other, relation: "same" }, { from: other, to: one, relation: "same" });
  }

  #named({ namespace, name }: DatasetName): string {
    const kind = ASSET_KINDS.find((known) => namespace === assetNamespace(this.#workspace, known));
    const key = kind === undefined ? externalNode(namespace, name) : assetNode(kind, name);
    if (this.#known.has(key)) return key;
    this.#known.add(key);
    if (kind !== undefined) this.nodes.push({ key, type: "asset", kind, name });
    else {
      this.nodes.push({ key, type: "external", kind: "Dataset", name });
      this.names.push({ node: key, name }, { node: key, name: `${namespace}/${name}` });
    }
    return key;
  }
}

const sourcesOf = (columns: ColumnFlow[]): string[] => [
  ...new Set(columns.flatMap(({ from }) => from.map(({ node }) => node))),
];
