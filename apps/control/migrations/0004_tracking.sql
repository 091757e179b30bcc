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
CREATE INDEX "artifacts_digest" ON "artifacts" USING btree ("workspace","digest");
--> statement-breakpoint
CREATE TABLE "artifact_seals" (
	"workspace" text NOT NULL,
	"root" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "artifact_seals_pk" PRIMARY KEY("workspace","root")
);
