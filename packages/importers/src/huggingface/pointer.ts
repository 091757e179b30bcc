import type { FileTree, TreeFile } from "../files.js";

const POINTER =
  /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\nsize (\d{1,18})\n?$/;
const POINTER_SIZE = 1_024;

/** What a Git LFS pointer stands for (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md), or undefined. */
export async function pointerOf(
  tree: FileTree,
  file: TreeFile,
): Promise<{ sha256: string; size: number } | undefined> {
  if (file.size > POINTER_SIZE || file.size < 100) return undefined;
  const bytes = await tree.read(file.path, POINTER_SIZE);
  const [, sha256, size] = POINTER.exec(new TextDecoder().decode(bytes ?? new Uint8Array())) ?? [];
  return sha256 === undefined ? undefined : { sha256, size: Number(size) };
}
