import type { routes, Session } from "@countersign/api";
import { CountersignError } from "@countersign/evidence";
import type { Caller } from "../../auth/access.js";
import { clearSessionCookie, sessionCookie, setSessionCookie } from "../../http/cookie.js";
import type { Handler } from "../../http/mount.js";
import { OPERATOR } from "../../services.js";

export const login: Handler<typeof routes.login> = async ({ body, services, reply }) => {
  const { access, logins, workspace, clock } = services;
  if (!logins.redeem(body.code)) {
    throw new CountersignError(
      "unauthorised",
      "This login code is unknown, was used already, or is too old; restart `countersign up` for a new one",
    );
  }
  const { secret, caller } = await access.startSession(workspace.id, OPERATOR, "admin");
  setSessionCookie(reply, services, secret, Math.floor((caller.expiresAt - clock()) / 1000));
  return view(caller);
};

export const session: Handler<typeof routes.session> = async ({ caller }) => view(caller);

export const logout: Handler<typeof routes.logout> = async ({ services, request, reply }) => {
  const secret = request.cookies[sessionCookie(services)];
  if (secret !== undefined) await services.access.endSession(secret);
  clearSessionCookie(reply, services);
  return undefined;
};

function view({ principal, scope, workspace, expiresAt }: Caller): Session {
  return { principal, scope, workspaces: [workspace], expiresAt };
}
