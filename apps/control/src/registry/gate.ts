import { CountersignError, type Digest, isDigest } from "@countersign/evidence";
import { type AssetPredicate, assetKey, type PromotionPredicate } from "@countersign/facts";
import { ProtocolError } from "@countersign/tracking";
import type { DecisionRecord, GateInput, Workspace } from "@countersign/workspace";
import type { ArtifactStore } from "../mlflow/artifacts/store.js";
import { artifactOf } from "./bytes.js";
import { environmentOf } from "./environment.js";
import { denied, headOf, type Question, refusalOf } from "./refusal.js";
import type { VersionRow } from "./rows.js";
import { isOutside } from "./source.js";

export type Standing = { allowed: true } | { allowed: false; message: string };

const ALLOWED: Standing = { allowed: true };

export interface GateParts {
  workspace: Workspace;
  artifacts: ArtifactStore;
  /** Where this server is, for the commands that a refusal names. */
  server: () => string;
  /** Admits what stands below a root under a name. */
  admit: (root: string, name: string, principal: string) => Promise<unknown>;
}

/** An alias, one of MLflow's stages, or just being read. */
export interface Label {
  kind: "alias" | "stage" | "read";
  text: string;
}

/** What a version is asked to stand for. */
interface Place {
  name: string;
  label: string;
  environment: string;
  principal: string;
}

/**
 * Aliases and stages are gates. Setting one is a promotion; reading one asks again, because an approval may have been revoked
 * or the version contained since. The rows of the registry are only claims: what counts is the record about the bytes.
 */
export class Gate {
  readonly #parts: GateParts;

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  /** The gate of one model, for one request of one caller. */
  async of(name: string, principal: string): Promise<ModelGate> {
    const documents = await refusing(() => this.#documents(name));
    return new ModelGate(this.#parts, name, principal, documents);
  }

  /** Every document that the inventory ever had of the model, from the log; undefined for one that cannot be read any more. */
  async #documents(name: string): Promise<unknown[]> {
    const { workspace } = this.#parts;
    const said = await workspace.about(assetKey(workspace.id, name), "asset");
    return said
      .filter(({ status }) => status !== "not-allowed")
      .map(({ statement }) => statement && ((statement.predicate as AssetPredicate).document ?? null));
  }
}

export class ModelGate {
  readonly #parts: GateParts;
  readonly #name: string;
  readonly #principal: string;
  readonly #documents: readonly unknown[];

  constructor(parts: GateParts, name: string, principal: string, documents: readonly unknown[]) {
    this.#parts = parts;
    this.#name = name;
    this.#principal = principal;
    this.#documents = documents;
  }

  environment({ text }: Label): string {
    return environmentOf(text, this.#documents);
  }

  /** Lets a version in, on the record; throws the refusal. */
  async enter(version: VersionRow, label: Label): Promise<void> {
    const place = this.#place(label);
    const input = await this.#input(version, place);
    if (typeof input === "string") throw denied(input);
    if (input === undefined) return;
    const { decision, promotion } = await refusing(async () => {
      await this.#requireName(version, input.subject);
      return this.#parts.workspace.promote(input);
    });
    if (promotion === undefined) throw denied(this.#refusal(version, place, decision));
  }

  /** Whether a version may still be where it was put. */
  async standing(version: VersionRow, label: Label): Promise<Standing> {
    try {
      return await refusing(() => this.#standing(version, label));
    } catch (error) {
      if (error instanceof ProtocolError) return { allowed: false, message: error.message };
      throw error;
    }
  }

  async #standing(version: VersionRow, label: Label): Promise<Standing> {
    const place = this.#place(label);
    const input = await this.#input(version, place);
    if (typeof input === "string") return { allowed: false, message: input };
    if (input === undefined) return ALLOWED;
    // What is only read is not promoted.
    const gate = label.kind === "read" ? "ingest" : "promote";
    const decision = await this.#parts.workspace.preview({ ...input, gate });
    if (label.kind === "read" && (await this.#isOnlyOld(decision))) return ALLOWED;
    if (decision.outcome !== "allow")
      return { allowed: false, message: this.#refusal(version, place, decision) };
    if (place.environment === "dev" || (await this.#promoted(decision.artifact, place))) return ALLOWED;
    const message = `${headOf(questionOf(version, place))} It was never promoted there under this name: set the alias or stage again.`;
    return { allowed: false, message };
  }

  /** Whether a version may be read at all: what may not even be in dev is handed to nobody. */
  async readable(version: VersionRow): Promise<Standing> {
    return this.standing(version, { kind: "read", text: "" });
  }

  /** A clean scan that expired keeps bytes from going anywhere, not from being read where they are. Bad ones never expire. */
  async #isOnlyOld({ outcome, reasons, artifact }: DecisionRecord): Promise<boolean> {
    if (outcome === "allow" || !reasons.every(({ policy }) => policy === "no-unscanned")) return false;
    const { scan, negatives } = (await this.#parts.workspace.version(artifact)).facts;
    return scan.expired && scan.verdict === "none" && negatives.length === 0;
  }

  #place(label: Label): Place {
    const place = { name: this.#name, principal: this.#principal };
    if (label.kind === "read") return { ...place, label: "Loading it", environment: "dev" };
    const text = label.kind === "alias" ? `Alias "${label.text}"` : `Stage ${label.text}`;
    return { ...place, label: text, environment: this.environment(label) };
  }

  /** The question to the gate; a text is a refusal without one, nothing is an allowance without one. */
  async #input(version: VersionRow, place: Place): Promise<Omit<GateInput, "gate"> | string | undefined> {
    const { status, artifact, root, message, source } = version;
    const head = headOf(questionOf(version, place));
    if (status === "PENDING_REGISTRATION")
      return `${head} Its files are still being read: ask again in a moment.`;
    if (status === "FAILED_REGISTRATION") return `${head} Its registration failed: ${message}`;
    if (root === null || artifact === null) {
      if (!isOutside(source)) return `${head} Its row in the database was changed. Register it again.`;
      if (place.environment === "dev") return undefined;
      return `${head} Its bytes are not in this server's store, so nobody has read them. Log the model with an MLflow client and register that, or run: countersign admit PATH --name ${place.name}`;
    }
    const files = await this.#parts.artifacts.files(root);
    if (files.length === 0 || artifactOf(files) !== artifact)
      return `${head} Its files are not the ones that were registered. Run: countersign log audit`;
    const { name, environment, principal } = place;
    return { subject: artifact, name, environment, principal };
  }

  #refusal(version: VersionRow, place: Place, decision: DecisionRecord): string {
    return refusalOf(questionOf(version, place), decision, this.#parts.server());
  }

  /** After a rename the bytes are on record under the old name alone, and the gate asks about no other. */
  async #requireName({ root }: VersionRow, artifact: string): Promise<void> {
    if (root === null || !isDigest(artifact)) return;
    const manifests = await this.#parts.workspace.about(artifact, "manifest");
    const named = manifests.some(
      ({ status, statement }) =>
        status === "held" && statement?.subject.some(({ name }) => name === this.#name),
    );
    if (!named) await this.#parts.admit(root, this.#name, this.#principal);
  }

  async #promoted(artifact: Digest, { name, environment }: Place): Promise<boolean> {
    const promotions = await this.#parts.workspace.about(artifact, "promotion");
    return promotions.some(({ status, statement }) => {
      const said = statement?.predicate as PromotionPredicate | undefined;
      return status === "held" && said?.name === name && said.environment === environment;
    });
  }
}

const TAMPERED: readonly string[] = [
  "log-tampered",
  "object-erased",
  "object-missing",
  "object-tampered",
  "projection-mismatch",
];

/** Evidence that somebody touched is a refusal like any other, and no fault that a client would try again. */
async function refusing<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof CountersignError) || !TAMPERED.includes(error.code)) throw error;
    throw denied(`What is on record about this does not hold: ${error.message} Run: countersign log audit`);
  }
}

function questionOf({ version }: VersionRow, { name, label, environment }: Place): Question {
  return { label, name, version, environment };
}
