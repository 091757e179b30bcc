import { join } from "node:path";
import type pg from "pg";
import type { Config } from "../../config/config.js";
import { PartedUploads } from "./multipart.js";
import { ObjectFiles } from "./objects.js";
import { ArtifactStore } from "./store.js";

export async function openArtifacts(
  config: Config,
  pool: pg.Pool,
  clock: () => number,
): Promise<{ artifacts: ArtifactStore; uploads: PartedUploads }> {
  const directory = join(config.directory, "artifacts");
  const files = new ObjectFiles(directory);
  await files.open();
  const { workspace, artifactLimit: limit } = config;
  const artifacts = new ArtifactStore({ workspace, pool, clock, files, limit });
  const uploads = new PartedUploads(join(directory, "parts"), files, artifacts);
  await uploads.open(clock());
  return { artifacts, uploads };
}
