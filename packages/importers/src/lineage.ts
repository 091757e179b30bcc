import { sha256 } from "@countersign/evidence";

const PRODUCER = "https://countersign.dev/importers/v1";
const SCHEMA = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";
const VERSION_FACET =
  "https://openlineage.io/spec/facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet";

export interface Touched {
  namespace: string;
  name: string;
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

/** The same run always makes the same event, so importing it again says nothing new. */
export function runEvent(run: RunFound): object {
  return {
    eventType: run.state,
    eventTime: new Date(run.at).toISOString(),
    producer: PRODUCER,
    schemaURL: SCHEMA,
    run: { runId: uuidOf(run.job.namespace, run.id) },
    job: run.job,
    inputs: run.inputs.map(dataset),
    outputs: run.outputs.map(dataset),
  };
}

function dataset({ namespace, name, version }: Touched): object {
  const facets =
    version === undefined
      ? {}
      : { version: { _producer: PRODUCER, _schemaURL: VERSION_FACET, datasetVersion: version } };
  return { namespace, name, facets };
}

/** A UUID as it is or without its hyphens; anything else by its digest. */
export function uuidOf(namespace: string, id: string): string {
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
