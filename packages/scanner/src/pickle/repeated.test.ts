import { describe, expect, it } from "vitest";
import { scanBytes } from "../core/scan-bytes.js";
import { bytes, global, PAYLOAD, text, u32 } from "../testing/assemble.js";
import { cpuTime } from "../testing/cpu-time.js";

function blob(data: Buffer): Buffer {
  return bytes("B", u32(data.length), data);
}

/** A pickle that hands the same bytes to the loader nine times. */
function nineTimes(data: Buffer): Buffer {
  const loads = Array.from({ length: 9 }, () => bytes("h\x00h\x01", 0x85, "R0"));
  return bytes(
    0x80,
    4,
    global("torch.storage", "_load_from_bytes"),
    0x94,
    "0",
    blob(data),
    0x94,
    "0",
    ...loads,
    "N.",
  );
}

describe("work that a pickle repeats", () => {
  it("examines nested bytes once", () => {
    let data = PAYLOAD;
    for (let depth = 0; depth < 7; depth++) data = nineTimes(data);
    const start = cpuTime();
    expect(scanBytes(data, "model.pkl").verdict).toBe("malicious");
    expect(cpuTime() - start).toBeLessThan(2_000);
  });

  it("follows attributes of attributes so far only", () => {
    const grow = Array.from({ length: 20_000 }, () => bytes(text("a"), 0x86, "R"));
    const between = Array.from({ length: 20_000 }, () => global("builtins", "getattr"));
    const data = bytes(0x80, 4, ...between, global("own", "x"), ...grow, ")R.");
    const start = cpuTime();
    expect(scanBytes(data, "model.pkl").verdict).toBe("malicious");
    expect(cpuTime() - start).toBeLessThan(2_000);
  });

  it("judges no part of a name that is longer than any", () => {
    const name = "a.".repeat(200_000);
    const start = cpuTime();
    scanBytes(bytes(0x80, 2, `c${name}a\n${name}__new__\n)R.`), "model.pkl");
    expect(cpuTime() - start).toBeLessThan(2_000);
  });
});

describe("a state with pickled bytes", () => {
  const own = global("own.package", "Wrapper");
  const pickled = blob(PAYLOAD);

  it("is looked at whole", () => {
    for (const before of [200, 5_000]) {
      const attributes = Array.from({ length: before }, (_, at) => bytes(text(`a${at}`), "K\x01"));
      const state = bytes("}(", ...attributes, text("blob"), pickled, "u");
      const data = bytes(0x80, 4, own, ")", 0x81, state, "b.");
      expect(scanBytes(data, "model.pkl").verdict).toBe("malicious");
      const items = bytes("](", ...Array.from({ length: before }, () => "K\x01"), pickled, "e");
      expect(scanBytes(bytes(0x80, 4, own, ")", 0x81, items, "b."), "model.pkl").verdict).toBe("malicious");
    }
  });

  it("may hold a formula of plain arithmetic only", () => {
    const verdict = (formula: string): string => {
      const state = bytes("}", text("formula"), text(formula), "s");
      const data = bytes(0x80, 4, global("statsmodels.base.data", "PandasData"), ")", 0x81, state, "b.");
      return scanBytes(data, "model.pkl").verdict;
    };
    expect(verdict("y ~ x + np.log1p(x) + C(z)")).toBe("clean");
    expect(verdict("y ~ x + np.load('x', None, True)")).toBe("malicious");
  });
});
