import { sha256 } from "@countersign/evidence";
import { allowedName } from "./names.js";

const PRODUCER = "https://countersign.dev/importers/v1";
const SCHEMA = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";
const VERSION_FACET =
  "https://openlineage.io/spec/facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet";

/** An asset that a run read or made, by its name here. */
interface Touched {
  kind: "Dataset" | "Model";
  name: string;
  /** The state of it; lineage follows it where it is a SHA-256 digest. */
  version?: string | undefined;
}

export interface RunFound {
  /** What the source calls the run; a UUID stays what it is. */
  id: string;
  job: { namespace: string; name: string };
  state: "COMPLETE" | "FAIL" | "ABORT" | "START" | "OTHER";
  /** Milliseconds since the epoch. */
  at: number;
  inputs: Touched[];
  outputs: Touched[];
}

/** The same run always makes the same event, so importing it again says nothing new. Without both ends there is none. */
export function runEvents(workspace: string, run: RunFound): object[] {
  if (run.inputs.length + run.outputs.length === 0) return [];
  return [
    {
      eventType: run.state,
      eventTime: new Date(run.at).toISOString(),
      producer: PRODUCER,
      schemaURL: SCHEMA,
      run: { runId: uuidOf(run.job.namespace, run.id) },
      job: run.job,
      inputs: run.inputs.slice(0, 1_000).map((touched) => dataset(workspace, touched)),
      outputs: run.outputs.slice(0, 1_000).map((touched) => dataset(workspace, touched)),
    },
  ];
}

// The lineage graph reads this namespace as the assets of a workspace.
function dataset(workspace: string, { kind, name, version }: Touched): object {
  const facets =
    version === undefined
      ? {}
      : {
          version: { _producer: PRODUCER, _schemaURL: VERSION_FACET, datasetVersion: version.slice(0, 512) },
        };
  return { namespace: `countersign://${workspace}/${kind}`, name: allowedName(name), facets };
}

/** A UUID as it is or without its hyphens; anything else by its digest. */
function uuidOf(namespace: string, id: string): string {
  const plain = id.replaceAll("-", "").toLowerCase();
  const hex = /^[0-9a-f]{32}$/.test(plain)
    ? plain
    : versionEight(sha256(new TextEncoder().encode(`${namespace}\0${id}`)).slice("sha256:".length));
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}

// RFC 9562, 5.8: bits of our own choosing, with version 8 and the variant set.
function versionEight(hex: string): string {
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 12)}8${hex.slice(13, 16)}${variant}${hex.slice(17, 32)}`;
}
