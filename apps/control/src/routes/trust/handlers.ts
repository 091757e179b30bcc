import type { routes } from "@countersign/api";
import type { Handler } from "../../http/mount.js";

export const trustRoot: Handler<typeof routes.trustRoot> = async ({ services }) => {
  const { root, digest } = await services.workspace.trust();
  return { version: root.version, digest, root };
};
