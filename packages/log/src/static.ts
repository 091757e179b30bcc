import { CHECKPOINT_PATH } from "./publish.js";

/** What a read endpoint answers a path with (C2SP tlog-tiles): where it lies in the store, and its headers. */
export interface StaticResource {
  readonly path: string;
  readonly contentType: string;
  readonly cacheControl: string;
}

const TILE =
  /^tile\/(entries|0|[1-9]|[1-5][0-9]|6[0-3])\/(x[0-9]{3}\/)*[0-9]{3}(\.p\/(?:[1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?$/;

/** Maps a request path below the log's prefix, without its first slash. Everything else in the store is private. */
export function staticResource(path: string): StaticResource | undefined {
  if (path === CHECKPOINT_PATH) {
    return { path, contentType: "text/plain; charset=utf-8", cacheControl: "no-cache" };
  }
  // An index has no leading zero elements: x000/001 is no name for tile 1.
  if (!TILE.test(path) || /\/x000\//.test(path.replace(/(x[0-9]{3}\/).*/, "$1"))) return undefined;
  return {
    path,
    contentType: "application/octet-stream",
    cacheControl: "public, max-age=31536000, immutable",
  };
}
