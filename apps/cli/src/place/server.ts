import { type Client, createClient } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import type { Session } from "../session.js";
import { serverAddress } from "./open.js";

/** For what only a server keeps, such as the lineage graph. */
export function clientOf(session: Session): Client {
  const baseUrl = serverAddress(session);
  const { token } = session.global;
  if (baseUrl !== undefined) return createClient({ baseUrl, ...(token === undefined ? {} : { token }) });
  throw new CountersignError("usage", "a server keeps this: say which one", {
    detail: { remedy: "--server http://127.0.0.1:8420   (countersign up starts one)" },
  });
}
