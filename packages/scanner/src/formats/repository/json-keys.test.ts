import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";
import { bytesSource } from "../../core/source.js";
import { readLargeJson } from "./json-keys.js";

const read = (text: string) => readLargeJson(bytesSource(Buffer.from(text)));
/** Larger than what is parsed. */
const PADDING = `"${"x".repeat(1024)}",`.repeat(34 * 1024);
const records = `[${PADDING}{"id":1,"text":"a template {{ x }} and \\"_target_\\": os.system","class_name":"cat"}]`;

describe("JSON too large to parse", () => {
  it("is data when no key of it acts, whatever its values say", () => {
    expect(scanBytes(Buffer.from(records), "big.json")).toMatchObject({ verdict: "clean", format: "json" });
  });

  it("is lines of records when a second value follows", () => {
    const lines = `{"id":1,"chat_template":"x"}\n${`{"id":2,"text":"${"y".repeat(1000)}"}\n`.repeat(34 * 1024)}`;
    expect(scanBytes(Buffer.from(lines), "big.jsonl")).toMatchObject({ verdict: "clean", format: "text" });
  });

  it.each([
    `{"a":[${PADDING}1],"chat_template":"{{ x }}"}`,
    `{"a":[${PADDING}1],"auto_map":{"x":"y.z"}}`,
    `{"a":[${PADDING}1],"b":[{"_target_":"os.system"}]}`,
    `{"a":[${PADDING}1],"b":{"class_path":"os.system"}}`,
    `{"a":[${PADDING}1],"_attn_implementation_internal":"a/b"}`,
    `{"a":[${PADDING}1],"_\\u0074arget_" \n\t : "os.system"}`,
    `{"a":[${PADDING}1],"class_name":"Sequential","config":{}}`,
    `{"a":[${PADDING}1],"${"k".repeat(5000)}template":1}`,
    `{"a":[${PADDING}1],"\\u00zz":1}`,
  ])("is incomplete when a key acts, or may", (text) => {
    expect(scanBytes(Buffer.from(text), "config.json").verdict).toBe("incomplete");
  });

  it("finds a key at every place where a chunk may end", () => {
    const text = '{"a":"\\\\","auto_map" :1}';
    for (let pad = 1024 * 1024 - 40; pad < 1024 * 1024 + 4; pad++) {
      expect(read(`{"p":"${"x".repeat(pad - 6)}","b":${text}}`)).toBe("acts");
    }
  });

  it("agrees with a parser on any document", () => {
    const key = fc.oneof(
      fc.string(),
      fc.constantFrom("auto_map", "my_template", "_target_", "class_name", 'a"\\'),
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: "small" },
        fc.string(),
        fc.integer(),
        fc.constant(null),
        tie("list"),
        tie("map"),
      ),
      list: fc.array(tie("any"), { maxLength: 3 }),
      map: fc.dictionary(key, tie("any"), { maxKeys: 3 }),
    }));
    fc.assert(
      fc.property(fc.oneof(value.list, value.map), fc.constantFrom(0, 1, 3), (document, indent) => {
        const acts = hasActing(document, 1, !Array.isArray(document));
        expect(read(JSON.stringify(document, null, indent))).toBe(acts ? "acts" : "data");
      }),
      { numRuns: 500 },
    );
  });
});

function hasActing(value: unknown, depth: number, object: boolean): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, item]) => {
    const named = !Array.isArray(value);
    const acting = /template|jinja|^auto_map$|^custom_pipelines$|^_target_?$|^__target__$/i.test(key);
    const root = depth === 1 && object && /^(class_name|keras_version)$/.test(key);
    return (named && (acting || root)) || hasActing(item, depth + 1, object);
  });
}
