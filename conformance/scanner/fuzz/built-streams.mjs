// Zeros whose size a header states, in streams that unpack to far more than they are: small limits take them for bombs or not.
import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { ascii, hex, PAYLOAD } from "./builders.mjs";

const SIZE = 200_000;
const ZEROS = Buffer.alloc(SIZE);

function npy(descr, shape, version = 1) {
  const header = ascii(`{'descr': ${descr}, 'fortran_order': False, 'shape': (${shape}), }\n`);
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  length.writeUIntLE(header.length, 0, length.length);
  return Buffer.concat([ascii("\x93NUMPY"), Buffer.from([version, 0]), length, header, ZEROS]);
}

function nifti(version, little) {
  const head = Buffer.alloc(560);
  const [first, offset] = version === 1 ? [348, 352] : [540, 544];
  little ? head.writeInt32LE(first) : head.writeInt32BE(first);
  const short = (value, at) => (little ? head.writeInt16LE(value, at) : head.writeInt16BE(value, at));
  const long = (value, at) =>
    little ? head.writeBigInt64LE(BigInt(value), at) : head.writeBigInt64BE(BigInt(value), at);
  if (version === 1) {
    head.write("n+1\0", 344, "latin1");
    [2, 400, 500].forEach((size, at) => void short(size, 40 + 2 * at));
    short(8, 72);
    little ? head.writeFloatLE(offset, 108) : head.writeFloatBE(offset, 108);
  } else {
    head.write("n+2\0", 4, "latin1");
    short(8, 14);
    [2, 400, 500].forEach((size, at) => void long(size, 16 + 8 * at));
    long(offset, 168);
  }
  return Buffer.concat([head.subarray(0, offset), ZEROS]);
}

function member(name, data) {
  const head = Buffer.alloc(512);
  head.write(name, 0, "latin1");
  head.write(`${data.length.toString(8).padStart(11, "0")}\0`, 124, "latin1");
  head.fill(" ", 148, 156);
  head[156] = 0x30;
  head.write("ustar\x0000", 257, "latin1");
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return Buffer.concat([head, data, Buffer.alloc(-data.length & 511)]);
}

function string(size) {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(size);
  return Buffer.concat([ascii("\x80\x04]B"), length, Buffer.alloc(size), ascii("a.")]);
}

function safetensors() {
  const header = ascii(`{"a":{"dtype":"U8","shape":[${SIZE}],"data_offsets":[0,${SIZE}]}}`);
  const length = Buffer.alloc(8);
  length.writeUInt32LE(header.length);
  return Buffer.concat([length, header, ZEROS]);
}

function hdf5() {
  const head = Buffer.alloc(96);
  head.write("\x89HDF\r\n\x1a\n", 0, "latin1");
  head.writeUInt16LE(0x0808, 13);
  head.writeUInt32LE(96 + SIZE, 40);
  return Buffer.concat([head, ZEROS]);
}

const R = Buffer.concat([
  hex("580a 00000003 00040202 00030500 00000005 5554462d38 0000000e 000061a8"),
  Buffer.alloc(25_000 * 8),
]);

function zip(name, data) {
  const packed = deflateRawSync(data);
  const fields = Buffer.alloc(26);
  [20, 0, 8].forEach((value, at) => void fields.writeUInt16LE(value, 2 * at));
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(data.length, 18);
  fields.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([ascii("PK\x03\x04"), fields, ascii(name), packed]);
  const central = Buffer.concat([ascii("PK\x01\x02\x14\x00"), fields, Buffer.alloc(14), ascii(name)]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt32LE(0x10001, 8);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

export const STREAMS = {
  "zeros.npz": zip("a.npy", npy("'<f4'", "50000,")),
  "zeros.npy.gz": gzipSync(npy("[('a', '<i8'), ('b', '<u2', (3,)), ('', '|V2')]", "12500", 2)),
  "text.npy.gz": gzipSync(npy("'<U5'", "100, 100")),
  "mask.nii.gz": gzipSync(nifti(1, true)),
  "mask-big.nii.gz": gzipSync(nifti(1, false)),
  "mask2.nii.gz": gzipSync(nifti(2, true)),
  "mask2-big.nii.gz": gzipSync(nifti(2, false)),
  "zeros.h5.gz": gzipSync(hdf5()),
  "zeros.safetensors.gz": gzipSync(safetensors()),
  "zeros.pkl.gz": gzipSync(string(SIZE)),
  "zeros.zlib": deflateSync(string(SIZE)),
  "zeros.rds": gzipSync(R),
  "zeros.json.gz": gzipSync(ascii(`[${"0.0, ".repeat(SIZE / 5)}0.0]`)),
  "zeros.tar.gz": gzipSync(
    Buffer.concat([
      member("small.json", ascii("{}")),
      member("zeros.npy", npy("'|u1'", `${SIZE},`)),
      member("zeros.bin", Buffer.alloc(2000)),
      member("m.pkl", PAYLOAD),
      Buffer.alloc(10_240),
    ]),
  ),
};
