CREATE TABLE "registry_models" (
	"workspace" text NOT NULL,
	"id" text NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"prompt" boolean NOT NULL,
	"principal" text NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "registry_models_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "registry_models_name" ON "registry_models" USING btree ("workspace","name");
--> statement-breakpoint
CREATE TABLE "registry_numbers" (
	"workspace" text NOT NULL,
	"name" text NOT NULL,
	"last" integer NOT NULL,
	CONSTRAINT "registry_numbers_pk" PRIMARY KEY("workspace","name")
);
--> statement-breakpoint
CREATE TABLE "registry_versions" (
	"workspace" text NOT NULL,
	"model" text NOT NULL,
	"version" integer NOT NULL,
	"source" text NOT NULL,
	"run" text DEFAULT '' NOT NULL,
	"run_link" text DEFAULT '' NOT NULL,
	"logged_model" text DEFAULT '' NOT NULL,
	"root" text,
	"artifact" text,
	"description" text DEFAULT '' NOT NULL,
	"status" text NOT NULL,
	"message" text DEFAULT '' NOT NULL,
	"job" text NOT NULL,
	"stage" text DEFAULT 'None' NOT NULL,
	"principal" text NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "registry_versions_pk" PRIMARY KEY("workspace","model","version")
);
--> statement-breakpoint
CREATE INDEX "registry_versions_run" ON "registry_versions" USING btree ("workspace","run");
--> statement-breakpoint
CREATE INDEX "registry_versions_root" ON "registry_versions" USING btree ("workspace","root");
--> statement-breakpoint
CREATE INDEX "registry_versions_artifact" ON "registry_versions" USING btree ("workspace","artifact");
--> statement-breakpoint
CREATE UNIQUE INDEX "registry_versions_job" ON "registry_versions" USING btree ("workspace","job");
--> statement-breakpoint
CREATE TABLE "registry_tags" (
	"workspace" text NOT NULL,
	"model" text NOT NULL,
	"version" integer NOT NULL,
	"key" text NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "registry_tags_pk" PRIMARY KEY("workspace","model","version","key")
);
--> statement-breakpoint
CREATE TABLE "registry_aliases" (
	"workspace" text NOT NULL,
	"model" text NOT NULL,
	"alias" text NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "registry_aliases_pk" PRIMARY KEY("workspace","model","alias")
);
--> statement-breakpoint
CREATE TABLE "logged_models" (
	"workspace" text NOT NULL,
	"id" text NOT NULL,
	"experiment" text NOT NULL,
	"name" text NOT NULL,
	"type" text DEFAULT '' NOT NULL,
	"run" text DEFAULT '' NOT NULL,
	"status" integer NOT NULL,
	"principal" text NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	"deleted_at" bigint,
	CONSTRAINT "logged_models_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE INDEX "logged_models_listed" ON "logged_models" USING btree ("workspace","experiment","created_at");
--> statement-breakpoint
CREATE INDEX "logged_models_run" ON "logged_models" USING btree ("workspace","run");
--> statement-breakpoint
CREATE TABLE "logged_model_fields" (
	"workspace" text NOT NULL,
	"model" text NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "logged_model_fields_pk" PRIMARY KEY("workspace","model","kind","key")
);
--> statement-breakpoint
CREATE TABLE "run_provenance" (
	"workspace" text NOT NULL,
	"run" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "run_provenance_pk" PRIMARY KEY("workspace","run")
);
