import { Job } from "../job.js";
import {
  Consistency,
  ConsistencyQuery,
  LogEntries,
  LogEntryDetail,
  LogEntryParams,
  LogEntryQuery,
  LogRangeQuery,
} from "../log.js";
import { route } from "../route.js";
import { inSpace, read, space } from "./base.js";

export const logRoutes = {
  entries: route({
    id: "entries",
    method: "GET",
    path: `${space}/log/entries`,
    ...read,
    ...inSpace,
    query: LogRangeQuery,
    response: LogEntries,
    summary: "Entries of the log from one index up to another, at most 256",
  }),
  entry: route({
    id: "entry",
    method: "GET",
    path: `${space}/log/entries/{index}`,
    ...read,
    params: LogEntryParams,
    query: LogEntryQuery,
    response: LogEntryDetail,
    summary: "One entry with its evidence, proof and receipt",
  }),
  consistency: route({
    id: "consistency",
    method: "GET",
    path: `${space}/log/consistency`,
    ...read,
    ...inSpace,
    query: ConsistencyQuery,
    response: Consistency,
    summary: "Proof that one size of the log extends another",
  }),
  audit: route({
    id: "audit",
    method: "POST",
    path: `${space}/log/audit`,
    scope: "write",
    status: 202,
    ...inSpace,
    response: Job,
    summary: "Check log, evidence and database against each other",
  }),
} as const;
