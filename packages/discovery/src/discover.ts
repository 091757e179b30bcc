import { analyseCode } from "./code/analyse.js";
import { mayUseModels } from "./code/hints.js";
import { languageOf } from "./code/language.js";
import { readNotebook } from "./code/notebook.js";
import type { Surroundings } from "./code/project.js";
import { collectConfig } from "./config/collect.js";
import { findFiles } from "./files/find.js";
import type { Report, Sighting } from "./finding.js";
import { gather } from "./gather.js";
import { decodeText } from "./text.js";
import { isAside } from "./walk/skip.js";
import { LIMITS, type Limits, type Tree, type TreeFile } from "./walk/tree.js";

export interface DiscoverOptions {
  readonly limits?: Partial<Limits>;
  readonly onProgress?: (done: number, files: number) => void;
}

/** Finds what a tree uses: in its code, its configuration, and its files. */
export function discoverTree(tree: Tree, options: DiscoverOptions = {}): Report {
  const reader = new Reader(tree, { ...LIMITS, ...options.limits });
  const own = tree.files.filter(({ path, tracked }) => tracked && !isAside(path));
  const config = collectConfig(
    own.map(({ path }) => path),
    (path) => reader.text(path),
  );
  const around: Surroundings = {
    paths: own
      .map(({ path }) => path)
      .filter((path) => languageOf(path) !== undefined || path.endsWith(".json")),
    read: (path) => reader.code(path),
    variable: config.variable,
    config: config.document,
    setting: config.setting,
  };
  const relevant = around.paths.filter((path) => {
    if (languageOf(path) === undefined) return false;
    const text = reader.code(path);
    return text !== undefined && mayUseModels(text);
  });
  const sightings: Sighting[] = [
    ...analyseCode(around, relevant),
    ...config.sightings(reader.shell),
    ...findFiles(tree.files),
  ];
  return {
    findings: gather(sightings, tree.files),
    notes: [...tree.notes, ...reader.notes],
    files: tree.files.length,
  };
}

/** Reads files once, within limits, and says what it left out. */
class Reader {
  readonly notes: { file: string; reason: string }[] = [];
  readonly shell: { path: string; line: number; text: string }[] = [];
  private readonly files: Map<string, TreeFile>;
  private readonly texts = new Map<string, string | undefined>();
  private read = 0;

  constructor(
    tree: Tree,
    private readonly limits: Limits,
  ) {
    this.files = new Map(tree.files.map((file) => [file.path, file]));
  }

  text(path: string): string | undefined {
    if (this.texts.has(path)) return this.texts.get(path);
    const text = this.load(path, this.limits.text);
    this.texts.set(path, text);
    return text;
  }

  /** A source file's text; of a notebook its code, of a component its script. */
  code(path: string): string | undefined {
    if (this.texts.has(path)) return this.texts.get(path);
    const notebook = path.endsWith(".ipynb");
    const text = this.load(path, notebook ? this.limits.notebook : this.limits.text);
    const code = text === undefined ? undefined : notebook ? this.notebook(path, text) : scriptOf(path, text);
    this.texts.set(path, code);
    return code;
  }

  private notebook(path: string, text: string): string | undefined {
    const read = readNotebook(text);
    if (!read) this.notes.push({ file: path, reason: "is no notebook that can be read" });
    for (const line of read?.shell ?? []) this.shell.push({ path, ...line });
    return read?.code;
  }

  private load(path: string, limit: number): string | undefined {
    const file = this.files.get(path);
    if (!file) return undefined;
    if (file.size > limit || this.read + file.size > this.limits.total) {
      this.notes.push({ file: path, reason: `is larger than what is read of a text (${limit} bytes)` });
      return undefined;
    }
    const bytes = file.read(limit);
    if (!bytes) this.notes.push({ file: path, reason: "cannot be read" });
    this.read += bytes?.length ?? 0;
    return bytes && decodeText(bytes);
  }
}

// The lines stay where they are; only the script's are kept.
function scriptOf(path: string, text: string): string {
  if (!/\.(vue|svelte)$/.test(path)) return text;
  let inside = false;
  return text
    .split("\n")
    .map((line) => {
      if (/<script\b[^>]*>/.test(line)) {
        inside = true;
        return "";
      }
      if (line.includes("</script>")) inside = false;
      return inside ? line : "";
    })
    .join("\n");
}
