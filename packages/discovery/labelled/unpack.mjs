// Reads the labelled projects: text archives of `-- path --` and what follows. A few model files are made, not kept.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const here = import.meta.dirname;

/** Bytes that begin as the format does; enough for a finder that never loads a model. */
const MADE = {
  safetensors: () => Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from("{}")]),
  onnx: () => Buffer.from([0x08, 0x07, 0x12, 0x04, 0x74, 0x65, 0x73, 0x74]),
  gguf: () => Buffer.concat([Buffer.from("GGUF"), Buffer.alloc(20)]),
  pickle: () => Buffer.from([0x80, 0x04, 0x4e, 0x2e]),
  zip: () => Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), Buffer.alloc(40)]),
  noise: () => Buffer.from([0xff, 0xfe, 0xfd, 0x01, 0x02, 0x03, 0x00, 0x05]),
};

/** Names of the projects, as `tuned/name` and `held/name`. */
export function projects() {
  return ["tuned", "held", "fresh", "outside", "twisted", "later"].flatMap((part) =>
    readdirSync(join(here, part))
      .filter((file) => file.endsWith(".txtar"))
      .map((file) => `${part}/${file.slice(0, -".txtar".length)}`)
      .sort(),
  );
}

/** Writes one project's files below a directory. */
export function unpack(project, directory) {
  const text = readFileSync(join(here, `${project}.txtar`), "utf8");
  const parts = text.split(/^-- (.+?)(?: \((\w+)\))? --\n/m);
  for (let at = 1; at < parts.length; at += 3) {
    const file = join(directory, parts[at]);
    mkdirSync(dirname(file), { recursive: true });
    const made = MADE[parts[at + 1]];
    writeFileSync(file, made ? made() : parts[at + 2]);
  }
}

export const labels = JSON.parse(readFileSync(join(here, "labels.json"), "utf8"));
