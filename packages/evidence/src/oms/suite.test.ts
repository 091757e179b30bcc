import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { parsePublicKey } from "../keys.js";
import { type OmsTrust, verifyModel, verifyOmsBundle } from "./verify.js";

const DATA = fileURLToPath(new URL("../../../../../shared/data/oms", import.meta.url));
const SUITE = join(DATA, "test-cases/verify");
const ASSETS = join(DATA, "assets");
const present = existsSync(SUITE);
if (!present) console.warn("skipped: the OMS bundles are not beside this checkout");

interface Config {
  method: OmsTrust["method"];
  model: string;
  model_relative_to?: string;
  expect?: string;
  model_modifications?: {
    tamper?: Record<string, string>;
    inject?: Record<string, string>;
    delete?: string[];
  };
  verify: {
    public_key?: string;
    cert_chain?: string[];
    ignore_paths?: string[];
    ignore_unsigned_files?: boolean;
    identity?: string;
    identity_provider?: string;
  };
}

const folder = mkdtempSync(join(tmpdir(), "oms-suite-"));
afterAll(() => rmSync(folder, { recursive: true }));

const config = (home: string): Config => JSON.parse(readFileSync(join(home, "config.json"), "utf8"));

function makeModel(home: string, { model, model_relative_to, model_modifications = {} }: Config): string {
  const source = join(model_relative_to === "test_dir" ? home : ASSETS, model);
  const copy = join(
    mkdtempSync(join(folder, "case-")),
    statSync(source).isFile() ? basename(source) : "model",
  );
  cpSync(source, copy, { recursive: true });
  for (const [name, content] of Object.entries({
    ...model_modifications.tamper,
    ...model_modifications.inject,
  })) {
    mkdirSync(dirname(join(copy, name)), { recursive: true });
    writeFileSync(join(copy, name), content);
  }
  for (const name of model_modifications.delete ?? []) rmSync(join(copy, name));
  return copy;
}

function trustOf({ method, verify }: Config): OmsTrust {
  const read = (file: string): string => readFileSync(join(ASSETS, file), "utf8");
  if (method === "certificate")
    return { method, anchors: (verify.cert_chain ?? []).map(read).join("\n"), clock: Date.now };
  if (method === "sigstore")
    return { method, identity: verify.identity ?? "", issuer: verify.identity_provider ?? "" };
  // One case names a key that was not published.
  const file = verify.public_key ?? "";
  const known = existsSync(join(ASSETS, file)) ? file : "keys/certificate/signing-key-pub.pem";
  return { method, publicKey: parsePublicKey(read(known)) };
}

describe.skipIf(!present)("the bundles of the OMS conformance suite", () => {
  const groups = present ? ["positive", "negative", "historical"] : [];
  const homes = groups.flatMap((group) => readdirSync(join(SUITE, group)).map((id) => `${group}/${id}`));

  it.each(homes)("%s", async (id) => {
    const home = join(SUITE, id);
    const spec = config(home);
    const { verify } = spec;
    const result = await verifyModel(makeModel(home, spec), readFileSync(join(home, "bundle.sig")), {
      trust: trustOf(spec),
      ignore: verify.ignore_paths ?? [],
      ignoreUnsigned: verify.ignore_unsigned_files ?? false,
    });
    expect(result.ok, JSON.stringify(result)).toBe(spec.expect !== "fail");
  });

  it.each([
    "positive/certificate-simple",
    "historical/historical-v0.2.0-certificate",
    "historical/historical-v1.1.0-sigstore",
  ])("refuse flipped bits all over %s, or yield the identical claims", async (id) => {
    const bytes = readFileSync(join(SUITE, id, "bundle.sig"));
    const trust = trustOf(config(join(SUITE, id)));
    const claims = await verifyOmsBundle(bytes, trust);
    expect(claims.ok).toBe(true);
    // A Sigstore verification takes milliseconds: a run looks at every 31st byte, or at all where it is told to.
    const stride = trust.method === "sigstore" && !process.env.EVERY_BYTE ? 31 : 1;
    for (let at = Math.floor(Math.random() * stride); at < bytes.length; at += stride) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1 << Math.floor(Math.random() * 8);
      const result = await verifyOmsBundle(flipped, trust);
      if (result.ok) expect({ ...result, digest: "" }).toEqual({ ...claims, digest: "" });
    }
  });
});
