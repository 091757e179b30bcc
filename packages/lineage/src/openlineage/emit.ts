import type { Digest, Statement } from "@countersign/evidence";
import { digestHex, isDigest, sha256 } from "@countersign/evidence";
import { type LineagePredicate, parseAssetName, predicateOf } from "@countersign/facts";
import { finishedOn, type ProvenanceRun, readProvenance } from "../provenance.js";
import { assetNamespace } from "./contribute.js";

const PRODUCER = "https://countersign.dev";
const SPEC = "https://openlineage.io/spec";
const RUN_EVENT = `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`;

/** Where a statement stands in the log. */
export interface Origin {
  workspace: string;
  index: number;
  envelope: Digest;
  at: number;
}

/**
 * A statement as an OpenLineage event: a run with what it read and made, an admission as a run that made a version, and an
 * event that came from outside as it came. Undefined for what is none of these.
 */
export function lineageEventOf(statement: Statement, origin: Origin): object | undefined {
  switch (predicateOf(statement.predicateType)) {
    case "provenance":
      return trainingEvent(statement, origin);
    case "manifest":
      return admissionEvent(statement, origin);
    case "lineage":
      return (statement.predicate as LineagePredicate).event;
    default:
      return undefined;
  }
}

function trainingEvent(statement: Statement, origin: Origin): object | undefined {
  const run = readProvenance(statement.predicate);
  if (run === undefined) return undefined;
  const time = finishedOn(statement.predicate);
  return runEvent(origin, {
    time: time === "" ? origin.at : Date.parse(time),
    runId: uuidOf(run.id),
    job: run.experiment === "" ? "run" : run.experiment,
    jobType: "TRAINING",
    inputs: inputsOf(run, origin.workspace),
    outputs: outputsOf(statement, origin.workspace),
  });
}

function admissionEvent(statement: Statement, origin: Origin): object {
  return runEvent(origin, {
    time: origin.at,
    runId: uuidOf(origin.envelope),
    job: "admit",
    jobType: "ADMISSION",
    inputs: [],
    outputs: outputsOf(statement, origin.workspace),
  });
}

interface Said {
  time: number;
  runId: string;
  job: string;
  jobType: string;
  inputs: object[];
  outputs: object[];
}

function runEvent(origin: Origin, { time, runId, job, jobType, inputs, outputs }: Said): object {
  const { workspace, index, envelope, at } = origin;
  return {
    eventType: "COMPLETE",
    eventTime: new Date(Number.isFinite(time) ? time : at).toISOString(),
    producer: PRODUCER,
    schemaURL: RUN_EVENT,
    run: {
      runId,
      // Where the proof is: `countersign log receipt INDEX`.
      facets: { countersign_entry: facet(`${PRODUCER}/schemas/entry-facet.json`, { index, envelope }) },
    },
    job: {
      namespace: `countersign://${workspace}`,
      name: job,
      facets: {
        jobType: facet(`${SPEC}/facets/2-0-4/JobTypeJobFacet.json`, {
          processingType: "BATCH",
          integration: "COUNTERSIGN",
          jobType,
        }),
      },
    },
    inputs,
    outputs,
  };
}

function inputsOf({ dependencies }: ProvenanceRun, workspace: string): object[] {
  return dependencies
    .filter(({ role, name }) => (role === "dataset" || role === "base-model") && name !== "")
    .map(({ role, name, sha256: hex, other }) => {
      const kind = role === "dataset" ? "Dataset" : "Model";
      return dataset(workspace, kind, name, isDigest(`sha256:${hex}`) ? `sha256:${hex}` : other);
    });
}

function outputsOf({ subject }: Statement, workspace: string): object[] {
  return subject.flatMap(({ name = "", digest }) => {
    if (name === "" || name.startsWith("run:")) return [];
    const asset = parseAssetName(name);
    return [dataset(workspace, asset.kind, asset.name, `sha256:${digest.sha256}`)];
  });
}

function dataset(workspace: string, kind: string, name: string, version: string): object {
  const facets = {
    ...(version === ""
      ? {}
      : {
          version: facet(`${SPEC}/facets/1-0-1/DatasetVersionDatasetFacet.json`, { datasetVersion: version }),
        }),
    datasetType: facet(`${SPEC}/facets/1-0-1/DatasetTypeDatasetFacet.json`, {
      datasetType: kind === "Model" ? "MODEL" : "FILE",
    }),
  };
  return { namespace: assetNamespace(workspace, kind), name, facets };
}

const facet = (schema: string, said: object): object => ({
  _producer: PRODUCER,
  _schemaURL: schema,
  ...said,
});

const HEX = /^[0-9a-f]{32}$/;

/** MLflow's ids are UUIDs without their dashes; whatever else names a run is hashed into one (RFC 9562, version 8). */
function uuidOf(id: string): string {
  const known = id.replaceAll("-", "").toLowerCase();
  if (HEX.test(known)) return dashed(known);
  const hash = digestHex(isDigest(id) ? id : sha256(Buffer.from(id)));
  return dashed(`${hash.slice(0, 12)}8${hash.slice(13, 16)}a${hash.slice(17, 32)}`);
}

const dashed = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
