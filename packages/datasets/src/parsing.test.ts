import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatOf, plainName } from "./profile/formats.js";
import { quotable } from "./profile/privacy.js";
import { identifier, literal } from "./profile/sql.js";
import { csvFields } from "./rewrite/csv.js";
import { csvFilter, jsonlFilter, type RowFilter } from "./rewrite/rows.js";
import { readList } from "./s3/xml.js";
import { dueAt, settingsOf } from "./settings.js";
import { parseLocation, parseS3, parseSource } from "./source.js";
import { readPredicate } from "./statement.js";

/** Cuts bytes at the given places, as a stream would. */
function filtered(filter: RowFilter, bytes: Buffer, cuts: readonly number[]): string {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const out: Buffer[] = [];
  let from = 0;
  for (const to of [...places, bytes.length]) {
    out.push(...filter.push(bytes.subarray(from, to)));
    from = to;
  }
  return Buffer.concat([...out, ...filter.end()]).toString("utf8");
}

const field = fc.string({ unit: fc.constantFrom("a", "ß", '"', ",", "\n", "\r", ";", " ", "模") });
const quote = (text: string): string => (/[",\n\r;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Another reading of comma-separated text, by a pattern for each field; undefined where none fits. */
function recordsOf(text: string): { raw: string; fields: string[] }[] | undefined {
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n][^,\r\n]*|))(,|\r?\n|\r?$)/y;
  const records: { raw: string; fields: string[] }[] = [];
  let from = 0;
  let fields: string[] = [];
  while (from < text.length || fields.length > 0) {
    const [, quoted, plain = "", end] = pattern.exec(text) ?? [];
    if (end === undefined) return undefined;
    fields.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ",") continue;
    records.push({ raw: text.slice(from, pattern.lastIndex), fields });
    from = pattern.lastIndex;
    fields = [];
  }
  return records;
}
const cuts = fc.array(fc.nat(), { maxLength: 6 });

describe("rows of one person", () => {
  test("CSV: exactly the rows with that value go, and every other byte stays, wherever a chunk ends", () => {
    const rows = fc.array(fc.tuple(field, field), { maxLength: 12 });
    fc.assert(
      fc.property(rows, field, cuts, fc.constantFrom("\n", "\r\n"), (all, reference, at, end) => {
        const line = (row: readonly string[]): string => `${row.map(quote).join(",")}${end}`;
        const filter = csvFilter("who", reference);
        const text = line(["who", "what"]) + all.map(line).join("");
        const kept = all.filter(([who]) => who !== reference);
        expect(filtered(filter, Buffer.from(text), at)).toBe(line(["who", "what"]) + kept.map(line).join(""));
        expect([filter.removed, filter.rows]).toEqual([all.length - kept.length, all.length]);
      }),
    );
  });

  test("CSV: a quote within a field is plain text, and what can be read in two ways is refused", () => {
    const text = 'id,note\n1,5" pipe\n42,secret\n3,7" pipe\n';
    const without = (gone: string): string => filtered(csvFilter("id", gone), Buffer.from(text), []);
    expect(without("42")).toBe('id,note\n1,5" pipe\n3,7" pipe\n');
    expect(without("1")).toBe('id,note\n42,secret\n3,7" pipe\n');
    expect(filtered(csvFilter("id", "a\nb"), Buffer.from('\ufeff"id",x\n"a\nb",1\n'), [2])).toBe(
      '\ufeff"id",x\n',
    );
    for (const unclear of ["id,x\r42,1\r", 'id,x\n42,"a"b\n', 'id,x\n42,"a\n', 'id,x\n42,"a" \n'])
      expect(() => filtered(csvFilter("id", "42"), Buffer.from(unclear), [])).toThrow("cannot be searched");
  });

  test("CSV: any text is cut as another reading of it cuts it, or refused where that finds no way", () => {
    const piece = fc.constantFrom("a", '"', '"', ",", "\n", "\r\n", "\r", ";", " ", '""', '"a",', "a\n");
    const text = fc.array(piece, { maxLength: 14 }).map((pieces) => `who,what\n${pieces.join("")}`);
    fc.assert(
      fc.property(text, fc.constantFrom("a", '"', 'a"', " ", "\n"), cuts, (all, reference, at) => {
        const records = recordsOf(all);
        const search = (): string => filtered(csvFilter("who", reference), Buffer.from(all), at);
        if (records === undefined) {
          expect(search).toThrow("cannot be searched");
          return;
        }
        const kept = records.filter(({ fields }) => fields[0] !== reference);
        expect(search()).toBe(kept.map(({ raw }) => raw).join(""));
      }),
      { numRuns: 3_000 },
    );
  });

  test("JSONL: the same, by a member of each line", () => {
    const rows = fc.array(fc.record({ who: fc.oneof(fc.string(), fc.integer()), what: fc.jsonValue() }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(rows, fc.string({ minLength: 1 }), cuts, (all, reference, at) => {
        const filter = jsonlFilter("who", reference);
        const text = all.map((row) => `${JSON.stringify(row)}\n`).join("");
        const kept = all.filter(({ who }) => String(who) !== reference);
        expect(filtered(filter, Buffer.from(text), at)).toBe(
          kept.map((row) => `${JSON.stringify(row)}\n`).join(""),
        );
      }),
    );
  });

  test("a file that has no such column, a quote that does not end, a line that is no JSON", () => {
    expect(() => csvFilter("who", "x").push(Buffer.from("a,b\n"))).toThrow('no column "who"');
    const open = csvFilter("who", "x");
    open.push(Buffer.from('who\n"a'));
    expect(() => open.end()).toThrow("does not end");
    expect(() => jsonlFilter("who", "x").push(Buffer.from("{\n"))).toThrow("no JSON");
  });

  test("fields come back as they went in", () => {
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 6 }), (fields) => {
        expect(csvFields(Buffer.from(`${fields.map(quote).join(",")}\n`), ",".charCodeAt(0))).toEqual(fields);
      }),
    );
  });
});

describe("where a run read from", () => {
  test("is read from any text without a throw, and never leads to a relative path", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.webUrl()), (text) => {
        const source = parseSource(text);
        if (source.kind === "path") expect(source.path.startsWith("/")).toBe(true);
        if (source.kind === "s3") expect(source.bucket).toMatch(/^[a-z0-9][a-z0-9.-]+[a-z0-9]$/);
      }),
    );
  });

  test.each([
    ["/data/a.csv", { kind: "path", path: "/data/a.csv" }],
    ['{"uri":"file:///data/a%20b.csv"}', { kind: "path", path: "/data/a b.csv" }],
    ['{"uri":"s3://lake/a/b?c#d"}', { kind: "s3", bucket: "lake", key: "a/b?c#d" }],
    ['{"url":"https://example.com/a.csv"}', { kind: "other" }],
    ['{"tags":{}}', { kind: "other" }],
    ["../a.csv", { kind: "other" }],
    ["/data/\0", { kind: "other" }],
    ["file://host/a.csv", { kind: "other" }],
    ["s3://A..b/c", { kind: "other" }],
    ["s3://lake@evil/c", { kind: "other" }],
    ["null", { kind: "other" }],
  ])("%j", (text, expected) => expect(parseSource(text)).toEqual(expected));

  test("an S3 address comes back as it went in", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (key) => {
        fc.pre(!key.includes("\0"));
        expect(parseS3(`s3://lake/${key}`)).toEqual({ kind: "s3", bucket: "lake", key });
        expect(parseLocation(`s3://lake/${key}`)).toEqual({ kind: "s3", bucket: "lake", key });
      }),
    );
  });
});

test("lists of objects are read, or refused, whatever they hold", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 }), { maxLength: 5 }), (names) => {
      const contents = names.map(
        (key) =>
          `<Contents><Key>${encodeURIComponent(key)}</Key><ETag>&quot;e&quot;</ETag><Size>1</Size></Contents>`,
      );
      const { objects } = readList(`<ListBucketResult>${contents.join("")}</ListBucketResult>`);
      expect(objects).toEqual(names.map((key) => ({ key, etag: '"e"', size: 1 })));
    }),
  );
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("<", ">", "/", "Contents", "Key", "Size", "&#x0;", "1", "%") }),
      (junk) => {
        try {
          readList(`<ListBucketResult>${junk}</ListBucketResult>`);
        } catch (error) {
          expect((error as Error).message).toMatch(/malformed/);
        }
      },
    ),
  );
});

test("settings of any document are whole, and strict unless it says otherwise", () => {
  fc.assert(
    fc.property(fc.anything(), (document) => {
      const settings = settingsOf(document);
      expect(["refuse", "record"]).toContain(settings.train.unknownDigest);
      expect(settings.personalColumns.every((name) => typeof name === "string")).toBe(true);
    }),
  );
  expect(settingsOf({ spec: { train: { unknownDigest: "RECORD" }, retentionDays: -1 } })).toMatchObject({
    train: { unknownDigest: "refuse", versions: "any" },
  });
  const settings = settingsOf({
    metadata: { tags: { personalData: true } },
    spec: {
      subjectColumn: "who",
      retentionDays: 2,
      columns: [{ name: "pay", personalData: true }, { name: "x" }],
    },
  });
  expect(settings).toMatchObject({ personal: true, personalColumns: ["pay", "who"], subjectColumn: "who" });
  expect(dueAt(settings, 1)).toBe(172_800_001);
  expect(dueAt(settingsOf({}), 1)).toBeUndefined();
});

test("statements of any shape are read without a throw", () => {
  fc.assert(fc.property(fc.anything(), (value) => void readPredicate(value)));
});

test("no name leads out of its quotes", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("'", '"', "\\", "\0", "a", "]", ";") }), (name) => {
      expect(literal(name).slice(1, -1).replaceAll("''", "")).not.toContain("'");
      expect(identifier(name).slice(1, -1).replaceAll('""', "")).not.toContain('"');
    }),
  );
});

test("formats by name: only known endings, and links that carry nothing of the name", () => {
  expect(formatOf("a/b.CSV.gz")).toEqual({ format: "csv", packed: "gz" });
  expect(formatOf("x.parquet.gz")).toBeUndefined();
  expect(formatOf("constructor")).toBeUndefined();
  fc.assert(
    fc.property(fc.string(), fc.nat(), (name, index) => {
      const format = formatOf(`${name}.jsonl`);
      if (format) expect(plainName(index, format)).toBe(`${index}.jsonl`);
    }),
  );
});

test("frequent values that look like a person's are not quoted", () => {
  const top = (value: string) => [{ value, count: 9 }];
  expect(quotable(top("red"), 3)).toEqual(top("red"));
  for (const value of ["a@example.com", "+49 170 1234567", "10.0.0.1", "fe80::1"])
    expect(quotable(top(value), 3)).toEqual([]);
  expect(quotable(top("red"), 500)).toEqual([]);
  expect(quotable([{ value: "rare", count: 4 }], 3)).toEqual([]);
});
