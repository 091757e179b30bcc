import type { HeldFacts } from "@countersign/facts";
import type { FactsInput } from "@countersign/policy";

/** What a policy is given to read: every attribute present, unknown said as "", "none" or []. */
export function factsInput(held: HeldFacts, name: string): FactsInput {
  const { scan, signers, licence, origin, tags, authors, approvals, negatives, manifest } = held;
  const { present, verdict, filesUnscanned, expired, producers, findings, worst, formats } = scan;
  return {
    artifact: { digest: held.artifact, name, files: manifest?.files.length ?? 0, formats },
    scan: { present, verdict, filesUnscanned, expired, producers, findings, worst },
    signature: { present: signers.length > 0, signers },
    declaration: { licence, origin, tags },
    authors,
    approvals,
    negatives: manifest === undefined ? [...negatives, "manifest-missing"] : negatives,
  };
}
