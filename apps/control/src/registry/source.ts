import { parseArtifactPlace } from "@countersign/tracking";
import { parseVersion } from "./names.js";

/** Where a version's bytes come from. */
export type Source =
  | { kind: "root"; root: string; path: string }
  | { kind: "version"; name: string; version: number }
  | { kind: "alias"; name: string; alias: string }
  | { kind: "outside" };

const ROOT = /^(?:m-)?[0-9a-f]{32}$/;

/** What is not in this server's own store is outside, whatever it is called: nobody here has seen its bytes. */
export function parseSource(text: string): Source {
  const [, scheme = "", rest = ""] = /^([A-Za-z][\w+.-]*):(.*)$/s.exec(text) ?? [];
  if (scheme === "models") return modelSource(rest);
  if (scheme === "runs") return runSource(rest);
  if (scheme === "mlflow-artifacts") return storeSource(rest);
  return { kind: "outside" };
}

/** Whether a source names nothing in this server's store; what cannot be read as one does not count as outside. */
export function isOutside(text: string): boolean {
  try {
    return parseSource(text).kind === "outside";
  } catch {
    return false;
  }
}

/** The run or logged model that a source lies below, if it is one of this server's. */
export function rootIn(text: string): string | undefined {
  try {
    const source = parseSource(text);
    return source.kind === "root" ? source.root : undefined;
  } catch {
    return undefined;
  }
}

function modelSource(rest: string): Source {
  if (!rest.startsWith("/") || rest.startsWith("//")) return { kind: "outside" };
  const [name = "", suffix, ...more] = rest.slice(1).split("/");
  if (more.length > 0) return { kind: "outside" };
  if (suffix !== undefined) {
    const version = parseVersion(suffix);
    return version === undefined ? { kind: "outside" } : { kind: "version", name, version };
  }
  if (name.includes("@")) {
    const at = name.lastIndexOf("@");
    return { kind: "alias", name: name.slice(0, at), alias: name.slice(at + 1) };
  }
  return ROOT.test(name) && name.startsWith("m-")
    ? { kind: "root", root: name, path: "" }
    : { kind: "outside" };
}

function runSource(rest: string): Source {
  const [root = "", ...path] = rest.replace(/^\/+/, "").split("/");
  return placed(() => parseArtifactPlace([root, "artifacts", ...path].join("/")));
}

// With a host it is another server's store.
function storeSource(rest: string): Source {
  if (rest.startsWith("//")) return { kind: "outside" };
  return placed(() => parseArtifactPlace(rest.replace(/^\//, "")));
}

function placed(parse: () => { root: string; path: string }): Source {
  const { root, path } = parse();
  return { kind: "root", root, path };
}
