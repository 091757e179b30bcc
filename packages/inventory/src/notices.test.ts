import { describe, expect, it } from "vitest";
import { noticesOf, parseDocuments } from "./index.js";

function notices(kind: string, spec: string, day = "2026-06-01"): string[] {
  const [document] = parseDocuments(
    `apiVersion: countersign.dev/v1\nkind: ${kind}\nmetadata: { name: x }\nspec: ${spec}\n`,
  );
  return document === undefined ? [] : noticesOf(document, day).map(({ level, text }) => `${level}: ${text}`);
}

describe("notices", () => {
  it("say what a sanctions check says, will say, and for how long", () => {
    expect(notices("Vendor", "{}")).toEqual(["remark: No sanctions check holds today."]);
    const checks =
      "{ sanctions: [{ status: clear, list: EU, from: 2026-01-01, until: 2026-07-01 }, { status: listed, list: OFAC, from: 2026-06-15 }] }";
    expect(notices("Vendor", checks)).toEqual([
      "warning: Sanctions: listed (OFAC) from 2026-06-15.",
      "remark: The sanctions check (EU) holds until 2026-07-01.",
    ]);
    expect(notices("Vendor", checks, "2026-06-15")).toEqual([
      "warning: Sanctions: listed (OFAC) since 2026-06-15.",
    ]);
  });

  it("say which contracts and licences have ended or soon do", () => {
    const spec =
      "{ sanctions: [{ status: clear, list: EU, from: 2020-01-01 }], contracts: [{ id: old, until: 2026-05-01 }, { id: far, until: 2027-05-01 }, { id: roll, until: 2026-09-01, renews: true, noticeDays: 60 }, { id: soon, until: 2026-06-20 }], licences: [{ id: gone, uses: [x], until: 2026-06-01 }, { id: next, uses: [x], from: 2026-06-02 }, { id: open, uses: [x] }] }";
    expect(notices("Vendor", spec)).toEqual([
      "warning: The contract old ended on 2026-05-01.",
      "remark: The contract roll renews by itself unless notice is given before 2026-07-03.",
      "remark: The contract soon ends on 2026-06-20.",
      "warning: The licence gone ended on 2026-06-01.",
      "remark: The licence next begins on 2026-06-02.",
    ]);
  });

  it("say what is not signed and what nobody knows of hardware", () => {
    expect(notices("Hardware", "{}")).toHaveLength(3);
    const spec =
      "{ firmware: [{ component: BMC, version: '2.14', signed: false }, { component: GPU, version: '9', signed: true }], provenance: { country: TW, custody: [{ holder: carrier, from: 2026-01-01 }] } }";
    expect(notices("Hardware", spec)).toEqual([
      "warning: Firmware 2.14 of BMC is not signed.",
      "remark: Nothing says when the signature of GPU's firmware was verified.",
    ]);
  });

  it("take a day that the calendar does not have", () => {
    const spec =
      "{ sanctions: [{ status: clear, list: EU, from: 2020-02-31 }], contracts: [{ id: c, until: 2027-02-31, renews: true, noticeDays: 10 }] }";
    expect(notices("Vendor", spec)).toEqual([]);
  });
});
