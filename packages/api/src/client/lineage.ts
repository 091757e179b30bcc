import type { Page } from "../common.js";
import type {
  Containment,
  ContainmentBody,
  ContainmentQuery,
  ContainmentResult,
  Deployment,
  DeploymentBody,
  DeploymentQuery,
  LiftBody,
} from "../containment.js";
import type { Graph, GraphQuery, Trace, TraceQuery } from "../graph.js";
import type {
  LineageEvent,
  LineageEventQuery,
  LineageEventsBody,
  LineageEventsResult,
} from "../openlineage.js";
import { lineageRoutes as routes } from "../routes/lineage.js";
import type { CallOptions, Transport } from "../transport.js";

/** Graph, traces, containment, deployments and lineage events. */
export interface LineageClient {
  graph(query?: GraphQuery, options?: CallOptions): Promise<Graph>;
  trace(query: TraceQuery, options?: CallOptions): Promise<Trace>;
  containments: {
    list(query?: ContainmentQuery, options?: CallOptions): Promise<Page<Containment>>;
    create(body: ContainmentBody, options?: CallOptions): Promise<ContainmentResult>;
    lift(envelope: string, body: LiftBody, options?: CallOptions): Promise<Containment>;
  };
  deployments: {
    list(query?: DeploymentQuery, options?: CallOptions): Promise<Page<Deployment>>;
    report(body: DeploymentBody, options?: CallOptions): Promise<Deployment>;
  };
  lineage: {
    events(query?: LineageEventQuery, options?: CallOptions): Promise<Page<LineageEvent>>;
    record(body: LineageEventsBody, options?: CallOptions): Promise<LineageEventsResult>;
  };
}

export function lineageCalls(http: Transport): LineageClient {
  return {
    graph: (query, o) => http.call(routes.graph, { query }, o),
    trace: (query, o) => http.call(routes.trace, { query }, o),
    containments: {
      list: (query, o) => http.call(routes.containments, { query }, o),
      create: (body, o) => http.call(routes.contain, { body }, o),
      lift: (envelope, body, o) => http.call(routes.liftContainment, { params: { envelope }, body }, o),
    },
    deployments: {
      list: (query, o) => http.call(routes.deployments, { query }, o),
      report: (body, o) => http.call(routes.reportDeployment, { body }, o),
    },
    lineage: {
      events: (query, o) => http.call(routes.lineageEvents, { query }, o),
      record: (body, o) => http.call(routes.recordLineageEvents, { body }, o),
    },
  };
}
