import { routes, streams } from "@countersign/api";
import type { FastifyInstance } from "fastify";
import { mount } from "../http/mount.js";
import { mountMlflow } from "../mlflow/routes.js";
import type { Services } from "../services.js";
import {
  applyAssets,
  asset,
  assetSchemas,
  assets,
  concentration,
  exportAssets,
  removeAsset,
  removeFilter,
  savedFilters,
  saveFilter,
} from "./assets/handlers.js";
import { mountSchemas } from "./assets/schemas.js";
import { cheat } from "./cheat/handlers.js";
import {
  admitDataset,
  dataset,
  datasetDeletions,
  datasets,
  datasetVersion,
  deleteSubject,
  expireDataset,
  proveDeletion,
  referDataset,
  reportRead,
  rollbackDataset,
} from "./datasets/handlers.js";
import { decision, decisions, evidence } from "./decisions/handlers.js";
import { mountEvents, type Streams } from "./events/stream.js";
import { gate } from "./gate/handlers.js";
import { mountHealth } from "./health/mount.js";
import { cancelJob, job, jobs } from "./jobs/handlers.js";
import {
  contain,
  containments,
  deployments,
  graph,
  liftContainment,
  lineageEvents,
  openLineage,
  recordLineageEvents,
  reportDeployment,
  trace,
} from "./lineage/handlers.js";
import { mountLogFiles } from "./log/files.js";
import { audit, consistency, entries, entry } from "./log/handlers.js";
import { overview } from "./overview/handlers.js";
import { policies } from "./policies/handlers.js";
import { promote, promotions } from "./promotions/handlers.js";
import { experiments, run, runArtifacts, runMetric, runs } from "./runs/handlers.js";
import { login, logout, session } from "./session/handlers.js";
import {
  approvalTemplate,
  attest,
  declare,
  erase,
  revoke,
  submitSignature,
  updateTrustRoot,
} from "./statements/handlers.js";
import { createToken, deleteToken, tokens } from "./tokens/handlers.js";
import { trustRoot } from "./trust/handlers.js";
import { upload } from "./uploads/handlers.js";
import { version, versions } from "./versions/handlers.js";

/** Every route that this server answers, in one list. */
export function mountRoutes(app: FastifyInstance, services: Services, build: string): Streams {
  mountHealth(app, services, build);
  mount(app, services, routes.login, login, { rateLimit: { max: 10, timeWindow: "1 minute" } });
  mount(app, services, routes.session, session);
  mount(app, services, routes.logout, logout);
  mount(app, services, routes.tokens, tokens);
  mount(app, services, routes.createToken, createToken);
  mount(app, services, routes.deleteToken, deleteToken);
  mount(app, services, routes.overview, overview);
  mount(app, services, routes.versions, versions);
  mount(app, services, routes.version, version);
  mount(app, services, routes.upload, upload, { ownIdempotency: true });
  mount(app, services, routes.jobs, jobs);
  mount(app, services, routes.job, job);
  mount(app, services, routes.cancelJob, cancelJob);
  mount(app, services, routes.attest, attest);
  mount(app, services, routes.submitSignature, submitSignature);
  mount(app, services, routes.declare, declare);
  mount(app, services, routes.approvalTemplate, approvalTemplate);
  mount(app, services, routes.revoke, revoke);
  mount(app, services, routes.erase, erase);
  mount(app, services, routes.gate, gate);
  mount(app, services, routes.promote, promote);
  mount(app, services, routes.promotions, promotions);
  mount(app, services, routes.decisions, decisions);
  mount(app, services, routes.decision, decision);
  mount(app, services, routes.evidence, evidence);
  mount(app, services, routes.trustRoot, trustRoot);
  mount(app, services, routes.updateTrustRoot, updateTrustRoot);
  mount(app, services, routes.policies, policies);
  mount(app, services, routes.entries, entries);
  mount(app, services, routes.entry, entry);
  mount(app, services, routes.consistency, consistency);
  mount(app, services, routes.audit, audit);
  mount(app, services, routes.cheat, cheat);
  mount(app, services, routes.assets, assets);
  mount(app, services, routes.asset, asset);
  mount(app, services, routes.applyAssets, applyAssets);
  mount(app, services, routes.removeAsset, removeAsset);
  mount(app, services, routes.exportAssets, exportAssets);
  mount(app, services, routes.concentration, concentration);
  mount(app, services, routes.assetSchemas, assetSchemas);
  mount(app, services, routes.savedFilters, savedFilters);
  mount(app, services, routes.saveFilter, saveFilter);
  mount(app, services, routes.removeFilter, removeFilter);
  mountSchemas(app);
  mount(app, services, routes.experiments, experiments);
  mount(app, services, routes.runs, runs);
  mount(app, services, routes.run, run);
  mount(app, services, routes.runMetric, runMetric);
  mount(app, services, routes.runArtifacts, runArtifacts);
  mount(app, services, routes.graph, graph);
  mount(app, services, routes.trace, trace);
  mount(app, services, routes.contain, contain);
  mount(app, services, routes.containments, containments);
  mount(app, services, routes.liftContainment, liftContainment);
  mount(app, services, routes.deployments, deployments);
  mount(app, services, routes.reportDeployment, reportDeployment);
  mount(app, services, routes.lineageEvents, lineageEvents);
  mount(app, services, routes.recordLineageEvents, recordLineageEvents);
  mount(app, services, routes.openLineage, openLineage);
  mount(app, services, routes.datasets, datasets);
  mount(app, services, routes.dataset, dataset);
  mount(app, services, routes.datasetVersion, datasetVersion);
  mount(app, services, routes.admitDataset, admitDataset, { ownIdempotency: true });
  mount(app, services, routes.referDataset, referDataset);
  mount(app, services, routes.rollbackDataset, rollbackDataset);
  // What an idempotency key stores is a digest of the body, and a reference can be guessed from one.
  mount(app, services, routes.deleteSubject, deleteSubject, { ownIdempotency: true });
  mount(app, services, routes.datasetDeletions, datasetDeletions);
  mount(app, services, routes.proveDeletion, proveDeletion, { ownIdempotency: true });
  mount(app, services, routes.expireDataset, expireDataset);
  mount(app, services, routes.reportRead, reportRead);
  mountLogFiles(app, services);
  mountMlflow(app, services);
  app.get(streams.openapi.path, { schema: { hide: true } }, async () => app.swagger());
  return mountEvents(app, services);
}
