import type { Digest, Signer } from "@countersign/evidence";
import { CountersignError, decodeEnvelope, makeStatement, parseJson, sha256 } from "@countersign/evidence";
import type { Entry, PromotionPredicate } from "@countersign/facts";
import { PREDICATE_TYPES } from "@countersign/facts";
import { subjectOf } from "./admit.js";
import type { DecisionPredicate } from "./decision.js";
import type { Gatekeeper } from "./gatekeeper.js";
import type { Record } from "./record.js";
import type { DecisionRecord, Promotion } from "./types.js";

/** Finds a decision by its id and verifies it. The id comes from outside, so nothing read on the way is believed. */
export async function findDecision(
  { record, gatekeeper }: { record: Record; gatekeeper: Gatekeeper },
  id: Digest,
): Promise<{ decision: DecisionRecord; entry: Entry }> {
  const bytes = await record.objects.get(id);
  if (bytes === undefined || sha256(bytes) !== id) throw unknown(id);
  const entry = (await record.chain(artifactIn(bytes, id))).find(({ envelope }) => envelope === id);
  const decision = entry && (await gatekeeper.decision(entry));
  if (entry === undefined || decision === undefined) throw unknown(id);
  return { decision, entry };
}

/** Puts an allowed promotion into force, if the answer is still the same at the moment of writing. */
export async function enact(
  parts: { record: Record; gatekeeper: Gatekeeper; service: Signer },
  id: Digest,
  principal: string,
): Promise<Promotion> {
  const { record, gatekeeper, service } = parts;
  const { decision } = await findDecision(parts, id);
  const { artifact, name, gate, environment } = decision;
  if (decision.outcome !== "allow" || gate !== "promote") {
    throw new CountersignError("decision-denied", `Decision ${id} does not allow a promotion.`);
  }
  const predicate: PromotionPredicate = { name, environment, decision: id };
  const statement = makeStatement([subjectOf(artifact, name)], PREDICATE_TYPES.promotion, predicate);
  const [entry] = await record.writeExclusively(async () => {
    const { known } = await gatekeeper.rule({ artifact, name }, { gate, environment, principal });
    if (known?.id !== id) {
      throw new CountersignError(
        "decision-stale",
        `Newer evidence came after decision ${id}. Ask again: countersign gate ${artifact} --gate promote --environment ${environment}`,
      );
    }
    return [await record.sign(statement, service)];
  });
  const { index, at } = entry as Entry;
  return { artifact, name, environment, decision: id, index, at };
}

function artifactIn(bytes: Uint8Array, id: Digest): Digest {
  const { payload } = decodeEnvelope(bytes);
  const statement = parseJson(Buffer.from(payload, "base64")) as { predicate?: Partial<DecisionPredicate> };
  const artifact = statement.predicate?.countersign?.artifact;
  if (artifact === undefined) throw unknown(id);
  return artifact;
}

const unknown = (id: Digest): CountersignError =>
  new CountersignError(
    "not-found",
    `There is no decision ${id} on record. Run \`countersign log entries\` to see what is.`,
  );
