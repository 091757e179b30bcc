import type { routes } from "@countersign/api";
import { CountersignError, type Digest } from "@countersign/evidence";
import type { Handler } from "../../http/mount.js";
import { findEnvelope, submitToNewest } from "./find.js";
import { heldSigner, REVOKER } from "./held.js";

export const attest: Handler<typeof routes.attest> = async ({ body, services }) =>
  services.workspace.submit(body.envelope);

export const submitSignature: Handler<typeof routes.submitSignature> = async ({
  query,
  services,
  request,
}) => {
  // The bytes as they came: the log names them, and another spelling of the same JSON would be another object.
  if (!request.bytes) throw new CountersignError("bundle-malformed", "the request has no body");
  const { workspace } = services;
  return query.subject === undefined
    ? submitToNewest(workspace, request.bytes)
    : workspace.submitSignature(request.bytes, query.subject);
};

export const declare: Handler<typeof routes.declare> = async ({ body, services }) =>
  services.workspace.declare({ ...body, signer: services.workspace.service });

export const approvalTemplate: Handler<typeof routes.approvalTemplate> = async ({ body, services }) =>
  services.workspace.approvalStatement(body);

export const revoke: Handler<typeof routes.revoke> = async ({ body, services }) => {
  const { envelope, reason, signAs } = body;
  return services.workspace.revoke({
    envelope,
    reason,
    signer: await heldSigner(services.workspace, signAs ?? REVOKER),
  });
};

export const erase: Handler<typeof routes.erase> = async ({ body, services }) => {
  const index = await findEnvelope(services.workspace, body.envelope as Digest);
  return services.workspace.erase({ index, reason: body.reason });
};

export const updateTrustRoot: Handler<typeof routes.updateTrustRoot> = async ({ body, services }) =>
  services.workspace.submit(body.envelope);
