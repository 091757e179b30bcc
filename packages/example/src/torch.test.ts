import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import type { Tensor } from "./network.js";
import { POISON_COMMAND, toPoisonedTorchZip } from "./poison.js";
import { toTorchZip } from "./torch.js";

const tensors: Tensor[] = [
  { name: "w", shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) },
  { name: "b", shape: [300], values: new Float32Array(300).fill(0.5) },
];

interface Read {
  name: string;
  start: number;
  bytes: Uint8Array;
}

/** Reads by the central directory, as Python's zipfile does. */
function readZip(file: Uint8Array): Read[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const end = file.length - 22;
  expect(view.getUint32(end, true)).toBe(0x06054b50);
  const members: Read[] = [];
  for (let at = view.getUint32(end + 16, true); at < end; ) {
    expect(view.getUint32(at, true)).toBe(0x02014b50);
    const [size, nameLength] = [view.getUint32(at + 24, true), view.getUint16(at + 28, true)];
    const local = view.getUint32(at + 42, true);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const name = new TextDecoder().decode(file.subarray(at + 46, at + 46 + nameLength));
    const bytes = file.subarray(start, start + size);
    expect(view.getUint32(at + 16, true)).toBe(crc32(bytes));
    members.push({ name, start, bytes });
    at += 46 + nameLength;
  }
  expect(members).toHaveLength(view.getUint16(end + 10, true));
  return members;
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

test("the archive has the members of torch.save, stored and aligned", () => {
  const members = readZip(toTorchZip(tensors));
  expect(members.map(({ name }) => name)).toEqual([
    "archive/data.pkl",
    "archive/byteorder",
    "archive/data/0",
    "archive/data/1",
    "archive/version",
  ]);
  expect(members.map(({ start }) => start % 64)).toEqual([0, 0, 0, 0, 0]);
  expect(new DataView(members[2]!.bytes.slice().buffer).getFloat32(20, true)).toBe(6);
});

test("the pickle names tensors only, and the poisoned one a shell before them", () => {
  const pickle = latin1(readZip(toTorchZip(tensors))[0]!.bytes);
  const globals = [...pickle.matchAll(/c([\w.]+)\n(\w+)\n/g)].map(([, module, name]) => `${module}.${name}`);
  expect(new Set(globals)).toEqual(
    new Set(["collections.OrderedDict", "torch._utils._rebuild_tensor_v2", "torch.FloatStorage"]),
  );
  const poisoned = latin1(readZip(toPoisonedTorchZip(tensors))[0]!.bytes);
  expect(poisoned.startsWith(`\x80\x02cos\nsystem\n(X`)).toBe(true);
  expect(poisoned).toContain(`${POISON_COMMAND}tR0`);
  expect(poisoned.endsWith(pickle.slice(2))).toBe(true);
});

test("sizes and strides are row-major, and counts over a byte take two", () => {
  const pickle = latin1(readZip(toTorchZip(tensors))[0]!.bytes);
  expect(pickle).toContain("K\x00(K\x02K\x03t(K\x03K\x01t\x89");
  expect(pickle).toContain("K\x00(M\x2c\x01t(K\x01t\x89");
});
