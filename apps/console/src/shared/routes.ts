/** Every address inside the console, in one place. */
export const routes = {
  overview: "/",
  versions: "/versions",
  version: (subject: string, tab?: string): string =>
    `/versions/${encodeURIComponent(subject)}${tab === undefined ? "" : `?tab=${tab}`}`,
  inventory: "/inventory",
  asset: (kind: string, name: string, tab?: string): string =>
    `/inventory/${kind}/${encodeURIComponent(name)}${tab === undefined ? "" : `?tab=${tab}`}`,
  apply: "/inventory/apply",
  concentration: "/inventory/concentration",
  lineage: "/lineage",
  /** `focus` is a key of the lineage graph. */
  lineageOf: (focus: string): string => `/lineage?focus=${encodeURIComponent(focus)}`,
  runs: "/runs",
  run: (id: string): string => `/runs/${encodeURIComponent(id)}`,
  compare: (ids: string[]): string => `/compare?runs=${ids.map(encodeURIComponent).join(",")}`,
  trace: "/trace",
  traceOf: (subject: string): string => `/trace?subject=${encodeURIComponent(subject)}`,
  decisions: "/decisions",
  decision: (id: string): string => `/decisions/${encodeURIComponent(id)}`,
  // Not /log: the server serves the log's own tiles and checkpoint there.
  log: "/entries",
  entry: (index: number): string => `/entries/${index}`,
  cheat: "/cheat",
  policies: "/policies",
  trust: "/trust",
} as const;

/** The page of a node of the lineage graph, when it has one. */
export const pageOf = ({
  key,
  type,
  kind,
  name,
}: {
  key: string;
  type: string;
  kind: string;
  name: string;
}) => {
  if (type === "version" && kind !== "Dataset") return routes.version(key);
  if ((type === "asset" || type === "version") && kind !== "") return routes.asset(kind, name);
  return type === "run" ? routes.run(key.slice("run:".length)) : undefined;
};
