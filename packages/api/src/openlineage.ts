import { type Static, Type } from "typebox";
import { PageQuery, page, Subject } from "./common.js";

/** An OpenLineage RunEvent, DatasetEvent or JobEvent (spec 2-0-2). What it says is checked when it is read. */
export const LineageEvent = Type.Object(
  {},
  { additionalProperties: true, description: "https://openlineage.io/spec/2-0-2/OpenLineage.json" },
);
export type LineageEvent = Static<typeof LineageEvent>;

export const LineageEventsBody = Type.Union([LineageEvent, Type.Array(LineageEvent, { maxItems: 1_000 })]);
export type LineageEventsBody = Static<typeof LineageEventsBody>;

/** `repeated` were on record already, byte for byte the same to RFC 8785. */
export const LineageEventsResult = Type.Object({
  recorded: Type.Integer(),
  repeated: Type.Integer(),
  index: Type.Integer({ description: "log index of the newest of them; -1 if none" }),
});
export type LineageEventsResult = Static<typeof LineageEventsResult>;

export const LineageEventPage = page(LineageEvent);
export const LineageEventQuery = Type.Object({ ...PageQuery.properties, subject: Type.Optional(Subject) });
export type LineageEventQuery = Static<typeof LineageEventQuery>;
