import { delimiter } from "node:path";
import type { Workspace } from "@countersign/workspace";
import type pg from "pg";
import type { Config } from "../config/config.js";
import { Runner } from "../consumers/runner.js";
import { datasetConsumer } from "./consumer.js";
import { DataRoots, Fingerprints } from "./fingerprint.js";
import { Datasets } from "./service.js";
import { storageOf } from "./storage.js";
import { DatasetFiles } from "./store.js";
import { openSubjectKey } from "./subjects.js";

interface Ground {
  config: Config;
  workspace: Workspace;
  pool: pg.Pool;
  /** Names the data directory whose log was read. */
  instance: string;
  clock: () => number;
  onFault: (error: unknown) => void;
}

export async function openDatasets(ground: Ground): Promise<Datasets> {
  const { config, workspace, pool, instance, clock, onFault } = ground;
  const runner = new Runner(datasetConsumer(workspace.id), { workspace, pool, instance, onFault });
  const roots = config.dataRoots.split(delimiter).filter((root) => root !== "");
  return new Datasets(
    {
      workspace,
      pool,
      clock,
      files: new DatasetFiles(config.directory),
      roots: new DataRoots(roots),
      fingerprints: new Fingerprints(clock),
      subjects: await openSubjectKey(config.directory, workspace.id),
      storage: storageOf(config, clock),
      runner,
    },
    config.directory,
  );
}
