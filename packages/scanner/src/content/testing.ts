/** The header of an x86-64 program with one program header, and nothing that could run. */
export function elf(): Buffer {
  const bytes = Buffer.alloc(160);
  bytes.write("\x7fELF\x02\x01\x01", "latin1");
  bytes.writeUInt16LE(2, 16);
  bytes.writeUInt16LE(62, 18);
  bytes.writeUInt32LE(1, 20);
  bytes.writeUInt32LE(64, 32);
  bytes.writeUInt16LE(64, 52);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(1, 56);
  bytes.writeUInt16LE(64, 58);
  return bytes;
}

/** The headers of an x86-64 Windows program with one section, and nothing that could run. */
export function portableExecutable(): Buffer {
  const bytes = Buffer.alloc(512);
  bytes.write("4d5a90000300000004000000ffff0000b8", "hex");
  bytes.writeUInt32LE(128, 60);
  bytes.write("PE\0\0", 128, "latin1");
  bytes.writeUInt16LE(0x8664, 132);
  bytes.writeUInt16LE(1, 134);
  bytes.writeUInt16LE(240, 148);
  bytes.writeUInt16LE(0x20b, 152);
  return bytes;
}
