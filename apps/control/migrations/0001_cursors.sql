CREATE TABLE "cursors" (
	"workspace" text NOT NULL,
	"consumer" text NOT NULL,
	"instance" text NOT NULL,
	"position" bigint NOT NULL,
	CONSTRAINT "cursors_workspace_consumer_pk" PRIMARY KEY("workspace","consumer")
);
