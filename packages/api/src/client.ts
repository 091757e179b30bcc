import type { CheatBody, CheatResult } from "./cheat.js";
import { type AssetClient, assetCalls } from "./client/assets.js";
import { type DatasetClient, datasetCalls } from "./client/datasets.js";
import { type LineageClient, lineageCalls } from "./client/lineage.js";
import { type RunClient, runCalls } from "./client/runs.js";
import type { Page, PageQuery } from "./common.js";
import type { DecisionRecord, EvidenceFile, GateBody } from "./decision.js";
import type { EntryView } from "./entry.js";
import type { WorkspaceEvent } from "./event.js";
import type { Job, JobQuery } from "./job.js";
import type { AuditReport, Consistency, LogEntries, LogEntryDetail, LogRangeQuery } from "./log.js";
import type { Overview } from "./overview.js";
import type { PolicyView } from "./policy.js";
import type { PromoteBody, PromoteResult, Promotion } from "./promotion.js";
import { routes, streams } from "./routes.js";
import type { NewToken, Readiness, Session, Token, TokenBody } from "./session.js";
import type {
  ApprovalTemplateBody,
  DeclarationBody,
  Envelope,
  RevocationBody,
  Statement,
  WithdrawalBody,
} from "./statement.js";
import { type CallOptions, type ClientOptions, Transport } from "./transport.js";
import type { TrustRootView } from "./trust.js";
import {
  sendWithProgress,
  type UploadInput,
  type UploadOptions,
  uploadForm,
  xhrAvailable,
} from "./upload.js";
import type { VersionDetail, VersionQuery, VersionSummary } from "./version.js";
import { type WaitOptions, type WatchOptions, waitForJob, watchEvents } from "./watch.js";

/** One method per route, grouped by resource. */
export interface Client extends AssetClient, LineageClient, DatasetClient, RunClient {
  readonly workspace: string;
  readiness(options?: CallOptions): Promise<Readiness>;
  overview(options?: CallOptions): Promise<Overview>;
  session: {
    login(code: string): Promise<Session>;
    get(options?: CallOptions): Promise<Session>;
    end(): Promise<void>;
  };
  tokens: {
    list(): Promise<{ items: Token[] }>;
    create(body: TokenBody): Promise<NewToken>;
    remove(id: string): Promise<void>;
  };
  versions: {
    list(query?: VersionQuery, options?: CallOptions): Promise<Page<VersionSummary>>;
    get(subject: string, options?: CallOptions): Promise<VersionDetail>;
  };
  uploads: { create(input: UploadInput, options?: UploadOptions): Promise<Job> };
  jobs: {
    list(query?: JobQuery, options?: CallOptions): Promise<Page<Job>>;
    get(id: string, options?: CallOptions): Promise<Job>;
    cancel(id: string): Promise<Job>;
    /** Resolves with the job once it succeeded; throws its error, or `cancelled`. */
    wait(id: string, options?: WaitOptions): Promise<Job>;
  };
  attestations: { create(envelope: Envelope, options?: CallOptions): Promise<EntryView> };
  /** The bundle's exact bytes matter: the log names them. */
  signatures: {
    create(bundle: string | Uint8Array, options?: CallOptions & { subject?: string }): Promise<EntryView>;
  };
  declarations: { create(body: DeclarationBody, options?: CallOptions): Promise<EntryView> };
  approvals: { template(body: ApprovalTemplateBody): Promise<Statement> };
  revocations: { create(body: RevocationBody, options?: CallOptions): Promise<EntryView> };
  erasures: { create(body: WithdrawalBody, options?: CallOptions): Promise<EntryView> };
  gate(body: GateBody, options?: CallOptions): Promise<DecisionRecord>;
  promotions: {
    create(body: PromoteBody, options?: CallOptions): Promise<PromoteResult>;
    list(query?: PageQuery, options?: CallOptions): Promise<Page<Promotion>>;
  };
  decisions: {
    list(query?: PageQuery, options?: CallOptions): Promise<Page<DecisionRecord>>;
    get(id: string, options?: CallOptions): Promise<DecisionRecord>;
    evidence(id: string, options?: CallOptions): Promise<EvidenceFile>;
  };
  trustRoot: {
    get(options?: CallOptions): Promise<TrustRootView>;
    update(envelope: Envelope): Promise<EntryView>;
  };
  policies(options?: CallOptions): Promise<PolicyView>;
  log: {
    entries(query: LogRangeQuery, options?: CallOptions): Promise<LogEntries>;
    entry(index: number, query?: { size?: number }, options?: CallOptions): Promise<LogEntryDetail>;
    consistency(from: number, to: number, options?: CallOptions): Promise<Consistency>;
    checkpoint(options?: CallOptions): Promise<string>;
    /** Starts the audit and waits for its report. */
    audit(options?: WaitOptions): Promise<AuditReport>;
  };
  cheat(body: CheatBody, options?: CallOptions): Promise<CheatResult>;
  /** Events as they happen; reconnects where it was, until the signal aborts. */
  events(options: WatchOptions): AsyncGenerator<WorkspaceEvent>;
}

export function createClient(options: ClientOptions = {}): Client {
  const http = new Transport(options);
  return {
    workspace: http.workspace,
    readiness: (o) => http.call(routes.readiness, {}, o),
    overview: (o) => http.call(routes.overview, {}, o),
    gate: (body, o) => http.call(routes.gate, { body }, o),
    policies: (o) => http.call(routes.policies, {}, o),
    cheat: (body, o) => http.call(routes.cheat, { body }, o),
    events: (watch) => watchEvents(http, watch),
    ...accessCalls(http),
    ...recordCalls(http),
    ...readCalls(http),
    ...assetCalls(http),
    ...lineageCalls(http),
    ...datasetCalls(http),
    ...runCalls(http),
  };
}

function accessCalls(http: Transport): Pick<Client, "session" | "tokens"> {
  return {
    session: {
      login: (code) => http.call(routes.login, { body: { code } }),
      get: (o) => http.call(routes.session, {}, o),
      end: () => http.call(routes.logout, {}),
    },
    tokens: {
      list: () => http.call(routes.tokens, {}),
      create: (body) => http.call(routes.createToken, { body }),
      remove: (id) => http.call(routes.deleteToken, { params: { id } }),
    },
  };
}

function recordCalls(
  http: Transport,
): Pick<
  Client,
  | "uploads"
  | "attestations"
  | "signatures"
  | "declarations"
  | "approvals"
  | "revocations"
  | "erasures"
  | "promotions"
> {
  return {
    uploads: { create: (input, o = {}) => upload(http, input, o) },
    attestations: { create: (envelope, o) => http.call(routes.attest, { body: { envelope } }, o) },
    signatures: {
      create: (bundle, o = {}) =>
        http.call(routes.submitSignature, { query: { subject: o.subject }, body: textOf(bundle) }, o),
    },
    declarations: { create: (body, o) => http.call(routes.declare, { body }, o) },
    approvals: { template: (body) => http.call(routes.approvalTemplate, { body }) },
    revocations: { create: (body, o) => http.call(routes.revoke, { body }, o) },
    erasures: { create: (body, o) => http.call(routes.erase, { body }, o) },
    promotions: {
      create: (body, o) => http.call(routes.promote, { body }, o),
      list: (query, o) => http.call(routes.promotions, { query }, o),
    },
  };
}

function readCalls(http: Transport): Pick<Client, "versions" | "jobs" | "decisions" | "trustRoot" | "log"> {
  return {
    versions: {
      list: (query, o) => http.call(routes.versions, { query }, o),
      get: (subject, o) => http.call(routes.version, { params: { subject } }, o),
    },
    jobs: {
      list: (query, o) => http.call(routes.jobs, { query }, o),
      get: (id, o) => http.call(routes.job, { params: { id } }, o),
      cancel: (id) => http.call(routes.cancelJob, { params: { id } }),
      wait: (id, o = {}) => waitForJob(http, id, o),
    },
    decisions: {
      list: (query, o) => http.call(routes.decisions, { query }, o),
      get: (id, o) => http.call(routes.decision, { params: { id } }, o),
      evidence: (id, o) => http.call(routes.evidence, { params: { id } }, o),
    },
    trustRoot: {
      get: (o) => http.call(routes.trustRoot, {}, o),
      update: (envelope) => http.call(routes.updateTrustRoot, { body: { envelope } }),
    },
    log: {
      entries: (query, o) => http.call(routes.entries, { query }, o),
      entry: (index, query, o) => http.call(routes.entry, { params: { index }, query }, o),
      consistency: (from, to, o) => http.call(routes.consistency, { query: { from, to } }, o),
      checkpoint: async (o = {}) =>
        (await http.send(http.url(streams.checkpoint.path), "GET", undefined, o)).text(),
      audit: async (o = {}) => {
        const job = await http.call(routes.audit, {}, o.signal ? { signal: o.signal } : {});
        return (await waitForJob(http, job.id, o)).result as AuditReport;
      },
    },
  };
}

function textOf(bundle: string | Uint8Array): string {
  return typeof bundle === "string" ? bundle : new TextDecoder("utf-8", { fatal: true }).decode(bundle);
}

async function upload(http: Transport, input: UploadInput, options: UploadOptions): Promise<Job> {
  const form = uploadForm(input);
  const url = http.url(routes.upload.path);
  if (options.onProgress && xhrAvailable()) {
    return (await sendWithProgress(url, http.headers(options), form, options)) as Job;
  }
  const response = await http.send(url, "POST", form, options);
  return (await response.json()) as Job;
}
