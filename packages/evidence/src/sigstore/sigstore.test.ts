import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256 } from "../digest.js";
import { CountersignError } from "../errors.js";
import { generateKey, parsePublicKey } from "../keys.js";
import { parseTrustRoot, pinnedTrustRoot } from "./trust.js";
import { verifyBundle } from "./verify.js";

const DATA = fileURLToPath(new URL("../../../../../shared/data/sigstore-bundles", import.meta.url));
const SUITE = `${DATA}/bundle-verify`;
const present = existsSync(SUITE);
if (!present) console.warn("skipped: the public Sigstore bundles are not beside this checkout");

// Each verification takes milliseconds: a run looks at every 31st byte, or at all of them where it is told to.
const STRIDE = process.env.EVERY_BYTE ? 1 : 31;
const offset = Math.floor(Math.random() * STRIDE);

const BEACON =
  "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const ISSUER = "https://token.actions.githubusercontent.com";

type Outcome = ReturnType<typeof verifyBundle>;

function load(name: string): { bytes: Buffer; judge: (bytes: Uint8Array) => Outcome } {
  const read = (file: string) =>
    existsSync(`${SUITE}/${name}/${file}`) ? readFileSync(`${SUITE}/${name}/${file}`) : undefined;
  const artifact = read("artifact") ?? readFileSync(`${SUITE}/a.txt`);
  const key = read("key.pub")?.toString();
  const trustRoot = read("trusted_root.json");
  const identity = {
    name: read("identity")?.toString().trim() ?? BEACON,
    issuer: read("issuer")?.toString().trim() ?? ISSUER,
  };
  const judge = (bytes: Uint8Array): Outcome => {
    const signer = key === undefined ? { identity } : { publicKey: parsePublicKey(key) };
    return verifyBundle(bytes, {
      artifact,
      artifactDigest: sha256(artifact),
      ...signer,
      ...(trustRoot ? { trustRoot } : {}),
    });
  };
  return { bytes: read("bundle.sigstore.json") ?? Buffer.alloc(0), judge };
}

function accepted(name: string): boolean {
  const { bytes, judge } = load(name);
  try {
    return judge(bytes).ok;
  } catch (error) {
    // A broken key or trust root is the verifier's own: a fault, not a refusal.
    expect(error).toBeInstanceOf(CountersignError);
    return false;
  }
}

describe.skipIf(!present)("the public suite of offline bundles", () => {
  const names = present
    ? readdirSync(SUITE, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    : [];

  it("comes out right, every one", () => {
    const outcomes = names.map(({ name }) => ({ name, right: accepted(name) === !name.endsWith("_fail") }));
    const wrong = outcomes.filter(({ right }) => !right).map(({ name }) => name);
    console.info(`sigstore bundles: ${outcomes.length - wrong.length} of ${outcomes.length} right`);
    expect(wrong).toEqual([]);
    expect(outcomes).toHaveLength(70);
  });

  it.each(["happy-path-v0.3", "rekor2-dsse-happy-path"])(
    "refuses flipped bits all over %s, or yields the identical claims",
    (name) => {
      const { bytes, judge } = load(name);
      const claims = judge(bytes);
      expect(claims.ok).toBe(true);
      for (let at = offset; at < bytes.length; at += STRIDE) {
        const flipped = Buffer.from(bytes);
        flipped[at]! ^= 1 << Math.floor(Math.random() * 8);
        const result = judge(flipped);
        if (result.ok) expect(result, `byte ${at}`).toEqual(claims);
      }
    },
  );

  it("takes the expected identity as text, not as a pattern", () => {
    const { bytes } = load("happy-path-v0.3");
    const artifact = readFileSync(`${SUITE}/a.txt`);
    const ask = (name: string, issuer = ISSUER): Outcome =>
      verifyBundle(bytes, { artifact, identity: { name, issuer } });
    expect(ask(BEACON)).toEqual({ ok: true, identity: { name: BEACON, issuer: ISSUER } });
    for (const name of [".*", "", BEACON.slice(0, -1), `${BEACON}x`]) {
      expect(ask(name)).toMatchObject({ ok: false, code: "identity-mismatch" });
    }
    expect(ask(BEACON, "https://example.com")).toMatchObject({ ok: false, code: "identity-mismatch" });
    expect(verifyBundle(bytes, { artifact })).toMatchObject({ ok: false, code: "identity-mismatch" });
    const publicKey = parsePublicKey(generateKey().publicPem);
    expect(verifyBundle(bytes, { artifact, publicKey })).toMatchObject({
      ok: false,
      code: "identity-mismatch",
    });
  });

  it("counts a log's key only while it is valid", () => {
    const { bytes } = load("rekor2-happy-path");
    const root = JSON.parse(readFileSync(`${SUITE}/rekor2-happy-path/trusted_root.json`, "utf8"));
    const ask = (): Outcome =>
      verifyBundle(bytes, {
        artifact: readFileSync(`${SUITE}/a.txt`),
        identity: { name: BEACON, issuer: ISSUER },
        trustRoot: Buffer.from(JSON.stringify(root)),
      });
    expect(ask()).toMatchObject({ ok: true });
    for (const log of root.tlogs)
      log.publicKey.validFor = { start: "2020-01-01T00:00:00Z", end: "2020-01-02T00:00:00Z" };
    expect(ask()).toMatchObject({ ok: false, code: "tlog-invalid" });
  });

  it("holds a statement against the artifact", () => {
    const { bytes, judge } = load("happy-path-intoto-in-dsse-v3");
    expect(judge(bytes)).toMatchObject({ ok: true, statement: { _type: "https://in-toto.io/Statement/v1" } });
    const other = verifyBundle(bytes, {
      artifactDigest: sha256(Buffer.from("other")),
      identity: { name: BEACON, issuer: ISSUER },
    });
    expect(other).toMatchObject({ ok: false, code: "verification-failed" });
  });

  it("does not run a checkpoint's name as a pattern", () => {
    const { bytes, judge } = load("happy-path-v0.3");
    const bundle = JSON.parse(bytes.toString());
    const { checkpoint } = bundle.verificationMaterial.tlogEntries[0].inclusionProof;
    checkpoint.envelope = checkpoint.envelope.replace(/\u2014 \S+ /, "\u2014 ((((([a-z./:]+)+)+)+)+)+! ");
    expect(judge(Buffer.from(JSON.stringify(bundle)))).toMatchObject({ ok: false, code: "bundle-malformed" });
  });
});

describe("any bytes", () => {
  it("for a bundle give a refusal", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          expect(verifyBundle(bytes, {}).ok).toBe(false);
        },
      ),
    );
  });

  it("for a trust root give one fault", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          expect(() => parseTrustRoot(bytes)).toThrow(
            expect.objectContaining({ code: "trust-root-invalid" }),
          );
        },
      ),
    );
  });
});

it("carries the public-good trust root", () => {
  const root = pinnedTrustRoot();
  expect(root.tlogs.map(({ baseUrl }) => baseUrl)).toContain("https://rekor.sigstore.dev");
});
