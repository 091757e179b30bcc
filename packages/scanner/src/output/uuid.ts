import { createHash } from "node:crypto";

/** An identifier that the same text always gets. It has the form of a name-based UUID (version 5), which SARIF's schema asks for. */
export function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join("-");
}
