CREATE TABLE "experiments" (
	"workspace" text NOT NULL,
	"id" bigint NOT NULL,
	"name" text NOT NULL,
	"artifact_location" text NOT NULL,
	"stage" text DEFAULT 'active' NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "experiments_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "experiments_name" ON "experiments" USING btree ("workspace","name");
--> statement-breakpoint
CREATE TABLE "experiment_tags" (
	"workspace" text NOT NULL,
	"experiment" bigint NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "experiment_tags_pk" PRIMARY KEY("workspace","experiment","key")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"workspace" text NOT NULL,
	"id" text COLLATE "C" NOT NULL,
	"experiment" bigint NOT NULL,
	"name" text NOT NULL,
	"user_id" text NOT NULL,
	"principal" text NOT NULL,
	"status" text NOT NULL,
	"stage" text DEFAULT 'active' NOT NULL,
	"artifact_uri" text NOT NULL,
	"started_at" bigint,
	"ended_at" bigint,
	"created_at" bigint NOT NULL,
	"touched_at" bigint NOT NULL,
	"deleted_at" bigint,
	CONSTRAINT "runs_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE INDEX "runs_listed" ON "runs" USING btree ("workspace","experiment","started_at" DESC NULLS LAST,"id");
--> statement-breakpoint
CREATE INDEX "runs_newest" ON "runs" USING btree ("workspace","started_at" DESC NULLS LAST,"id");
--> statement-breakpoint
CREATE TABLE "run_params" (
	"workspace" text NOT NULL,
	"run" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "run_params_pk" PRIMARY KEY("workspace","run","key")
);
--> statement-breakpoint
CREATE TABLE "run_tags" (
	"workspace" text NOT NULL,
	"run" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "run_tags_pk" PRIMARY KEY("workspace","run","key")
);
--> statement-breakpoint
CREATE INDEX "run_tags_parent" ON "run_tags" USING btree ("workspace",md5("value")) WHERE key = 'mlflow.parentRunId';
--> statement-breakpoint
CREATE TABLE "metrics" (
	"workspace" text NOT NULL,
	"run" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"step" bigint NOT NULL,
	"timestamp" bigint NOT NULL,
	"value" double precision NOT NULL,
	CONSTRAINT "metrics_pk" PRIMARY KEY("workspace","run","key","step","timestamp","value")
);
--> statement-breakpoint
CREATE TABLE "latest_metrics" (
	"workspace" text NOT NULL,
	"run" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"step" bigint NOT NULL,
	"timestamp" bigint NOT NULL,
	"value" double precision NOT NULL,
	CONSTRAINT "latest_metrics_pk" PRIMARY KEY("workspace","run","key")
);
--> statement-breakpoint
CREATE TABLE "model_metrics" (
	"workspace" text NOT NULL,
	"model" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"run" text COLLATE "C" NOT NULL,
	"step" bigint NOT NULL,
	"timestamp" bigint NOT NULL,
	"value" double precision NOT NULL,
	"dataset_name" text NOT NULL,
	"dataset_digest" text NOT NULL,
	CONSTRAINT "model_metrics_pk" PRIMARY KEY("workspace","model","key","run","step","timestamp","value","dataset_name","dataset_digest")
);
--> statement-breakpoint
CREATE TABLE "run_datasets" (
	"workspace" text NOT NULL,
	"experiment" bigint NOT NULL,
	"name" text NOT NULL,
	"digest" text NOT NULL,
	"source_type" text NOT NULL,
	"source" text NOT NULL,
	"schema" text,
	"profile" text,
	CONSTRAINT "run_datasets_pk" PRIMARY KEY("workspace","experiment","name","digest")
);
--> statement-breakpoint
CREATE TABLE "run_inputs" (
	"workspace" text NOT NULL,
	"run" text COLLATE "C" NOT NULL,
	"name" text NOT NULL,
	"digest" text NOT NULL,
	"experiment" bigint NOT NULL,
	"tags" json NOT NULL,
	"artifact" text,
	"at" bigint NOT NULL,
	CONSTRAINT "run_inputs_pk" PRIMARY KEY("workspace","run","name","digest")
);
--> statement-breakpoint
CREATE INDEX "run_inputs_artifact" ON "run_inputs" USING btree ("workspace","artifact") WHERE artifact is not null;
--> statement-breakpoint
CREATE TABLE "run_models" (
	"workspace" text NOT NULL,
	"run" text COLLATE "C" NOT NULL,
	"direction" text NOT NULL,
	"model" text COLLATE "C" NOT NULL,
	"step" bigint NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "run_models_pk" PRIMARY KEY("workspace","run","direction","model","step")
);
--> statement-breakpoint
CREATE INDEX "run_models_model" ON "run_models" USING btree ("workspace","model");
--> statement-breakpoint
CREATE TABLE "artifacts" (
	"workspace" text NOT NULL,
	"root" text NOT NULL,
	"path" text COLLATE "C" NOT NULL,
	"digest" text NOT NULL,
	"size" bigint NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "artifacts_pk" PRIMARY KEY("workspace","root","path")
);
--> statement-breakpoint
CREATE INDEX "artifacts_digest" ON "artifacts" USING btree ("digest");
--> statement-breakpoint
CREATE TABLE "artifact_seals" (
	"workspace" text NOT NULL,
	"root" text NOT NULL,
	"origin_root" text,
	"origin_path" text COLLATE "C",
	"at" bigint NOT NULL,
	CONSTRAINT "artifact_seals_pk" PRIMARY KEY("workspace","root")
);
--> statement-breakpoint
CREATE INDEX "artifact_seals_origin" ON "artifact_seals" USING btree ("workspace","origin_root") WHERE origin_root is not null;
