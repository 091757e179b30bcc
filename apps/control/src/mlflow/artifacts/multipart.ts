import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { type Digest, digestHex } from "@countersign/evidence";
import { invalid, missing, ProtocolError } from "@countersign/tracking";
import type { ObjectFiles } from "./objects.js";
import type { ArtifactStore, StoredArtifact } from "./store.js";

/** What an upload in parts will be; kept as a file beside its parts, so that it goes on after a restart. */
export interface PartedUpload {
  root: string;
  path: string;
  parts: number;
  principal: string;
  /** Of the secret that its parts are sent with. */
  secretHash: string;
}

export interface SentPart {
  number: number;
  etag: string;
}

interface Place {
  root: string;
  path: string;
}

const MAX_REMEMBERED = 1_000;
const ID = /^[0-9a-f]{32}$/;
const MAX_PARTS = 10_000;
const KEPT_MS = 7 * 86_400_000;

/** Uploads in parts: what has arrived stays through broken lines and restarts, and is no artifact before it is completed. */
export class PartedUploads {
  readonly #directory: string;
  readonly #files: ObjectFiles;
  readonly #store: ArtifactStore;
  readonly #sizes = new Map<string, number>();
  readonly #completed = new Map<string, Promise<StoredArtifact>>();

  constructor(directory: string, files: ObjectFiles, store: ArtifactStore) {
    this.#directory = directory;
    this.#files = files;
    this.#store = store;
  }

  /** Forgets uploads that nobody went on with for a week. */
  async open(now: number): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    for (const id of await readdir(this.#directory)) {
      const { mtimeMs } = await stat(join(this.#directory, id));
      if (now - mtimeMs > KEPT_MS) await rm(join(this.#directory, id), { recursive: true, force: true });
    }
  }

  async create(input: Omit<PartedUpload, "secretHash">): Promise<{ id: string; secret: string }> {
    if (!Number.isInteger(input.parts) || input.parts < 1 || input.parts > MAX_PARTS) {
      throw invalid(`An upload has between 1 and ${MAX_PARTS} parts.`);
    }
    if (await this.#store.sealed(input.root)) throw sealed(input.root);
    const id = randomBytes(16).toString("hex");
    const secret = randomBytes(32).toString("base64url");
    await mkdir(this.#place(id), { mode: 0o700 });
    const upload: PartedUpload = { ...input, secretHash: hashOf(secret) };
    await writeFile(join(this.#place(id), "upload.json"), JSON.stringify(upload), {
      flush: true,
      mode: 0o600,
    });
    return { id, secret };
  }

  /** Answers the part's tag. The same part may be sent again: the last one counts. */
  async putPart(id: string, number: number, secret: string, stream: Readable): Promise<string> {
    const upload = await this.#read(id);
    if (!timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(upload.secretHash))) {
      throw new ProtocolError("PERMISSION_DENIED", "This part was not sent with the secret of its upload.");
    }
    if (!Number.isInteger(number) || number < 1 || number > upload.parts)
      throw invalid("There is no such part.");
    const held = await this.#held(id);
    const draft = await this.#files.receive(stream, this.#store.limit - held);
    this.#sizes.set(id, (this.#sizes.get(id) ?? held) + draft.size);
    await rename(draft.file, this.#part(id, number, draft.digest));
    return digestHex(draft.digest);
  }

  /**
   * Makes the artifact of the parts. Of a large one that takes longer than a client waits: asking again joins the work, or hears how
   * it ended.
   */
  complete(id: string, place: Place, sent: SentPart[]): Promise<StoredArtifact> {
    const name = JSON.stringify([id, place.root, place.path]);
    const begun = this.#completed.get(name);
    if (begun) return begun;
    const done = this.#complete(id, place, sent);
    if (this.#completed.size >= MAX_REMEMBERED) this.#completed.clear();
    this.#completed.set(name, done);
    // What failed may be mended and asked for again.
    done.catch(() => this.#completed.delete(name));
    return done;
  }

  async #complete(id: string, place: Place, sent: SentPart[]): Promise<StoredArtifact> {
    const upload = await this.#owned(id, place);
    const parts = await this.#arrived(id, upload, sent);
    const draft = await this.#files.receive(Readable.from(joined(parts)), this.#store.limit);
    const stored = await this.#store.putDraft(upload.root, upload.path, draft);
    await this.#forget(id);
    return stored;
  }

  async abort(id: string, place: Place): Promise<void> {
    await this.#owned(id, place);
    await this.#forget(id);
  }

  /** Bytes of all parts that came, also of those that were sent again: together they may not fill the disk. */
  async #held(id: string): Promise<number> {
    let size = this.#sizes.get(id);
    if (size === undefined) {
      size = 0;
      for (const name of await readdir(this.#place(id)))
        size += (await stat(join(this.#place(id), name))).size;
      this.#sizes.set(id, Math.max(size, this.#sizes.get(id) ?? 0));
    }
    return size;
  }

  async #arrived(id: string, upload: PartedUpload, sent: SentPart[]): Promise<string[]> {
    const tags = new Map(sent.map(({ number, etag }) => [number, etag.replaceAll('"', "")]));
    const names: string[] = [];
    for (let number = 1; number <= upload.parts; number++) {
      const tag = tags.get(number) ?? "";
      const file = /^[0-9a-f]{64}$/.test(tag) ? this.#part(id, number, `sha256:${tag}`) : "";
      const there =
        file !== "" &&
        (await stat(file).then(
          () => true,
          () => false,
        ));
      if (!there)
        throw invalid(`Part ${number} of ${upload.parts} has not arrived as it was sent: send it again.`);
      names.push(file);
    }
    return names;
  }

  async #owned(id: string, place: Place): Promise<PartedUpload> {
    const upload = await this.#read(id);
    if (upload.root === place.root && upload.path === place.path) return upload;
    throw missing("There is no such upload for this path.");
  }

  async #read(id: string): Promise<PartedUpload> {
    const text = ID.test(id)
      ? await readFile(join(this.#place(id), "upload.json"), "utf8").catch(() => "")
      : "";
    if (text === "")
      throw missing("There is no such upload: it was completed or aborted, or a week has passed.");
    return JSON.parse(text) as PartedUpload;
  }

  async #forget(id: string): Promise<void> {
    this.#sizes.delete(id);
    await rm(this.#place(id), { recursive: true, force: true });
  }

  #place(id: string): string {
    return join(this.#directory, id);
  }

  #part(id: string, number: number, digest: Digest): string {
    return join(this.#place(id), `${number}-${digestHex(digest)}`);
  }
}

async function* joined(files: readonly string[]): AsyncGenerator<Buffer> {
  for (const file of files) yield* createReadStream(file, { highWaterMark: 1 << 20 });
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function sealed(root: string): ProtocolError {
  return new ProtocolError("PERMISSION_DENIED", `The artifacts of ${root} are sealed.`);
}
