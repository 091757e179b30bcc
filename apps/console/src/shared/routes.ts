/** Every address inside the console, in one place. */
export const routes = {
  overview: "/",
  versions: "/versions",
  version: (subject: string, tab?: string): string =>
    `/versions/${encodeURIComponent(subject)}${tab === undefined ? "" : `?tab=${tab}`}`,
  decisions: "/decisions",
  decision: (id: string): string => `/decisions/${encodeURIComponent(id)}`,
  // Not /log: the server serves the log's own tiles and checkpoint there.
  log: "/entries",
  entry: (index: number): string => `/entries/${index}`,
  cheat: "/cheat",
  policies: "/policies",
  trust: "/trust",
} as const;
