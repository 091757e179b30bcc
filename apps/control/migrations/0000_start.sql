CREATE TABLE "applied" (
	"workspace" text PRIMARY KEY NOT NULL,
	"size" bigint NOT NULL,
	"instance" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "entries" (
	"workspace" text NOT NULL,
	"subject" text NOT NULL,
	"index" bigint NOT NULL,
	"position" integer NOT NULL,
	"predicate" text NOT NULL,
	"raw" "bytea" NOT NULL,
	CONSTRAINT "entries_workspace_subject_index_pk" PRIMARY KEY("workspace","subject","index")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"workspace" text NOT NULL,
	"id" bigserial NOT NULL,
	"at" bigint NOT NULL,
	"kind" text NOT NULL,
	"data" json NOT NULL,
	CONSTRAINT "events_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "idempotency" (
	"workspace" text NOT NULL,
	"principal" text NOT NULL,
	"key" text NOT NULL,
	"request" text NOT NULL,
	"status" integer NOT NULL,
	"body" json,
	"owner" text NOT NULL,
	"at" bigint NOT NULL,
	"seal" text DEFAULT '' NOT NULL,
	CONSTRAINT "idempotency_workspace_principal_key_pk" PRIMARY KEY("workspace","principal","key")
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"workspace" text NOT NULL,
	"id" uuid NOT NULL,
	"sequence" bigserial NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"title" text NOT NULL,
	"principal" text NOT NULL,
	"input" json NOT NULL,
	"step" text DEFAULT '' NOT NULL,
	"done" bigint DEFAULT 0 NOT NULL,
	"total" bigint DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"lease_owner" text,
	"lease_until" bigint DEFAULT 0 NOT NULL,
	"cancel_requested" boolean DEFAULT false NOT NULL,
	"result" json,
	"error" json,
	"seal" text NOT NULL,
	"end_seal" text DEFAULT '' NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "jobs_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "principals" (
	"workspace" text NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "principals_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"workspace" text NOT NULL,
	"hash" text NOT NULL,
	"principal" text NOT NULL,
	"scope" text NOT NULL,
	"expires_at" bigint NOT NULL,
	"seal" text NOT NULL,
	CONSTRAINT "sessions_workspace_hash_pk" PRIMARY KEY("workspace","hash")
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"workspace" text NOT NULL,
	"id" uuid NOT NULL,
	"hash" text NOT NULL,
	"label" text NOT NULL,
	"principal" text NOT NULL,
	"scope" text NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"last_used_at" bigint,
	"seal" text NOT NULL,
	CONSTRAINT "tokens_workspace_id_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE INDEX "entries_listed" ON "entries" USING btree ("workspace","predicate","index") WHERE position = 0;--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_sequence" ON "jobs" USING btree ("workspace","sequence");--> statement-breakpoint
CREATE INDEX "jobs_open" ON "jobs" USING btree ("workspace","sequence") WHERE state in ('queued', 'running');--> statement-breakpoint
CREATE UNIQUE INDEX "tokens_hash" ON "tokens" USING btree ("workspace","hash");