import { join } from "node:path";
import type pg from "pg";
import type { Config } from "../../config/config.js";
import { ObjectFiles } from "./objects.js";
import { ArtifactStore } from "./store.js";

export const ARTIFACTS = "artifacts";

export async function openArtifacts(
  config: Config,
  pool: pg.Pool,
  clock: () => number,
): Promise<ArtifactStore> {
  const files = new ObjectFiles(join(config.directory, ARTIFACTS));
  await files.open();
  return new ArtifactStore({ workspace: config.workspace, pool, clock, files, limit: config.artifactLimit });
}
