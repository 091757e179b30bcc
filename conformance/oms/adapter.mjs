// Speaks the conformance protocol of OpenSSF Model Signing. Exit codes: 0 done or verified, 1 refused, 2 used wrongly.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { parseArgs } from "node:util";

const built = new URL("../../packages/evidence/dist/index.js", import.meta.url);
const source = new URL("../../packages/evidence/src/index.ts", import.meta.url);
const evidence = existsSync(built) ? await import(built) : await fromSource();
const { CountersignError, loadKeyFile, parsePublicKey, signModel, verifyModel } = evidence;

// A clone that has not been built yet runs its TypeScript.
async function fromSource() {
  const { register } = await import("tsx/esm/api");
  register();
  return import(source);
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    method: { type: "string", default: "key" },
    "model-path": { type: "string" },
    "output-bundle": { type: "string" },
    bundle: { type: "string" },
    "private-key": { type: "string" },
    "public-key": { type: "string" },
    "signing-cert": { type: "string" },
    "cert-chain": { type: "string", multiple: true, default: [] },
    "ignore-paths": { type: "string", multiple: true, default: [] },
    "ignore-unsigned-files": { type: "boolean", default: false },
    identity: { type: "string" },
    "identity-provider": { type: "string" },
    "identity-token": { type: "string" },
    "trusted-root": { type: "string" },
    "use-staging": { type: "boolean", default: false },
  },
});

function need(name) {
  const value = options[name];
  if (value === undefined) throw new CountersignError("usage", `--${name} is missing`);
  return value;
}

/** Paths to ignore come relative to the working directory; the model's own are what counts. */
function ignored(model) {
  const ways = options["ignore-paths"].map((path) => relative(resolve(model), resolve(path)));
  return ways.filter((way) => way !== "" && !way.startsWith("..")).map((way) => way.split(sep).join("/"));
}

const readAll = (paths) => paths.map((path) => readFileSync(path, "utf8")).join("\n");

async function sign() {
  if (options.method === "sigstore") {
    throw new CountersignError("not-implemented", "signing with Sigstore needs its online services");
  }
  const model = need("model-path");
  const out = need("output-bundle");
  const certificate =
    options.method === "certificate"
      ? { certificates: readAll([need("signing-cert"), ...options["cert-chain"]]), at: Date.now() }
      : undefined;
  const signer = loadKeyFile(need("private-key"));
  const { bundle } = await signModel(model, { signer, certificate, ignore: ignored(model), bundlePath: out });
  writeFileSync(out, bundle);
  return 0;
}

function trust() {
  if (options.method === "key") {
    return { method: "key", publicKey: parsePublicKey(readFileSync(need("public-key"), "utf8")) };
  }
  if (options.method === "certificate") {
    return { method: "certificate", anchors: readAll(options["cert-chain"]), clock: Date.now };
  }
  const root = options["trusted-root"];
  if (options["use-staging"] && !root) {
    throw new CountersignError("usage", "for the staging service, give its --trusted-root");
  }
  return {
    method: "sigstore",
    identity: need("identity"),
    issuer: need("identity-provider"),
    ...(root ? { trustRoot: readFileSync(root) } : {}),
  };
}

async function verify() {
  const model = need("model-path");
  const path = need("bundle");
  const result = await verifyModel(model, readFileSync(path), {
    trust: trust(),
    ignore: ignored(model),
    ignoreUnsigned: options["ignore-unsigned-files"],
    bundlePath: path,
  });
  if (!result.ok) console.error(`${result.code}: ${result.reason}`);
  return result.ok ? 0 : 1;
}

const verbs = { "sign-model": sign, "verify-model": verify };

async function main() {
  const verb = verbs[positionals[0]];
  if (!verb) throw new CountersignError("usage", "say sign-model or verify-model");
  return verb();
}

process.exitCode = await main().catch((error) => {
  console.error(`${error.code ?? "internal"}: ${error.message}`);
  return error.code === "usage" ? 2 : 1;
});
