import { type Static, Type } from "typebox";
import { Millis } from "./common.js";

export const EventKind = Type.Enum(["entry", "decision", "promotion", "job"]);
export type EventKind = Static<typeof EventKind>;

/** What `GET /events` streams: `id:` is the id, `event:` the kind, `data:` the whole event. */
export const WorkspaceEvent = Type.Object({
  id: Type.String(),
  at: Millis,
  kind: EventKind,
  data: Type.Unknown({
    description: "index, at, predicate, outcome, envelope, signer, subjects of an entry; or a Job",
  }),
});
export type WorkspaceEvent = Static<typeof WorkspaceEvent>;
