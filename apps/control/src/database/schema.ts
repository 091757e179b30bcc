import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  customType,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";

// The workspace leads every key, so that the tables can be sharded by it. `json` rather than `jsonb`, which
// refuses the NUL characters that hostile file names bring into findings.

const bytes = customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => "bytea",
  toDriver: (value) => Buffer.from(value),
  fromDriver: (value) => new Uint8Array(value),
});

const millis = (name: string) => bigint(name, { mode: "number" });

/** Leaves of the log by subject. A convenience, never trusted: the fold's count and running hash decide. */
export const entries = pgTable(
  "entries",
  {
    workspace: text("workspace").notNull(),
    subject: text("subject").notNull(),
    index: millis("index").notNull(),
    /** Place of the subject in its leaf; rows at 0 list each leaf once. */
    position: integer("position").notNull(),
    predicate: text("predicate").notNull(),
    raw: bytes("raw").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspace, table.subject, table.index] }),
    index("entries_listed").on(table.workspace, table.predicate, table.index).where(sql`position = 0`),
  ],
);

/** How much of the log `entries` covers, written in the same transaction as its rows. */
export const applied = pgTable("applied", {
  workspace: text("workspace").primaryKey(),
  size: millis("size").notNull(),
  /** Which data directory it was: rows of another one are forgotten, not mixed. */
  instance: text("instance").notNull(),
});

export const jobs = pgTable(
  "jobs",
  {
    workspace: text("workspace").notNull(),
    id: uuid("id").notNull(),
    sequence: bigserial("sequence", { mode: "number" }).notNull(),
    kind: text("kind").notNull(),
    state: text("state").notNull(),
    title: text("title").notNull(),
    principal: text("principal").notNull(),
    input: json("input").notNull(),
    step: text("step").notNull().default(""),
    done: millis("done").notNull().default(0),
    total: millis("total").notNull().default(0),
    attempts: integer("attempts").notNull().default(0),
    leaseOwner: text("lease_owner"),
    leaseUntil: millis("lease_until").notNull().default(0),
    cancelRequested: boolean("cancel_requested").notNull().default(false),
    result: json("result"),
    error: json("error"),
    /** Of what is asked, and of how it ended. */
    seal: text("seal").notNull(),
    endSeal: text("end_seal").notNull().default(""),
    createdAt: millis("created_at").notNull(),
    updatedAt: millis("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspace, table.id] }),
    uniqueIndex("jobs_sequence").on(table.workspace, table.sequence),
    index("jobs_open").on(table.workspace, table.sequence).where(sql`state in ('queued', 'running')`),
  ],
);

export const events = pgTable(
  "events",
  {
    workspace: text("workspace").notNull(),
    id: bigserial("id", { mode: "number" }).notNull(),
    at: millis("at").notNull(),
    kind: text("kind").notNull(),
    data: json("data").notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspace, table.id] })],
);

/** What was answered to a request that carried an Idempotency-Key; status 0 while it is being worked on. */
export const idempotency = pgTable(
  "idempotency",
  {
    workspace: text("workspace").notNull(),
    principal: text("principal").notNull(),
    key: text("key").notNull(),
    request: text("request").notNull(),
    status: integer("status").notNull(),
    body: json("body"),
    owner: text("owner").notNull(),
    at: millis("at").notNull(),
    seal: text("seal").notNull().default(""),
  },
  (table) => [primaryKey({ columns: [table.workspace, table.principal, table.key] })],
);

/** People and machines. Names live only here, so that they can be erased. */
export const principals = pgTable(
  "principals",
  {
    workspace: text("workspace").notNull(),
    id: text("id").notNull(),
    kind: text("kind").notNull(),
    name: text("name").notNull(),
    createdAt: millis("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspace, table.id] })],
);

/** API tokens by the hash of their text: the text itself is nowhere. */
export const tokens = pgTable(
  "tokens",
  {
    workspace: text("workspace").notNull(),
    id: uuid("id").notNull(),
    hash: text("hash").notNull(),
    label: text("label").notNull(),
    principal: text("principal").notNull(),
    scope: text("scope").notNull(),
    createdAt: millis("created_at").notNull(),
    expiresAt: millis("expires_at").notNull(),
    lastUsedAt: millis("last_used_at"),
    seal: text("seal").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspace, table.id] }),
    uniqueIndex("tokens_hash").on(table.workspace, table.hash),
  ],
);

export const sessions = pgTable(
  "sessions",
  {
    workspace: text("workspace").notNull(),
    hash: text("hash").notNull(),
    principal: text("principal").notNull(),
    scope: text("scope").notNull(),
    expiresAt: millis("expires_at").notNull(),
    seal: text("seal").notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspace, table.hash] })],
);
