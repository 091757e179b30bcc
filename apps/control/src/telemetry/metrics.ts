import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export interface Metrics {
  registry: Registry;
  request(method: string, route: string, status: number, seconds: number): void;
  entry(predicate: string, outcome: string): void;
  job(kind: string, state: string): void;
}

/** Labels come from closed sets (route patterns, codes), never from what a caller wrote. */
export function createMetrics(read: {
  logSize(): number;
  activeJobs(): number;
  listeners(): number;
}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "countersign_" });
  const requests = new Histogram({
    name: "countersign_http_request_seconds",
    help: "Time to answer requests",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.02, 0.05, 0.2, 1, 5, 30],
    registers,
  });
  const entries = new Counter({
    name: "countersign_entries_total",
    help: "Entries put on the record since the start",
    labelNames: ["predicate", "outcome"],
    registers,
  });
  const jobs = new Counter({
    name: "countersign_jobs_total",
    help: "Jobs that ended",
    labelNames: ["kind", "state"],
    registers,
  });
  gauge("countersign_log_entries", "Entries in the log", read.logSize);
  gauge("countersign_jobs_active", "Jobs that run now", read.activeJobs);
  gauge("countersign_event_listeners", "Open event streams", read.listeners);
  return {
    registry,
    request: (method, route, status, seconds) =>
      requests.observe({ method, route, status: String(status) }, seconds),
    entry: (predicate, outcome) => entries.inc({ predicate, outcome }),
    job: (kind, state) => jobs.inc({ kind, state }),
  };

  function gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  }
}
