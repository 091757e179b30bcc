import { canonicalJson, type Digest, makeStatement, type Statement, sha256 } from "@countersign/evidence";
import { PREDICATE_TYPES } from "@countersign/facts";
import { runDigest } from "@countersign/lineage";
import type { Run } from "../../mlflow/runs/store.js";
import type { Dependency } from "./dependencies.js";

const BUILD_TYPE = "https://countersign.dev/mlflow-run/v1";

/** More than this is named by its digest: the record is no place for megabytes. */
const MAX_PARAMETERS = 16_384;
/** As many subjects as one entry of the log may have. */
const MAX_SUBJECTS = 64;

export interface Output {
  name: string;
  artifact: Digest;
}

export interface RunFacts {
  workspace: string;
  builder: string;
  run: Run;
  outputs: readonly Output[];
  dependencies: readonly Dependency[];
  requirements: readonly string[];
}

/** SLSA provenance v1 of a finished run: several statements where it made more models than one entry may name. */
export function provenanceStatements(facts: RunFacts): Statement[] {
  const { workspace, run, outputs } = facts;
  const unique = [...new Map(outputs.map((output) => [output.artifact, output])).values()];
  const subjects =
    unique.length > 0
      ? unique.map(({ name, artifact }) => ({ name, digest: { sha256: artifact.slice(7) } }))
      : [{ name: `run:${run.id}`, digest: { sha256: runDigest(workspace, run.id).slice(7) } }];
  const predicate = predicateOf(facts);
  const statements: Statement[] = [];
  for (let at = 0; at < subjects.length; at += MAX_SUBJECTS)
    statements.push(
      makeStatement(subjects.slice(at, at + MAX_SUBJECTS), PREDICATE_TYPES.provenance, predicate),
    );
  return statements;
}

function predicateOf({ builder, run, dependencies, requirements }: RunFacts): object {
  return {
    buildDefinition: {
      buildType: BUILD_TYPE,
      externalParameters: {
        run: run.id,
        name: run.name,
        experiment: String(run.experiment),
        parameters: parametersOf(run),
      },
      internalParameters: {
        status: run.status,
        principal: run.principal,
        environment: { requirements },
      },
      resolvedDependencies: dependencies,
    },
    runDetails: {
      builder: { id: builder },
      metadata: {
        invocationId: run.id,
        ...timed("startedOn", run.startedAt),
        ...timed("finishedOn", run.endedAt),
      },
    },
  };
}

function parametersOf({ parameters }: Run): object {
  const map = Object.fromEntries(parameters.map(({ key, value }) => [key, value]));
  const bytes = canonicalJson(map);
  if (bytes.length <= MAX_PARAMETERS) return map;
  return { count: parameters.length, digest: { sha256: sha256(bytes).slice(7) } };
}

/** The client's clock says these; a time that is none is left out. */
function timed(name: string, at: number | null): Record<string, string> {
  return at === null || Math.abs(at) > 8.64e15 ? {} : { [name]: new Date(at).toISOString() };
}
