import { type Static, Type } from "typebox";
import {
  AssetName,
  Digest,
  Environment,
  Millis,
  nullable,
  PageQuery,
  page,
  Subject,
  WorkspaceId,
} from "./common.js";
import { EntryView } from "./entry.js";
import { ContainmentPlan } from "./graph.js";

const Reason = Type.String({ minLength: 1, maxLength: 1024 });

export const ContainmentBody = Type.Object(
  {
    subject: Subject,
    reason: Reason,
    dryRun: Type.Optional(Type.Boolean({ description: "only say what would be contained" })),
    only: Type.Optional(
      Type.Boolean({ description: "the subject's own versions alone, not what they reached" }),
    ),
  },
  { additionalProperties: false },
);
export type ContainmentBody = Static<typeof ContainmentBody>;

/** `entries` are what this request stated: none on a dry run, and none for what its cause has contained already. */
export const ContainmentResult = Type.Object({
  plan: ContainmentPlan,
  cause: Digest,
  entries: Type.Array(EntryView),
});
export type ContainmentResult = Static<typeof ContainmentResult>;

/** One version that every gate denies until this is lifted. */
export const Containment = Type.Object({
  envelope: Digest,
  index: Type.Integer(),
  at: Millis,
  artifact: Digest,
  kind: Type.String(),
  name: Type.String(),
  cause: nullable(Digest),
  causeLabel: Type.String({ description: "what was found to be bad, in words" }),
  principal: Type.String(),
  reason: Type.String(),
  liftedAt: nullable(Millis),
});
export type Containment = Static<typeof Containment>;

export const ContainmentPage = page(Containment);
export const ContainmentQuery = Type.Object({
  ...PageQuery.properties,
  subject: Type.Optional(
    Type.String({ maxLength: 512, description: "what is contained, or why: a digest or a name" }),
  ),
  open: Type.Optional(Type.Boolean({ description: "only those in force" })),
});
export type ContainmentQuery = Static<typeof ContainmentQuery>;
export const ContainmentParams = Type.Object({ workspace: WorkspaceId, envelope: Digest });

/** `signAs` names a key that the server holds and the trust root lets revoke; `approver` unless told otherwise. */
export const LiftBody = Type.Object(
  { reason: Reason, signAs: Type.Optional(Type.String({ maxLength: 64 })) },
  { additionalProperties: false },
);
export type LiftBody = Static<typeof LiftBody>;

const Region = Type.String({
  pattern: "^[a-z0-9][a-z0-9-]{0,62}$",
  description: "`global` where there is only one",
});

export const DeploymentBody = Type.Object(
  {
    subject: Subject,
    name: AssetName,
    environment: Environment,
    region: Type.Optional(Region),
    state: Type.Optional(Type.Enum(["running", "stopped"])),
    alongside: Type.Optional(
      Type.Boolean({
        description: "other versions under this name there run on; otherwise they are reported stopped",
      }),
    ),
  },
  { additionalProperties: false },
);
export type DeploymentBody = Static<typeof DeploymentBody>;

/** What somebody saw run. */
export const Deployment = Type.Object({
  key: Type.String(),
  name: Type.String(),
  environment: Type.String(),
  region: Type.String(),
  artifact: Digest,
  model: Type.String({ description: "name of the model that it is a version of" }),
  state: Type.Enum(["running", "stopped"]),
  principal: Type.String(),
  since: Millis,
  at: Millis,
  index: Type.Integer(),
  contained: Type.Boolean(),
});
export type Deployment = Static<typeof Deployment>;

export const DeploymentPage = page(Deployment);
export const DeploymentQuery = Type.Object({
  ...PageQuery.properties,
  environment: Type.Optional(Type.String({ maxLength: 63 })),
  state: Type.Optional(Type.Enum(["running", "stopped"])),
  artifact: Type.Optional(Digest),
});
export type DeploymentQuery = Static<typeof DeploymentQuery>;
