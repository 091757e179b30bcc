import { CountersignError, isRecord } from "@countersign/evidence";
import { hasControls } from "../text.js";
import type { DatasetName, LineageDataset, LineageEvent, RunState } from "./event.js";
import { RUN_STATES } from "./event.js";

export interface EventLimits {
  /** Of the event as JSON. */
  bytes: number;
  datasets: number;
  /** Pairs of columns in the whole event. */
  columns: number;
  symlinks: number;
}

export const EVENT_LIMITS: EventLimits = {
  bytes: 1_048_576,
  datasets: 1_000,
  columns: 10_000,
  symlinks: 100,
};

const MAX_NAME = 512;
const RUN_ID = /^[0-9a-zA-Z][0-9a-zA-Z._-]{0,127}$/;
// RFC 3339; some clients leave the offset out, and then it is taken as UTC.
const TIME = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|z|[+-]\d{2}:?\d{2})?$/;

const malformed = (what: string): CountersignError =>
  new CountersignError("lineage-malformed", `This is no OpenLineage event that can be read: ${what}.`);

const tooMuch = (what: string): CountersignError =>
  new CountersignError("too-complex", `This OpenLineage event is too large: ${what}.`);

/** Reads a RunEvent, JobEvent or DatasetEvent. Facets that say nothing of lineage are left alone. */
export function parseLineageEvent(value: unknown, limits: EventLimits = EVENT_LIMITS): LineageEvent {
  if (!isRecord(value)) throw malformed("it is not an object");
  const size = Buffer.byteLength(JSON.stringify(value));
  if (size > limits.bytes) throw tooMuch(`${size} bytes, where ${limits.bytes} are allowed`);
  const budget = { columns: limits.columns };
  const read = (field: string): LineageDataset[] => datasets(value[field], field, limits, budget);
  const time = timeOf(value.eventTime);
  if (value.run !== undefined) {
    const state = stateOf(value.eventType);
    return {
      type: "run",
      time,
      ...(state === undefined ? {} : { state }),
      run: runOf(value.run),
      job: nameOf(value.job, "job"),
      inputs: read("inputs"),
      outputs: read("outputs"),
    };
  }
  if (value.job !== undefined) {
    return {
      type: "job",
      time,
      job: nameOf(value.job, "job"),
      inputs: read("inputs"),
      outputs: read("outputs"),
    };
  }
  if (value.dataset === undefined) throw malformed("it has no run, no job and no dataset");
  return {
    type: "dataset",
    time,
    inputs: [],
    outputs: [datasetOf(value.dataset, "dataset", limits, budget)],
  };
}

function timeOf(value: unknown): number {
  const text = typeof value === "string" && TIME.test(value) ? value : undefined;
  const time =
    text === undefined ? Number.NaN : Date.parse(/[Zz]$|[+-]\d{2}:?\d{2}$/.test(text) ? text : `${text}Z`);
  if (!Number.isFinite(time)) throw malformed("eventTime is no time");
  return time;
}

function stateOf(value: unknown): RunState | undefined {
  if (value === undefined || value === null) return undefined;
  const state = RUN_STATES.find((known) => known === value);
  if (state === undefined) throw malformed("eventType is none that the specification knows");
  return state;
}

function runOf(value: unknown): { id: string; parent?: string } {
  const id = isRecord(value) ? value.runId : undefined;
  if (!isRecord(value) || typeof id !== "string" || !RUN_ID.test(id)) throw malformed("run.runId is no id");
  const facet = facetOf(value, "parent");
  if (facet === undefined) return { id };
  const parent = isRecord(facet.run) ? facet.run.runId : undefined;
  if (typeof parent !== "string" || !RUN_ID.test(parent)) throw malformed("the parent facet names no run");
  if (parent === id) throw malformed("the run names itself as its parent");
  return { id, parent };
}

function datasets(
  value: unknown,
  field: string,
  limits: EventLimits,
  budget: { columns: number },
): LineageDataset[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw malformed(`${field} is no list`);
  if (value.length > limits.datasets) throw tooMuch(`${field} has ${value.length} datasets`);
  return value.map((item, at) => datasetOf(item, `${field}[${at}]`, limits, budget));
}

function datasetOf(
  value: unknown,
  where: string,
  limits: EventLimits,
  budget: { columns: number },
): LineageDataset {
  const name = nameOf(value, where);
  const version = facetOf(value, "version")?.datasetVersion;
  const known =
    typeof version === "string" && version !== "" ? textOf(version, `${where}'s version`) : undefined;
  return {
    ...name,
    ...(known === undefined ? {} : { version: known }),
    symlinks: symlinksOf(value, name, where, limits),
    columns: columnsOf(value, where, budget),
  };
}

function symlinksOf(value: unknown, self: DatasetName, where: string, limits: EventLimits): DatasetName[] {
  const list = facetOf(value, "symlinks")?.identifiers ?? [];
  if (!Array.isArray(list)) throw malformed(`${where}'s symlinks are no list`);
  if (list.length > limits.symlinks) throw tooMuch(`${where} has ${list.length} symlinks`);
  return list
    .map((item) => nameOf(item, `a symlink of ${where}`))
    .filter(({ namespace, name }) => namespace !== self.namespace || name !== self.name);
}

function columnsOf(value: unknown, where: string, budget: { columns: number }): LineageDataset["columns"] {
  const facet = facetOf(value, "columnLineage");
  if (facet === undefined) return [];
  if (!isRecord(facet.fields)) throw malformed(`${where}'s columnLineage has no fields`);
  const fields = Object.entries(facet.fields).map(([to, field]) => ({
    to: textOf(to, `a column of ${where}`),
    from: inputFields(isRecord(field) ? field.inputFields : undefined, where, budget),
  }));
  // Filters and joins: what every column of the output depends on.
  const whole = facet.dataset === undefined ? [] : inputFields(facet.dataset, where, budget);
  return whole.length === 0 ? fields : [...fields, { to: "*", from: whole }];
}

function inputFields(
  value: unknown,
  where: string,
  budget: { columns: number },
): (DatasetName & { field: string })[] {
  if (!Array.isArray(value)) throw malformed(`a column of ${where} has no inputFields`);
  budget.columns -= value.length;
  if (budget.columns < 0) throw tooMuch("it maps too many columns");
  return value.map((item) => ({
    ...nameOf(item, `an input field of ${where}`),
    field: textOf(isRecord(item) ? item.field : undefined, `an input field of ${where}`),
  }));
}

function nameOf(value: unknown, where: string): DatasetName {
  if (!isRecord(value)) throw malformed(`${where} is missing`);
  return {
    namespace: textOf(value.namespace, `${where}'s namespace`),
    name: textOf(value.name, `${where}'s name`),
  };
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== "string" || value === "" || Buffer.byteLength(value) > MAX_NAME || hasControls(value))
    throw malformed(`${what} is no text of 1 to ${MAX_NAME} bytes`);
  return value;
}

/** A facet that is there and was not deleted. */
function facetOf(value: unknown, name: string): Record<string, unknown> | undefined {
  const facets = isRecord(value) ? value.facets : undefined;
  const facet = isRecord(facets) && Object.hasOwn(facets, name) ? facets[name] : undefined;
  return isRecord(facet) && facet._deleted !== true ? facet : undefined;
}
