import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseCertificates } from "./certificates.js";
import { signModel } from "./oms/sign.js";
import { type OmsTrust, verifyModel } from "./oms/verify.js";
import { keySigner } from "./signer.js";

// A certificate maker of a few lines, so that every defect can be made.

const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const hex = (text: string): Buffer => Buffer.from(text, "hex");
const name = (text: string): Buffer =>
  der(0x30, der(0x31, der(0x30, hex("0603550403"), der(0x0c, Buffer.from(text)))));
const time = (at: number): Buffer =>
  der(0x18, Buffer.from(new Date(at).toISOString().replace(/[-:T]|\.\d+/g, "")));
const extension = (oid: string, critical: boolean, value: Buffer): Buffer =>
  der(0x30, hex(oid), ...(critical ? [hex("0101ff")] : []), der(0x04, value));
const ECDSA_SHA256 = hex("300a06082a8648ce3d040302");

interface Options {
  issuer?: Issued;
  ca?: boolean;
  pathLength?: number;
  codeSigning?: boolean;
  from?: number;
  to?: number;
}
interface Issued {
  name: string;
  key: KeyObject;
  pem: string;
}

const NOW = Date.UTC(2030, 5, 1);
const YEAR = 365 * 86_400_000;
let serial = 1;

function issue(subject: string, options: Options = {}): Issued {
  const { ca = false, codeSigning = !ca, from = NOW - YEAR, to = NOW + YEAR } = options;
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer = options.issuer ?? { name: subject, key: pair.privateKey };
  const limit = options.pathLength === undefined ? [] : [der(0x02, Buffer.from([options.pathLength]))];
  const extensions = [
    extension("0603551d13", true, der(0x30, ...(ca ? [hex("0101ff"), ...limit] : []))),
    extension("0603551d0f", true, ca ? hex("03020106") : hex("03020780")),
    ...(codeSigning ? [extension("0603551d25", false, der(0x30, hex("06082b06010505070303")))] : []),
  ];
  const body = der(
    0x30,
    der(0xa0, hex("020102")),
    der(0x02, Buffer.from([serial++])),
    ECDSA_SHA256,
    name(issuer.name),
    der(0x30, time(from), time(to)),
    name(subject),
    pair.publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, der(0x30, ...extensions)),
  );
  const signature = sign("sha256", body, issuer.key);
  const raw = der(0x30, body, ECDSA_SHA256, der(0x03, Buffer.from([0]), signature));
  return { name: subject, key: pair.privateKey, pem: new X509Certificate(raw).toString() };
}

let folder = "";
beforeAll(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "certificates-"));
  fs.writeFileSync(join(folder, "model.bin"), "weights");
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const model = (): string => join(folder, "model.bin");

async function verifyWith(leaf: Issued, chain: Issued[], anchors: Issued[], at = NOW, signAt = NOW) {
  const signer = keySigner(leaf.key.export({ type: "pkcs8", format: "pem" }).toString());
  const certificates = [leaf, ...chain].map(({ pem }) => pem).join("");
  const { bundle } = await signModel(model(), { signer, certificate: { certificates, at: signAt } });
  const trust: OmsTrust = {
    method: "certificate",
    anchors: anchors.map(({ pem }) => pem).join(""),
    clock: () => at,
  };
  return verifyModel(model(), bundle, { trust });
}

describe("the certificate method", () => {
  const root = issue("root", { ca: true, to: NOW + 20 * YEAR });
  const middle = issue("middle", { ca: true, issuer: root, to: NOW + 10 * YEAR });
  const leaf = issue("leaf", { issuer: middle });

  it("accepts a chain that leads to the anchor", async () => {
    expect(await verifyWith(leaf, [middle], [root])).toMatchObject({
      ok: true,
      signer: { method: "certificate", subject: "CN=leaf" },
    });
    expect(await verifyWith(leaf, [middle, root], [root])).toMatchObject({ ok: true });
    expect(await verifyWith(leaf, [], [middle])).toMatchObject({ ok: true });
  });

  it("accepts a self-signed certificate only where it is the anchor itself", async () => {
    const alone = issue("alone");
    expect(await verifyWith(alone, [], [alone])).toMatchObject({ ok: true });
    expect(await verifyWith(alone, [alone], [root])).toMatchObject({
      ok: false,
      code: "certificate-untrusted",
    });
  });

  it("refuses other anchors, a missing link, and a root that the bundle brings itself", async () => {
    const other = issue("root", { ca: true });
    for (const [chain, anchors] of [
      [[middle], [other]],
      [[], [root]],
      [[middle, root], [other]],
    ] as const) {
      expect(await verifyWith(leaf, [...chain], [...anchors])).toMatchObject({
        ok: false,
        code: "certificate-untrusted",
      });
    }
  });

  it("refuses an issuer that is no authority", async () => {
    const person = issue("person", { issuer: root });
    const below = issue("below", { issuer: person });
    expect(await verifyWith(below, [person], [root])).toMatchObject({
      ok: false,
      code: "certificate-untrusted",
    });
  });

  it("keeps to a path length constraint", async () => {
    const tight = issue("tight", { ca: true, pathLength: 0 });
    expect(await verifyWith(issue("a", { issuer: tight }), [], [tight])).toMatchObject({ ok: true });
    const between = issue("between", { ca: true, issuer: tight });
    const deep = issue("deep", { issuer: between });
    expect(await verifyWith(deep, [between], [tight])).toMatchObject({
      ok: false,
      code: "certificate-untrusted",
    });
  });

  it("refuses a certificate that is not for signing code", async () => {
    const web = issue("web", { issuer: middle, codeSigning: false });
    expect(await verifyWith(web, [middle], [root])).toMatchObject({ ok: false, code: "certificate-usage" });
  });

  it.each([
    ["leaf", NOW + 2 * YEAR],
    ["intermediate", NOW + 11 * YEAR],
    ["root", NOW + 21 * YEAR],
    ["future", NOW - 2 * YEAR],
  ])("refuses what is not valid at the time: %s", async (_, at) => {
    const forever = issue("leaf", { issuer: middle, to: NOW + 50 * YEAR });
    expect(await verifyWith(leaf, [middle], [root], at)).toMatchObject({
      ok: false,
      code: "certificate-expired",
    });
    const result = await verifyWith(forever, [middle], [root], at);
    expect(result.ok).toBe(at === NOW + 2 * YEAR);
  });

  it("does not sign with an expired certificate, or one for another key", async () => {
    await expect(verifyWith(leaf, [middle], [root], NOW, NOW + 2 * YEAR)).rejects.toMatchObject({
      code: "certificate-expired",
    });
    const mixed = { ...leaf, pem: issue("leaf", { issuer: middle }).pem };
    await expect(verifyWith(mixed, [middle], [root])).rejects.toMatchObject({ code: "key-malformed" });
  });

  it("refuses a chain with names of another", async () => {
    const twin = issue("middle", { ca: true, issuer: root });
    expect(await verifyWith(leaf, [twin], [root])).toMatchObject({
      ok: false,
      code: "certificate-untrusted",
    });
    expect(() => parseCertificates("no certificate")).toThrow(
      expect.objectContaining({ code: "key-malformed" }),
    );
  });
});
