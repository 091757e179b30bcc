import type { Part, Scan } from "../../core/scan.js";

const NAME = /(^|\/)([\w-]*requirements[\w-]*|constraints)\.(txt|in)$/i;
/** Another index, or a package from an address instead of one. Well-known wheels of the frameworks come this way. */
const SOURCE =
  /^[ \t]*(?:(?:-i|--index-url|--extra-index-url|-f|--find-links|--trusted-host)[ \t=]+(\S+)|(?:-e[ \t]+)?(?:[\w.[\],-]+[ \t]*@[ \t]*)?((?:git\+|hg\+|svn\+)?(?:https?|ssh|file):\/\/\S+))/gim;
const MAX_SHOWN = 3;

export function isRequirements(name: string): boolean {
  return NAME.test(name);
}

/** What `pip install -r` would fetch from elsewhere than the index: a note, for honest lists do so too. */
export function scanRequirements(scan: Scan, part: Part, text: string): string {
  const found = [...text.matchAll(SOURCE)];
  if (found.length > 0) {
    const shown = found
      .slice(0, MAX_SHOWN)
      .map(([, index, address]) => JSON.stringify((index ?? address ?? "").slice(0, 120)));
    scan.report("requirements-source", part, `Packages come from ${shown.join(", ")}.`, {
      offset: found[0]?.index ?? 0,
      cause: "source",
    });
  }
  return "requirements";
}
