import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CountersignError, type Digest, digestHex, fileFault } from "@countersign/evidence";

/** Bytes that are on the disk, and under no name yet. */
export interface Draft {
  file: string;
  digest: Digest;
  size: number;
}

export interface ByteRange {
  /** First and last byte, both included. */
  from: number;
  to: number;
}

/** Files under their own digest. What has a name is whole: a file gets it once its bytes are on the disk. */
export class ObjectFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Uploads that a kill interrupted are nobody's. */
  async open(): Promise<void> {
    await rm(this.#incoming, { recursive: true, force: true });
    await mkdir(this.#incoming, { recursive: true, mode: 0o700 });
  }

  /** Takes the bytes as they come, in constant memory. */
  async receive(stream: Readable, limit: number): Promise<Draft> {
    const file = join(this.#incoming, randomUUID());
    const hash = createHash("sha256");
    let size = 0;
    const measure = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        size += chunk.length;
        if (size > limit) return done(tooLarge(limit));
        hash.update(chunk);
        done(null, chunk);
      },
    });
    try {
      await pipeline(stream, measure, createWriteStream(file, { flags: "wx", mode: 0o400, flush: true }));
    } catch (cause) {
      await this.discard({ file });
      throw cause instanceof CountersignError ? cause : fault(cause);
    }
    return { file, digest: `sha256:${hash.digest("hex")}`, size };
  }

  /** Gives a draft its name. Afterwards it is there through a loss of power. */
  async keep(draft: Draft): Promise<void> {
    const target = this.fileOf(draft.digest);
    await this.#makeDirectory(dirname(target));
    await rename(draft.file, target).catch((cause: unknown) => Promise.reject(fault(cause)));
    await syncDirectory(dirname(target));
  }

  async discard({ file }: Pick<Draft, "file">): Promise<void> {
    await rm(file, { force: true });
  }

  async remove(digest: Digest): Promise<void> {
    await rm(this.fileOf(digest), { force: true });
  }

  /** A whole file is checked against its digest as it is read: bytes that are not the ones recorded end in an error. */
  read({ digest, size }: { digest: Digest; size: number }, range?: ByteRange): Readable {
    const file = this.fileOf(digest);
    if (range) return createReadStream(file, { start: range.from, end: range.to });
    const checked = checking(digest, size);
    const source = createReadStream(file);
    source.on("error", (cause) => checked.destroy(fault(cause)));
    checked.on("close", () => source.destroy());
    return source.pipe(checked);
  }

  async has(digest: Digest): Promise<boolean> {
    return stat(this.fileOf(digest)).then(
      (entry) => entry.isFile(),
      () => false,
    );
  }

  fileOf(digest: Digest): string {
    const hex = digestHex(digest);
    return join(this.#directory, "sha256", hex.slice(0, 2), hex.slice(2));
  }

  async #makeDirectory(path: string): Promise<void> {
    const made = await mkdir(path, { recursive: true, mode: 0o700 });
    if (made !== undefined) for (const up of [dirname(path), this.#directory]) await syncDirectory(up);
  }

  get #incoming(): string {
    return join(this.#directory, "incoming");
  }
}

/** Holds the last bytes back until all are known to be right: nobody ends up with a whole file of others. */
function checking(digest: Digest, size: number): Transform {
  const hash = createHash("sha256");
  const wrong = () =>
    new CountersignError("object-tampered", `the artifact ${digest} does not match its digest`);
  let held: Buffer | undefined;
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > size) return done(wrong());
      hash.update(chunk);
      const ready = held;
      held = chunk;
      done(null, ready);
    },
    flush(done) {
      if (`sha256:${hash.digest("hex")}` === digest) return done(null, held);
      done(wrong());
    },
  });
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function tooLarge(limit: number): CountersignError {
  return new CountersignError(
    "payload-too-large",
    `an artifact may have ${limit} bytes here, and this has more`,
  );
}

function fault(cause: unknown): CountersignError {
  return fileFault("the artifact", cause, "internal");
}
