/** A native program that begins in the bytes. */
export interface Executable {
  kind: "ELF" | "PE" | "Mach-O" | "WebAssembly" | "DEX";
  /** Packed by a program that hides what is inside. */
  packer?: string;
}

type Test = (bytes: Buffer, at: number) => boolean;

const FIRST: readonly (readonly [Executable["kind"], Buffer, Test])[] = [
  ["ELF", Buffer.from("\x7fELF", "latin1"), isElf],
  ["PE", Buffer.from("MZ", "latin1"), isPortableExecutable],
  ["Mach-O", Buffer.from("cffaedfe", "hex"), isMachO],
  ["Mach-O", Buffer.from("cefaedfe", "hex"), isMachO],
  ["WebAssembly", Buffer.from("\0asm\x01\0\0\0", "latin1"), isWebAssembly],
  ["DEX", Buffer.from("dex\n0", "latin1"), isDex],
];

/** Bytes from the beginning of a program that the tests look at. */
export const HEADER_BYTES = 8192;

/** The program that begins at `at`. Magic numbers stand in random bytes too: the fields behind them have to fit. */
export function executableAt(bytes: Buffer, at: number): Executable | undefined {
  for (const [kind, magic, test] of FIRST) {
    if (bytes.compare(magic, 0, magic.length, at, Math.min(bytes.length, at + magic.length)) !== 0) continue;
    if (test(bytes, at)) return { kind, ...packed(bytes, at) };
  }
  return undefined;
}

/** The first program in the bytes, and where it begins. */
export function findExecutable(bytes: Buffer): { at: number; executable: Executable } | undefined {
  let first: { at: number; executable: Executable } | undefined;
  for (const [kind, magic, test] of FIRST) {
    for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1)) {
      if (first && at >= first.at) break;
      if (test(bytes, at)) first = { at, executable: { kind, ...packed(bytes, at) } };
    }
  }
  return first;
}

const PACKERS: readonly (readonly [string, string])[] = [
  ["UPX!", "UPX"],
  [".aspack", "ASPack"],
  [".petite", "Petite"],
  [".vmp0", "VMProtect"],
  [".themida", "Themida"],
  [".MPRESS1", "MPRESS"],
];

function packed(bytes: Buffer, at: number): { packer?: string } {
  const head = bytes.subarray(at, at + HEADER_BYTES);
  const packer = PACKERS.find(([mark]) => head.includes(mark, 0, "latin1"))?.[1];
  return packer === undefined ? {} : { packer };
}

/**
 * Processors on which a program of this machine could run: i386, ARM, x86-64, AArch64, RISC-V, PowerPC, s390, MIPS,
 * LoongArch. Code for GPUs and signal processors (CUDA 190, AMDGPU 224, Hexagon 164) is part of honest compiled models.
 */
const ELF_MACHINES = new Set([3, 8, 20, 21, 22, 40, 62, 183, 243, 258]);

/** ELF header (System V ABI, chapter 4): sizes of header and tables are fixed by the class. */
function isElf(bytes: Buffer, at: number): boolean {
  if (bytes.length < at + 64) return false;
  const wide = bytes[at + 4] === 2;
  const little = bytes[at + 5] === 1;
  if ((!wide && bytes[at + 4] !== 1) || (!little && bytes[at + 5] !== 2) || bytes[at + 6] !== 1) return false;
  const u16 = (offset: number) =>
    little ? bytes.readUInt16LE(at + offset) : bytes.readUInt16BE(at + offset);
  const u32 = (offset: number) =>
    little ? bytes.readUInt32LE(at + offset) : bytes.readUInt32BE(at + offset);
  const sizes = wide ? 52 : 40;
  const programs = u16(sizes + 2);
  const sections = u16(sizes + 6);
  return (
    u16(16) >= 1 &&
    u16(16) <= 4 &&
    ELF_MACHINES.has(u16(18)) &&
    u32(20) === 1 &&
    u16(sizes) === (wide ? 64 : 52) &&
    (programs === 0 || programs === (wide ? 56 : 32)) &&
    (sections === 0 || sections === (wide ? 64 : 40)) &&
    u16(sizes + 4) <= 256
  );
}

const PE_MACHINES = new Set([0x14c, 0x1c0, 0x1c4, 0x8664, 0xaa64]);

/** DOS header, then at the place that it names the PE signature, the COFF header and the optional header's magic. */
function isPortableExecutable(bytes: Buffer, at: number): boolean {
  if (bytes.length < at + 64) return false;
  const header = bytes.readUInt32LE(at + 60);
  const start = at + header;
  if (header < 64 || header > HEADER_BYTES || bytes.length < start + 26) return false;
  const sections = bytes.readUInt16LE(start + 6);
  const magic = bytes.readUInt16LE(start + 24);
  return (
    bytes.readUInt32LE(start) === 0x4550 &&
    PE_MACHINES.has(bytes.readUInt16LE(start + 4)) &&
    sections >= 1 &&
    sections <= 96 &&
    (magic === 0x10b || magic === 0x20b)
  );
}

const MACH_CPUS = new Set([7, 12, 0x01000007, 0x0100000c]);

/** Mach-O header of one architecture, then a first load command that fits into the commands' size. */
function isMachO(bytes: Buffer, at: number): boolean {
  const start = at + (bytes[at] === 0xcf ? 32 : 28);
  if (bytes.length < start + 8) return false;
  const type = bytes.readUInt32LE(at + 12);
  const commands = bytes.readUInt32LE(at + 16);
  const size = bytes.readUInt32LE(at + 20);
  const first = bytes.readUInt32LE(start + 4);
  return (
    MACH_CPUS.has(bytes.readUInt32LE(at + 4)) &&
    type >= 1 &&
    type <= 12 &&
    commands >= 1 &&
    commands <= 4096 &&
    size >= commands * 8 &&
    size <= 1024 * 1024 &&
    (bytes.readUInt32LE(start) & 0x7fffffff) <= 0x40 &&
    first >= 8 &&
    first <= size
  );
}

/** The first section after the header: a known id (custom ones come first as 0) and a size that is no nonsense. */
function isWebAssembly(bytes: Buffer, at: number): boolean {
  const id = bytes[at + 8] ?? 255;
  const length = bytes[at + 9] ?? 0;
  return id <= 1 && length > 0 && bytes.length > at + 10;
}

function isDex(bytes: Buffer, at: number): boolean {
  return (
    bytes.length >= at + 112 &&
    bytes[at + 7] === 0 &&
    bytes.readUInt32LE(at + 36) === 112 &&
    bytes.readUInt32LE(at + 40) === 0x12345678
  );
}
