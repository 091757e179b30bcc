import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonical, type EvidenceFile, envelope, makeKey, vkey } from "./ledger.js";
import { artifact, manifest, Story } from "./story.js";
import { verifyEvidence } from "./verify.mjs";

const ask = (story: Story, file: EvidenceFile, changes: object = {}): { yes: boolean; reason: string } =>
  verifyEvidence(Buffer.from(canonical(file)), { ...story.pins, ...changes });

const reasonOf = (story: Story, file: EvidenceFile, changes: object = {}): string => {
  const { yes, reason } = ask(story, file, changes);
  return yes ? "yes" : reason;
};

const approved = (): Story => new Story().begin().approved();

describe("a sound decision", () => {
  test("is a yes, with what was verified", () => {
    const story = approved();
    const file = story.file(story.decision());
    expect(verifyEvidence(Buffer.from(canonical(file)), story.pins)).toMatchObject({
      yes: true,
      reason: "",
      claims: {
        artifact,
        name: "scorer",
        gate: "promote",
        environment: "production",
        approvers: ["bob"],
        manifest,
      },
    });
  });

  test("stays a yes when the log has grown and was decided before", () => {
    const story = new Story().begin();
    story.decision({ outcome: "pending", approvers: ["bob"], approvalsNeeded: 1 });
    story.noise();
    story.approved();
    const decision = story.decision();
    for (let more = 0; more < 9; more++) story.noise();
    expect(reasonOf(story, story.file(decision))).toBe("yes");
  });

  test("with any one byte flipped is a no, or the very same claims", { timeout: 240_000 }, () => {
    const story = approved();
    story.noise();
    const bytes = Buffer.from(canonical(story.file(story.decision())));
    const claims = JSON.stringify(verifyEvidence(bytes, story.pins).claims);
    let changed = 0;
    for (let at = 0; at < bytes.length; at++) {
      bytes[at]! ^= 1 << (at % 8);
      const result = verifyEvidence(bytes, story.pins);
      if (result.yes && JSON.stringify(result.claims) !== claims)
        throw new Error(`byte ${at} changes the claims`);
      if (result.yes) changed++;
      bytes[at]! ^= 1 << (at % 8);
    }
    // Only hints may change unnoticed.
    expect(changed).toBeLessThan(bytes.length / 20);
  });

  test("with entries dropped, doubled, moved, emptied or mixed is a no, or the very same claims", () => {
    const story = new Story().begin();
    story.decision({ outcome: "pending", approvers: ["bob"], approvalsNeeded: 1 });
    story.approved();
    const file = story.file(story.decision());
    const claims = JSON.stringify(verifyEvidence(Buffer.from(canonical(file)), story.pins).claims);
    const at = fc.nat({ max: file.entries.length - 1 });
    const field = fc.constantFrom("index", "leaf", "proof", "envelope");
    const change = fc.oneof(
      at.map((a) => (copy: EvidenceFile) => copy.entries.splice(a, 1)),
      fc.tuple(at, at).map(
        ([a, b]) =>
          (copy: EvidenceFile) =>
            copy.entries.splice(a, 0, copy.entries[b]!),
      ),
      fc.tuple(at, at, field).map(([a, b, name]) => (copy: EvidenceFile) => {
        Object.assign(copy.entries[a] ?? {}, { [name]: copy.entries[b]?.[name] });
      }),
      at.map((a) => (copy: EvidenceFile) => Object.assign(copy.entries[a] ?? {}, { envelope: null })),
      fc.tuple(at, fc.constantFrom("decision", "trustRoot")).map(([a, name]) => (copy: EvidenceFile) => {
        Object.assign(copy, { [name]: a });
      }),
      fc.constant((copy: EvidenceFile) => Object.assign(copy, { manifest: null })),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const copy = structuredClone(file);
        for (const apply of changes) apply(copy);
        const result = verifyEvidence(Buffer.from(canonical(copy)), story.pins);
        expect(result.yes ? JSON.stringify(result.claims) : claims).toBe(claims);
      }),
      { numRuns: 300 },
    );
  });

  test("cut short anywhere is a no", () => {
    const story = approved();
    const bytes = Buffer.from(canonical(story.file(story.decision())));
    for (let length = 0; length < bytes.length; length += 41) {
      expect(verifyEvidence(bytes.subarray(0, length), story.pins).yes).toBe(false);
    }
  });
});

describe("the pinned keys", () => {
  const story = approved();
  const file = story.file(story.decision());

  test("another log's key, another root and an absent witness are a no", () => {
    const other = makeKey();
    expect(reasonOf(story, file, { logKey: vkey(story.ledger.origin, 1, other) })).toMatch(/did not sign/);
    expect(reasonOf(story, file, { logKey: vkey("log.example/other", 1, story.ledger.logKey) })).toMatch(
      /did not/,
    );
    expect(reasonOf(story, file, { trustRootKey: other.pem })).toMatch(/no trust root/);
    expect(reasonOf(story, file, { witnessKeys: [vkey("w.example", 4, other)] })).toMatch(/did not sign/);
  });

  test("a pinned policy and a number of approvals are demanded", () => {
    expect(reasonOf(story, file, { policy: story.policy, approvals: 1 })).toBe("yes");
    expect(reasonOf(story, file, { policy: artifact })).toMatch(/another policy/);
    expect(reasonOf(story, file, { approvals: 2 })).toMatch(/1 approvals hold and 2/);
  });
});

describe("who may say what", () => {
  test("a decision by someone who may not decide is a no", () => {
    const story = approved();
    expect(reasonOf(story, story.file(story.decision({}, { key: story.author })))).toMatch(
      /may not state a decision/,
    );
    expect(reasonOf(story, story.file(story.decision({}, { key: story.stranger })))).toMatch(/does not know/);
  });

  test("a trust root by anyone else is passed over", () => {
    const story = approved();
    story.trustRoot({ rules: [] }, story.stranger);
    expect(reasonOf(story, story.file(story.decision()))).toBe("yes");
  });

  test("a key is cut off from its index on, even by a later trust root", () => {
    const story = approved();
    const decision = story.decision();
    const cut = (keyId: string, fromIndex: number): object => ({ compromised: [{ keyId, fromIndex }] });
    story.trustRoot(cut(story.service.keyId, decision + 1));
    expect(reasonOf(story, story.file(decision))).toBe("yes");
    story.trustRoot(cut(story.service.keyId, decision));
    expect(reasonOf(story, story.file(decision))).toMatch(/compromised/);
  });

  test("a decision on a trust root that is no longer in force is a no", () => {
    const story = approved();
    const [old] = story.ledger.rows;
    story.trustRoot();
    const decision = story.decision({ trustRoot: old!.leaf.envelope });
    expect(reasonOf(story, story.file(decision))).toMatch(/another trust root/);
  });

  test("a trust root out of its validity decides nothing", () => {
    const story = approved();
    story.trustRoot({ validUntil: 1_000_001 });
    expect(reasonOf(story, story.file(story.decision()))).toMatch(/not valid then/);
  });
});

describe("what is left out", () => {
  test("an entry that the decision read must be in the file", () => {
    const story = approved();
    const decision = story.decision();
    for (const index of story.inputs)
      expect(reasonOf(story, story.file(decision, [index]))).toMatch(/the file has 4/);
  });

  test("a bad scan that the decision ignored is a no", () => {
    const story = approved();
    story.scan("malicious", { key: story.author });
    expect(reasonOf(story, story.file(story.decision()))).toMatch(/ignored entry 7, a scan/);
  });

  test("a decision cannot hide behind an older one", () => {
    const story = approved();
    const allowed = story.decision();
    story.decision({ outcome: "deny", reasons: [{ reason: "No.", policy: "p", remedy: "r" }] });
    expect(reasonOf(story, story.file(allowed))).toMatch(/newer decision/);
  });

  test("what speaks against it after it read the log is a no", () => {
    const story = approved();
    const logSize = story.ledger.rows.length;
    story.scan("malicious");
    expect(reasonOf(story, story.file(story.decision({}, { logSize })))).toMatch(/speaks against it/);
  });
});

describe("scans", () => {
  test("a newer scan of the same producer supersedes, an older rule set or another producer does not", () => {
    const better = new Story().begin();
    better.inputs[1] = better.scan("clean");
    better.approved();
    expect(reasonOf(better, better.file(better.decision()))).toBe("yes");

    const worse = new Story().begin();
    worse.scan("malicious", { rules: "2026.11.2" });
    worse.inputs[1] = worse.scan("clean", { rules: "2026.11.1" });
    worse.approved();
    expect(reasonOf(worse, worse.file(worse.decision()))).toMatch(/ignored entry 6/);
    worse.inputs.push(6);
    expect(reasonOf(worse, worse.file(worse.decision()))).toMatch(/says malicious/);
  });

  test("a clean scan counts until its time, a bad one for ever", () => {
    const story = new Story().begin();
    story.inputs[1] = story.scan("clean", { validUntil: 1_000_007 });
    story.approved();
    expect(reasonOf(story, story.file(story.decision()))).toMatch(/out of date/);
    const bad = new Story().begin();
    bad.inputs[1] = bad.scan("incomplete", { validUntil: 1 });
    bad.approved();
    expect(reasonOf(bad, bad.file(bad.decision()))).toMatch(/says incomplete/);
  });

  test("an old clean scan logged once more outdoes nothing", () => {
    const story = new Story().begin();
    const { leaf, object } = story.ledger.rows[3]!;
    story.inputs[1] = story.scan("malicious");
    story.ledger.append(leaf, object);
    story.approved();
    expect(reasonOf(story, story.file(story.decision()))).toMatch(/says malicious/);
  });
});

describe("approvals and revocations", () => {
  test.each([
    ["by the author", (story: Story) => story.approval(story.author)],
    ["for another environment", (story: Story) => story.approval(story.approver, { environment: "staging" })],
    ["for another action", (story: Story) => story.approval(story.approver, { action: "deploy" })],
  ])("an approval %s does not count", (_, approve) => {
    const story = new Story().begin();
    story.inputs.push(approve(story));
    expect(reasonOf(story, story.file(story.decision({ approvalsNeeded: 1 })))).toMatch(
      /0 approvals hold and 1/,
    );
  });

  test("an approval in another workspace does not hold", () => {
    const story = new Story().begin();
    story.inputs.push(story.approval(story.approver, { workspace: "other" }));
    expect(reasonOf(story, story.file(story.decision()))).toMatch(/rests on entry 6, which does not hold/);
  });

  test("a revocation counts from the signer or a revoker, whenever it came, and from nobody else", () => {
    const revoked = approved();
    const decision = revoked.decision();
    revoked.revocation(6, revoked.author);
    expect(reasonOf(revoked, revoked.file(decision))).toMatch(/it was revoked in entry 8/);
    const meddled = approved();
    meddled.revocation(6, meddled.stranger);
    meddled.revocation(6, meddled.service);
    expect(reasonOf(meddled, meddled.file(meddled.decision()))).toBe("yes");
  });

  test("a revoked decision is a no", () => {
    const story = approved();
    const decision = story.decision();
    story.revocation(decision, story.author);
    expect(reasonOf(story, story.file(decision))).toMatch(/does not count: it was revoked/);
  });
});

describe("what the gate would read otherwise", () => {
  const declared = (subject: object[]): [Story, number] => {
    const story = new Story().begin();
    const object = envelope(
      { subject, predicateType: "https://countersign.dev/declaration/v1", predicate: { origin: "there" } },
      story.service,
    );
    const leaf = {
      outcome: "neutral",
      predicate: "declaration",
      signer: story.service.keyId,
      subjects: [artifact],
    };
    return [story, story.ledger.append(leaf, object)];
  };

  test("a subject that is named by another digest too is no other subject", () => {
    const both = [{ digest: { sha256: artifact.slice(7) } }, { digest: { sha512: "00" } }] as const;
    const [story, index] = declared([...both]);
    story.inputs.push(index);
    story.approved();
    expect(reasonOf(story, story.file(story.decision()))).toBe("yes");
  });

  test("a negative that cannot be read still speaks against it, before and after", () => {
    const torn = (story: Story): number => {
      const object = Buffer.from('{"payload":"","payloadType":"x","signatures":[]}');
      const leaf = {
        outcome: "negative",
        predicate: "scan",
        signer: story.service.keyId,
        subjects: [artifact],
      };
      return story.ledger.append(leaf, object);
    };
    const before = approved();
    torn(before);
    expect(reasonOf(before, before.file(before.decision()))).toMatch(/cannot be read/);
    const after = approved();
    const decision = after.decision();
    torn(after);
    expect(reasonOf(after, after.file(decision))).toMatch(/speaks against it/);
  });
});

describe("containment", () => {
  const contain = (story: Story): number =>
    story.state("containment", story.service, { reason: "poisoned", principal: "operator", nonce: "1" });

  test("that the decision read is a no, even as one of its inputs", () => {
    const story = approved();
    story.inputs.push(contain(story));
    expect(reasonOf(story, story.file(story.decision()))).toMatch(/it is contained/);
  });

  test("that came later is a no, until it is revoked", () => {
    const story = approved();
    const decision = story.decision({}, { logSize: story.ledger.rows.length });
    const entry = contain(story);
    expect(reasonOf(story, story.file(decision))).toMatch(/speaks against it/);
    story.revocation(entry, story.author);
    expect(reasonOf(story, story.file(decision))).toBe("yes");
  });

  test("is not a deployment, which is no input", () => {
    const story = approved();
    story.state("deployment", story.service, { name: "scorer" });
    expect(reasonOf(story, story.file(story.decision()))).toBe("yes");
  });
});

describe("objects", () => {
  test("a missing one needs a tombstone by someone who may set it", () => {
    const story = new Story().begin();
    story.inputs[1] = story.scan("clean");
    story.approved();
    story.ledger.erased.add(3);
    expect(reasonOf(story, story.file(story.decision()))).toMatch(/missing and no tombstone/);
    story.tombstone(3, story.stranger);
    expect(reasonOf(story, story.file(story.decision()))).toMatch(/missing and no tombstone/);
    story.tombstone(3);
    expect(reasonOf(story, story.file(story.decision()))).toBe("yes");
  });

  test("an erased negative still denies, and an erased input cannot be shown", () => {
    const story = new Story().begin();
    const bad = story.scan("malicious");
    story.inputs[1] = story.scan("clean");
    story.approved();
    expect(reasonOf(story, story.file(story.decision()))).toBe("yes");
    story.tombstone(bad);
    expect(reasonOf(story, story.file(story.decision()))).toMatch(/is erased, spoke against it/);
    const input = approved();
    input.tombstone(6);
    expect(reasonOf(input, input.file(input.decision()))).toMatch(/it was erased/);
  });

  test("a signature over other files does not hold", () => {
    const story = new Story().begin();
    story.inputs[3] = story.signature([{ ...manifest.files[0]!, name: "other.md" }, manifest.files[1]!]);
    story.approved();
    expect(reasonOf(story, story.file(story.decision()))).toMatch(/rests on entry 6, which does not hold/);
  });
});

describe("the outcome", () => {
  test.each(["deny", "pending"])("%s is a no with its reasons", (outcome) => {
    const story = approved();
    const reasons = [{ policy: "p", reason: "It needs another pair of eyes.", remedy: "r" }];
    expect(reasonOf(story, story.file(story.decision({ outcome, reasons })))).toContain(
      "another pair of eyes",
    );
  });

  test("the manifest beside it must be the artifact's", () => {
    const story = approved();
    const file = story.file(story.decision());
    expect(reasonOf(story, { ...file, manifest: null })).toBe("yes");
    expect(reasonOf(story, { ...file, manifest: { files: [] } })).toMatch(/manifest is another/);
  });
});
