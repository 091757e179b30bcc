import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createClient } from "@countersign/api";
import { encodeEnvelope, generateKey, keySigner, sha256, signStatement } from "@countersign/evidence";
import type { TrustRoot } from "@countersign/facts";
import { trustRootStatement } from "@countersign/workspace";
import { describe, expect, it, onTestFinished } from "vitest";
import { remoteTrust } from "./remote-trust.js";

const rootSigner = keySigner(generateKey("ed25519").privatePem);
const thief = keySigner(generateKey("ed25519").privatePem);

const keyOf = (signer: typeof thief, principal: string) => ({
  keyId: signer.publicKey.keyId,
  pem: signer.publicKey.pem,
  principal,
  roles: ["approver"],
});

const honest: TrustRoot = {
  version: 1,
  workspace: "default",
  previous: null,
  validFrom: 0,
  validUntil: Number.MAX_SAFE_INTEGER,
  keys: [keyOf(rootSigner, "root")],
  rules: [],
  revokers: [],
  compromised: [],
  rootKeys: [rootSigner.publicKey.keyId],
};

interface Lies {
  shown?: TrustRoot;
  signedBy?: typeof thief;
  raw?: Uint8Array;
}

/** A server that may lie about its trust root; keeps what was sent to it for recording. */
async function server({ shown = honest, signedBy = rootSigner, raw }: Lies) {
  const bytes = encodeEnvelope(await signStatement(trustRootStatement(honest), signedBy));
  const digest = sha256(bytes);
  const recorded: unknown[] = [];
  const answers: Record<string, unknown> = {
    "trust-root": { version: shown.version, digest, root: shown },
    entries: { size: 1, items: [{ index: 0, leaf: { predicate: "trust-root", envelope: digest }, raw: "" }] },
    "0": { envelopeRaw: Buffer.from(raw ?? bytes).toString("base64") },
  };
  const http = createServer(async (request, response) => {
    const name = (request.url ?? "").split("?")[0]?.split("/").at(-1) ?? "";
    if (request.method === "POST")
      for await (const chunk of request) recorded.push(JSON.parse(String(chunk)));
    response.setHeader("content-type", "application/json").end(JSON.stringify(answers[name] ?? {}));
  });
  await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
  onTestFinished(() => void http.close());
  const client = createClient({ baseUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}` });
  return { trust: remoteTrust(client, new AbortController().signal), recorded };
}

const revoker = { kind: "revoker", principal: "alice" } as const;

describe("changing a server's trust root", () => {
  it("signs the next version of one that the root key signed", async () => {
    const { trust, recorded } = await server({});
    expect(await trust.change(revoker, rootSigner)).toMatchObject({ version: 2, revokers: ["alice"] });
    expect(recorded).toHaveLength(1);
  });

  it.each([
    [
      "with a stranger's key slipped in",
      { shown: { ...honest, keys: [...honest.keys, keyOf(thief, "eve")] } },
    ],
    ["that somebody else signed", { signedBy: thief }],
    ["whose envelope is another", { raw: Buffer.from("{}") }],
  ])("signs nothing over one %s", async (_what, lies) => {
    const { trust, recorded } = await server(lies);
    await expect(trust.change(revoker, rootSigner)).rejects.toMatchObject({ code: "trust-root-invalid" });
    expect(recorded).toEqual([]);
  });
});
