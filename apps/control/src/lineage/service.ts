import type {
  Containment,
  ContainmentBody,
  ContainmentResult,
  Deployment,
  DeploymentBody,
  Graph,
  GraphQuery,
  LineageEventsResult,
  Trace,
  TraceQuery,
} from "@countersign/api";
import type { Signer } from "@countersign/evidence";
import type { PlanAlias } from "@countersign/lineage";
import type { Workspace } from "@countersign/workspace";
import type pg from "pg";
import { Runner } from "../consumers/runner.js";
import { lineageConsumer } from "./consumer.js";
import { type ContainmentFilter, contain, digestsOf, lift, listContainments } from "./containments.js";
import { listDeployments, reportDeployment } from "./deployments.js";
import { emittedEvents, type Wanted } from "./emitted.js";
import { recordEvents } from "./events.js";
import { Tracer } from "./tracer.js";

export interface LineageParts {
  workspace: Workspace;
  pool: pg.Pool;
  instance: string;
  onFault: (error: unknown) => void;
  /** Aliases of the registry that point to any of these versions. */
  aliasesOf?: (artifacts: readonly string[]) => Promise<PlanAlias[]>;
}

/** The graph, and what people do with it. Every answer has read all that is in the log. */
export class Lineage {
  readonly #runner: Runner;
  #containing: Promise<unknown> = Promise.resolve();
  readonly #parts: LineageParts & { tracer: Tracer; caughtUp: () => Promise<void> };

  constructor(parts: LineageParts) {
    const { pool, workspace, aliasesOf } = parts;
    this.#runner = new Runner(lineageConsumer(workspace), parts);
    const caughtUp = () => this.#runner.caughtUp();
    const tracer = new Tracer({
      pool,
      workspace: workspace.id,
      ...(aliasesOf === undefined ? {} : { aliasesOf }),
    });
    this.#parts = { ...parts, tracer, caughtUp };
  }

  /** Reads what the log has that the tables lack, so that the first question does not have to wait for it. */
  start(): void {
    this.caughtUp().catch(this.#parts.onFault);
  }

  caughtUp(): Promise<void> {
    return this.#parts.caughtUp();
  }

  async graph(query: GraphQuery): Promise<Graph> {
    await this.caughtUp();
    return this.#parts.tracer.graph(query);
  }

  async trace(query: TraceQuery): Promise<Trace> {
    await this.caughtUp();
    return this.#parts.tracer.trace(query);
  }

  /** One after the other: two people who press the button at once must not state everything twice. */
  contain(body: ContainmentBody, principal: string): Promise<ContainmentResult> {
    const turn = this.#containing
      .catch(() => undefined)
      .then(async () => {
        await this.caughtUp();
        return contain(this.#parts, body, principal);
      });
    this.#containing = turn;
    return turn;
  }

  async containments(
    filter: Omit<ContainmentFilter, "about"> & { subject?: string },
  ): Promise<Containment[]> {
    await this.caughtUp();
    const { subject, ...rest } = filter;
    const about = subject === undefined ? {} : { about: await digestsOf(this.#parts, subject) };
    return listContainments(this.#parts, { ...rest, ...about });
  }

  async lift(envelope: string, reason: string, signer: Signer): Promise<Containment> {
    await this.caughtUp();
    return lift(this.#parts, envelope, { reason, signer, caughtUp: this.#parts.caughtUp });
  }

  reportDeployment(body: DeploymentBody, principal: string): Promise<Deployment> {
    return reportDeployment(this.#parts, body, principal);
  }

  async deployments(wanted: Parameters<typeof listDeployments>[1]): Promise<Deployment[]> {
    await this.caughtUp();
    return listDeployments(this.#parts, wanted);
  }

  recordEvents(events: unknown, principal: string): Promise<LineageEventsResult> {
    return recordEvents(this.#parts, events, principal);
  }

  async events(wanted: Wanted): Promise<{ index: number; event: object }[]> {
    await this.caughtUp();
    return emittedEvents(this.#parts, wanted);
  }

  close(): Promise<void> {
    return this.#runner.close();
  }
}
