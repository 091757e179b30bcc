import { stat } from "node:fs/promises";
import { runTask } from "../process/run.js";
import { formatOf, type TableFile } from "./formats.js";
import { PROFILE_LIMITS, type Privacy, type Profile, type ProfileLimits } from "./types.js";

export interface ProfileOptions {
  limits?: Partial<ProfileLimits>;
  privacy?: Partial<Privacy>;
  signal?: AbortSignal;
}

/** The tables among the files of a dataset, with where each lies. */
export function tableFiles(files: readonly { name: string; path: string }[]): TableFile[] {
  return files.flatMap((file) => {
    const format = formatOf(file.name);
    return format === undefined ? [] : [{ ...file, ...format }];
  });
}

/** Large data gets more time than small data that keeps a parser busy: 10 GB takes minutes, and a busy machine many. */
const SLOWEST_BYTES_PER_MS = 2_000;

async function bytesOf(files: readonly TableFile[]): Promise<number> {
  const sizes = await Promise.all(
    files.map(({ path }) =>
      stat(path).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Reads schema and statistics in a child process. A file that cannot be read is a problem in the answer, not a fault. */
export async function profileFiles(
  files: readonly { name: string; path: string }[],
  options: ProfileOptions = {},
): Promise<Profile> {
  const tables = tableFiles(files);
  const others = files.length - tables.length;
  if (tables.length === 0) return { rows: 0, tables: [], others, problems: [] };
  const privacy = { personal: false, columns: [], ...options.privacy };
  const timeMs = PROFILE_LIMITS.timeMs + (await bytesOf(tables)) / SLOWEST_BYTES_PER_MS;
  const limits = { ...PROFILE_LIMITS, timeMs, ...options.limits };
  const reply = await runTask({ kind: "profile", files: tables, others, limits, privacy }, options.signal);
  return reply.ok ? reply.result : { rows: 0, tables: [], others, problems: [reply.reason] };
}
