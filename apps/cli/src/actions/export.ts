import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { sha256 } from "@countersign/evidence";
import { type Document, printDocument, schemaFile, schemaFiles } from "@countersign/inventory";
import { kindOf } from "../kinds.js";
import { requireInventory } from "../place/inventory.js";
import type { Session } from "../session.js";
import { safe } from "../terminal/safe.js";

export interface ExportOptions {
  out?: string;
}

const SCHEMAS = "schemas";

/** Writes documents as `apply` reads them: all on standard output, or one file each, with the schemas beside them. */
export async function exportDocuments(
  session: Session,
  options: ExportOptions,
  kind?: string,
): Promise<number> {
  const inventory = requireInventory(session);
  const documents = inventory.documents(kind === undefined ? undefined : kindOf(kind));
  if (options.out !== undefined) return writeAll(session, options.out, documents);
  if (session.output.format === "json") {
    const items: Document[] = [];
    for await (const document of documents) items.push(document);
    session.output.document(items);
    return 0;
  }
  let first = true;
  for await (const document of documents) {
    session.output.raw(`${first ? "" : "---\n"}${printDocument(document)}`);
    first = false;
  }
  return 0;
}

async function writeAll(session: Session, out: string, documents: AsyncIterable<Document>): Promise<number> {
  const directory = resolve(session.io.cwd, out);
  await mkdir(join(directory, SCHEMAS), { recursive: true });
  for (const [name, schema] of schemaFiles()) {
    await writeFile(join(directory, SCHEMAS, name), `${JSON.stringify(schema, null, 2)}\n`);
  }
  const taken = new Set<string>();
  let count = 0;
  for await (const document of documents) {
    const folder = document.kind.toLowerCase();
    const file = fileName(document, taken);
    await mkdir(join(directory, folder), { recursive: true });
    // Read by editors with the YAML language server: they then check and complete the document.
    const hint = `# yaml-language-server: $schema=../${SCHEMAS}/${schemaFile(document.kind)}\n`;
    await writeFile(join(directory, folder, file), `${hint}${printDocument(document)}`);
    count++;
  }
  session.output.line(safe`${count} documents and their schemas are in ${out}`);
  return 0;
}

const LONGEST = 180;

/** A name may hold what a file's may not, and differ from another only where some file systems see no difference. */
function fileName({ kind, metadata }: Document, taken: Set<string>): string {
  const plain = metadata.name.replaceAll("/", "_");
  const key = (name: string): string => `${kind}/${name.normalize("NFKC").toLowerCase()}`;
  const fits = plain === metadata.name && Buffer.byteLength(plain) <= LONGEST && !taken.has(key(plain));
  const short = Buffer.from(plain)
    .subarray(0, LONGEST)
    .toString("utf8")
    .replace(/\ufffd+$/, "");
  const digest = sha256(Buffer.from(metadata.name)).slice(7, 15);
  const name = fits ? plain : `${short}-${digest}`;
  taken.add(key(name));
  return `${name}.yaml`;
}
