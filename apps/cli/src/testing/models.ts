import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const DIGITS = fileURLToPath(new URL("../../../../../shared/data/models/digits_mlp.onnx", import.meta.url));

/** A pickle of protocol 0 that runs a command when it is loaded: GLOBAL os.system, a tuple of one string, REDUCE, STOP. */
export const MALICIOUS_PICKLE: Uint8Array = Uint8Array.from([
  0x63,
  0x6f,
  0x73,
  0x0a, // c os \n
  0x73,
  0x79,
  0x73,
  0x74,
  0x65,
  0x6d,
  0x0a, // system \n
  0x28,
  0x53,
  0x27,
  0x69,
  0x64,
  0x27,
  0x0a, // ( S 'id' \n
  0x74,
  0x52,
  0x2e, // t R .
]);

const field = (number: number, bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
const text = (number: number, value: string): Buffer => field(number, Buffer.from(value));
const varint = (number: number, value: number): Buffer => Buffer.from([number << 3, value]);

/** The smallest ONNX model: one Identity node between one input and one output, all floats. */
function identityOnnx(): Uint8Array {
  const tensor = Buffer.concat([varint(1, 1), field(2, field(1, varint(1, 1)))]);
  const value = (name: string): Buffer => Buffer.concat([text(1, name), field(2, field(1, tensor))]);
  const node = Buffer.concat([text(1, "x"), text(2, "y"), text(4, "Identity")]);
  const graph = Buffer.concat([field(1, node), text(2, "g"), field(11, value("x")), field(12, value("y"))]);
  return Buffer.concat([varint(1, 8), field(8, varint(2, 13)), field(7, graph)]);
}

/** A directory with a clean model in it: the shared digits classifier, or a made one where that is not here. */
export function cleanModel(directory: string): string {
  const shared = existsSync(DIGITS);
  if (!shared) console.warn("shared/data is not here: using a made ONNX model instead of digits_mlp.onnx");
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "model.onnx"), shared ? readFileSync(DIGITS) : identityOnnx());
  writeFileSync(join(directory, "config.json"), '{"classes": 10}\n');
  return directory;
}

export function maliciousModel(directory: string): string {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "model.pkl"), MALICIOUS_PICKLE);
  return directory;
}
