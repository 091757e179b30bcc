export function packTarball(
  files: readonly { path: string; executable: boolean; bytes: Uint8Array }[],
  seconds: number,
): Uint8Array;
