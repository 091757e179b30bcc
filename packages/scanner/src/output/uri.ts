const ADDRESS = /^(?:https?|hf|s3|models|runs|mlflow-artifacts):\/{1,2}/i;

/** Where a scanned file lies, for formats that want a URI. */
export interface Place {
  uri: string;
  /** Relative to the scanned root; otherwise it stands for itself. */
  relative: boolean;
}

export function placeOf(path: string): Place {
  const scheme = ADDRESS.exec(path)?.[0];
  if (scheme !== undefined)
    return { uri: `${scheme}${encodePath(path.slice(scheme.length))}`, relative: false };
  if (path.startsWith("/")) return { uri: `file://${encodePath(path)}`, relative: false };
  return { uri: encodePath(path), relative: true };
}

/** Names may hold anything, a lone surrogate too, which has no UTF-8. */
function encodePath(path: string): string {
  return path
    .replace(/\p{Cs}/gu, "\ufffd")
    .split("/")
    .map(encodeURIComponent)
    .join("/");
}
