// Makes the files whose scan is timed.
import { writeFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";

/** A zip file as torch writes it: a pickle, and storages that it names. */
export function checkpoint(path, megabytes) {
  const storage = Buffer.alloc(megabytes * 1024 * 1024, 1);
  const key = (text) => Buffer.concat([Buffer.from([0x58, text.length, 0, 0, 0]), Buffer.from(text)]);
  const elements = Buffer.alloc(5);
  elements[0] = 0x4a;
  elements.writeUInt32LE(storage.length / 4, 1);
  const pickle = Buffer.concat([
    Buffer.from([0x80, 2]),
    Buffer.from("(", "latin1"),
    key("storage"),
    Buffer.from("ctorch\nFloatStorage\n"),
    key("0"),
    key("cpu"),
    elements,
    Buffer.from("tQ.", "latin1"),
  ]);
  writeFileSync(
    path,
    zip([
      ["m/data.pkl", pickle],
      ["m/version", Buffer.from("3\n")],
      ["m/data/0", storage],
    ]),
  );
}

export function zip(members, deflate = false) {
  const parts = [];
  const central = [];
  let offset = 0;
  for (const [name, data] of members) {
    const packed = deflate ? deflateRawSync(data) : data;
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(deflate ? 8 : 0, 4);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(data.length, 18);
    fields.writeUInt16LE(name.length, 22);
    parts.push(Buffer.from("PK\x03\x04", "latin1"), fields, Buffer.from(name), packed);
    const at = Buffer.alloc(14);
    at.writeUInt32LE(offset, 10);
    central.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), fields, at, Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const size = central.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...central, end]);
}

/** Many small values: what a pickle machine is slowest at. */
export function densePickle(megabytes) {
  const record = Buffer.concat([
    Buffer.from("}(", "latin1"),
    Buffer.from([0x8c, 2]),
    Buffer.from("idK\x07", "latin1"),
    Buffer.from([0x8c, 4]),
    Buffer.from("name"),
    Buffer.from([0x8c, 5]),
    Buffer.from("value"),
    Buffer.from([0x94, 0x8c, 1]),
    Buffer.from("t", "latin1"),
    Buffer.from("K\x01K\x02\x86u", "latin1"),
  ]);
  const count = Math.floor((megabytes * 1024 * 1024) / record.length);
  return Buffer.concat([Buffer.from([0x80, 4, 0x5d, 0x28]), ...Array(count).fill(record), Buffer.from("e.")]);
}
