-- What the log says of assets, kept for looking up. Rebuilt from the log; gates never read it.
CREATE TABLE "assets" (
	"workspace" text NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"title" text DEFAULT '' NOT NULL,
	"owner" text DEFAULT '' NOT NULL,
	"tags" json DEFAULT '{}' NOT NULL,
	"declared" boolean NOT NULL,
	"document" json,
	"principal" text DEFAULT '' NOT NULL,
	"index" bigint NOT NULL,
	"at" bigint NOT NULL,
	"versions" integer DEFAULT 0 NOT NULL,
	"words" tsvector NOT NULL,
	CONSTRAINT "assets_pk" PRIMARY KEY("workspace","kind","name")
);
--> statement-breakpoint
CREATE TABLE "asset_references" (
	"workspace" text NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"relation" text COLLATE "C" NOT NULL,
	"to_kind" text COLLATE "C" NOT NULL,
	"to_name" text COLLATE "C" NOT NULL,
	CONSTRAINT "asset_references_pk" PRIMARY KEY("workspace","kind","name","relation","to_kind","to_name")
);
--> statement-breakpoint
CREATE TABLE "asset_versions" (
	"workspace" text NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"index" bigint NOT NULL,
	"artifact" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "asset_versions_pk" PRIMARY KEY("workspace","kind","name","index")
);
--> statement-breakpoint
CREATE TABLE "asset_statements" (
	"workspace" text NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"index" bigint NOT NULL,
	"envelope" text COLLATE "C" NOT NULL,
	"at" bigint NOT NULL,
	"principal" text NOT NULL,
	"status" text NOT NULL,
	"document" json,
	CONSTRAINT "asset_statements_pk" PRIMARY KEY("workspace","kind","name","index")
);
--> statement-breakpoint
CREATE TABLE "saved_filters" (
	"workspace" text NOT NULL,
	"id" uuid NOT NULL,
	"principal" text NOT NULL,
	"name" text NOT NULL,
	"filter" json NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "saved_filters_pk" PRIMARY KEY("workspace","id")
);
--> statement-breakpoint
CREATE INDEX "assets_recent" ON "assets" USING btree ("workspace","index","kind","name");--> statement-breakpoint
CREATE INDEX "assets_words" ON "assets" USING gin ("words") WITH (fastupdate = off);--> statement-breakpoint
CREATE INDEX "asset_references_to" ON "asset_references" USING btree ("workspace","to_kind","to_name");--> statement-breakpoint
CREATE INDEX "asset_versions_artifact" ON "asset_versions" USING btree ("workspace","artifact");--> statement-breakpoint
CREATE INDEX "asset_statements_envelope" ON "asset_statements" USING btree ("workspace","envelope");--> statement-breakpoint
CREATE UNIQUE INDEX "saved_filters_name" ON "saved_filters" USING btree ("workspace","principal","name");
