import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ScanReport } from "../core/report.js";
import { scanBytes } from "../core/scan-bytes.js";
import { unscanned } from "../path/unscanned.js";
import { bytes, call, PAYLOAD, zip } from "../testing/assemble.js";
import { applyBaseline, draftBaseline, idleAcceptances, parseBaseline } from "./baseline.js";

const bad = scanBytes(zip({ name: "m/data.pkl", data: PAYLOAD }), "models/bad.pt");
const reportOf = (...files: ScanReport["files"]): ScanReport => ({
  files,
  verdict: "malicious",
  scanner: { name: "countersign", rules: "1" },
});
const report = reportOf(bad, scanBytes(Buffer.from("hello"), "README.md"));
const accepted = bad.findings.map(({ rule, location }) => ({
  rule,
  sha256: bad.sha256,
  ...(location.member === undefined ? {} : { member: location.member }),
  owner: "ada",
  reason: "a proof of concept that we keep",
  expires: 2_000,
}));

describe("applying a baseline", () => {
  it("sets accepted findings aside and says by whom", () => {
    const { files, verdict } = applyBaseline(report, { accepted }, 1_000);
    expect(files[0]).toMatchObject({ verdict: "clean", findings: [] });
    expect(files[0]?.accepted).toMatchObject([{ rule: bad.findings[0]?.rule, owner: "ada", expires: 2_000 }]);
    expect(verdict).toBe("clean");
  });

  it.each([
    ["an expired one", { expires: 999 }],
    ["one that ends now", { expires: 1_000 }],
    ["one without a date", { expires: Number.NaN }],
    ["one without an owner", { owner: " " }],
    ["one without a reason", { reason: "" }],
    ["one for another file", { sha256: "0".repeat(64) }],
    ["one for another name of the file", { file: "good.pt" }],
    ["one for another member", { member: "other" }],
    ["one for the file as a whole", { member: undefined }],
    ["one for another byte", { offset: 1 }],
    ["one for another rule", { rule: "pickle-frame" }],
  ])("leaves the finding for %s", (_, change) => {
    const changed = accepted.map((acceptance) => ({ ...acceptance, ...change }));
    const { files, verdict } = applyBaseline(report, { accepted: changed }, 1_000);
    expect(verdict).toBe("malicious");
    expect(files[0]).toBe(bad);
  });

  it("hides nothing of a file that was not read, or that has no digest", () => {
    const unread = { ...unscanned("models/bad.pt", "scan-timeout", "It took too long."), sha256: bad.sha256 };
    const entries = [...accepted, { ...accepted[0]!, rule: "scan-timeout", member: undefined as never }];
    expect(applyBaseline(reportOf(unread), { accepted: entries }, 1_000).verdict).toBe("incomplete");
    const nameless = { ...bad, sha256: "" };
    const any = accepted.map((acceptance) => ({ ...acceptance, sha256: "" }));
    expect(applyBaseline(reportOf(nameless), { accepted: any }, 1_000).verdict).toBe("malicious");
  });

  it("leaves a file unread that had more findings than are kept", () => {
    const many = Array.from({ length: 12 }, (_, at) => bytes(call(`library${at}`, "thing")));
    const cut = scanBytes(Buffer.concat(many), "many.pkl", { findings: 2 });
    const entries = cut.findings.map(({ rule, location }) => ({
      ...accepted[0]!,
      rule,
      sha256: cut.sha256,
      ...location,
      member: location.member as never,
    }));
    expect(cut.findings.map(({ rule }) => rule)).toContain("limit-reached");
    expect(applyBaseline(reportOf(cut), { accepted: entries }, 1_000).verdict).toBe("incomplete");
  });

  it("never hides a finding of other bytes", () => {
    const others = ["posix", "nt", "subprocess"].map((module) =>
      scanBytes(zip({ name: "m/data.pkl", data: call(module, "system") }), "models/bad.pt"),
    );
    fc.assert(
      fc.property(fc.subarray(others), (files) => {
        const after = applyBaseline(reportOf(bad, ...files), { accepted }, 1_000).files.slice(1);
        expect(after).toEqual(files);
      }),
    );
  });

  it("names what is over and what is of no use any more", () => {
    const [first] = accepted;
    const gone = { ...first!, sha256: "1".repeat(64) };
    const idle = idleAcceptances(report, { accepted: [{ ...first!, expires: 1 }, gone, first!] }, 1_000);
    expect(idle).toEqual({ expired: [{ ...first!, expires: 1 }], unused: [gone] });
  });
});

describe("reading a baseline", () => {
  const entry = {
    rule: "pickle-dangerous-call",
    sha256: "a".repeat(64),
    owner: "ada",
    reason: "a drill",
    expires: "2027-01-31",
  };
  const read = (...entries: unknown[]) => parseBaseline(JSON.stringify({ accepted: entries }));

  it("takes an entry, its date as the start of that day", () => {
    expect(read({ ...entry, member: "m/data.pkl", offset: 5, file: "a.pt", message: "seen" })).toEqual({
      ok: true,
      baseline: {
        accepted: [
          { ...entry, member: "m/data.pkl", offset: 5, file: "a.pt", expires: Date.UTC(2027, 0, 31) },
        ],
      },
    });
  });

  it.each([
    ["no text", 5, "it is no object"],
    ["a list", [entry], "it is no object"],
    ["a rule that is not there", { ...entry, rule: "__proto__" }, "its rule is unknown"],
    ["what nobody has seen", { ...entry, rule: "scan-timeout" }, "cannot be accepted"],
    ["another digest", { ...entry, sha256: "A".repeat(64) }, "no digest"],
    ["a misspelt field", { ...entry, memeber: "m" }, "not known"],
    ["a number for a member", { ...entry, member: 3 }, "its member"],
    ["a negative byte", { ...entry, offset: -1 }, "its offset"],
    ["no owner", { ...entry, owner: "\t" }, "an owner and a reason"],
    ["a draft as it was written", { ...entry, owner: "", reason: "" }, "an owner and a reason"],
    ["a year from nowhere", { ...entry, expires: "1" }, "no date"],
    ["a day that is not there", { ...entry, expires: "2027-13-45" }, "no date"],
    ["for ever", { ...entry, expires: null }, "no date"],
  ])("refuses %s", (_, item, reason) => {
    const baseline = read(entry, item);
    expect(baseline).toMatchObject({ ok: false });
    expect(baseline.ok ? "" : baseline.reason).toContain("number 2");
    expect(baseline.ok ? "" : baseline.reason).toContain(reason);
  });

  it("never throws, whatever the text", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseBaseline(text)));
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.constantFrom(...Object.keys(entry), "member"), fc.jsonValue())),
        (items) => void read(...items),
      ),
    );
  });
});

describe("a draft of a baseline", () => {
  it("names what decides, and counts once a person has signed it", () => {
    const draft = draftBaseline(report, "2027-01-31") as { accepted: Record<string, unknown>[] };
    expect(draft.accepted).toMatchObject([{ file: "bad.pt", member: "m/data.pkl", owner: "", reason: "" }]);
    const signed = draft.accepted.map((item) => ({ ...item, owner: "ada", reason: "a drill" }));
    const baseline = parseBaseline(JSON.stringify({ accepted: signed }));
    expect(baseline.ok && applyBaseline(report, baseline.baseline, 0).verdict).toBe("clean");
  });

  it("leaves out what cannot be accepted", () => {
    const unread = unscanned("x.pkl", "scan-timeout", "It took too long.");
    expect(draftBaseline(reportOf(unread), "2027-01-31")).toEqual({ accepted: [] });
  });
});
