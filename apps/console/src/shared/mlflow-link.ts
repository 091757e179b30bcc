import { routes } from "./routes.js";

const LINK = /^#\/experiments\/[^/?#]+(?:\/runs\/([0-9a-f]{32}))?(?:[/?]|$)/;
const MODEL = /^#\/models\/([^/?#]+)/;

/**
 * Where a link that an MLflow client printed leads here: its own pages live behind a hash. Undefined for every other address.
 */
export function mlflowLink(hash: string): string | undefined {
  const run = LINK.exec(hash);
  if (run !== null) return run[1] === undefined ? routes.runs : routes.run(run[1]);
  const model = MODEL.exec(hash)?.[1];
  return model === undefined ? undefined : routes.asset("Model", decoded(model));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
