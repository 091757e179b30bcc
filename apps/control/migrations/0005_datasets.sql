CREATE TABLE "dataset_versions" (
	"workspace" text NOT NULL,
	"name" text NOT NULL,
	"index" bigint NOT NULL,
	"artifact" text NOT NULL,
	"at" bigint NOT NULL,
	"principal" text NOT NULL,
	CONSTRAINT "dataset_versions_pk" PRIMARY KEY("workspace","name","index")
);
--> statement-breakpoint
CREATE INDEX "dataset_versions_artifact" ON "dataset_versions" ("workspace","artifact");
--> statement-breakpoint
CREATE TABLE "dataset_profiles" (
	"workspace" text NOT NULL,
	"artifact" text NOT NULL,
	"index" bigint NOT NULL,
	"rows" bigint NOT NULL,
	"location" text NOT NULL,
	CONSTRAINT "dataset_profiles_pk" PRIMARY KEY("workspace","artifact","index")
);
--> statement-breakpoint
CREATE INDEX "dataset_profiles_location" ON "dataset_profiles" ("workspace",md5("location"));
--> statement-breakpoint
CREATE TABLE "dataset_files" (
	"workspace" text NOT NULL,
	"digest" text NOT NULL,
	"artifact" text NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "dataset_files_pk" PRIMARY KEY("workspace","digest","artifact","name")
);
--> statement-breakpoint
CREATE INDEX "dataset_files_artifact" ON "dataset_files" ("workspace","artifact");
--> statement-breakpoint
CREATE TABLE "dataset_reads" (
	"workspace" text NOT NULL,
	"id" bigserial NOT NULL,
	"name" text NOT NULL,
	"artifact" text,
	"at" bigint NOT NULL,
	"principal" text NOT NULL,
	"run" text,
	"via" text NOT NULL,
	"outcome" text NOT NULL,
	"detail" text NOT NULL,
	CONSTRAINT "dataset_reads_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE INDEX "dataset_reads_name" ON "dataset_reads" ("workspace","name","id");
--> statement-breakpoint
CREATE INDEX "dataset_reads_artifact" ON "dataset_reads" ("workspace","artifact","id");
