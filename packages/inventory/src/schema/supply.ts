import { type Static, Type } from "typebox";
import { anyRefs, day, object, period, Region, ref, refs, regions, Sha256, text, texts } from "./common.js";

// Who and what all of it rests on: Vendor, Hardware.

const Contract = object({
  id: text("Your own reference for it", 128),
  title: Type.Optional(text("What it is about", 256)),
  ...period,
  renews: Type.Optional(Type.Boolean({ description: "Whether it renews by itself" })),
  noticeDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 3_650 })),
  terms: Type.Optional(
    Type.Record(
      Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$" }),
      Type.String({ maxLength: 4_096 }),
      {
        maxProperties: 64,
        additionalProperties: false,
        description: "Single terms in your own words, such as trainingOnOurData: no",
      },
    ),
  ),
});

const Licence = object({
  id: text("SPDX id or your own name for it", 128),
  uses: texts("Uses that it allows, such as commercial, fine-tuning or redistribution"),
  forbids: Type.Optional(texts("Uses that it forbids")),
  regions: Type.Optional(regions("Where it holds; everywhere when absent")),
  customers: Type.Optional(texts("For whom it may be used; everyone when absent")),
  covers: Type.Optional(anyRefs),
  ...period,
});
export type Licence = Static<typeof Licence>;

const Sanction = object({
  status: Type.Enum(["clear", "under-review", "listed"], { description: "What the check found" }),
  list: text("The list that was checked, such as EU consolidated or OFAC SDN", 256),
  from: day("The day from which this status holds"),
  until: Type.Optional(day("The first day on which it no longer holds")),
  reference: Type.Optional(text("Entry of the list, or who checked and how", 512)),
});
export type Sanction = Static<typeof Sanction>;

export const VendorSpec = object({
  legalName: Type.Optional(text("As registered", 256)),
  website: Type.Optional(text("Its web page", 2_048)),
  country: Type.Optional({ ...Region, description: "Where it is registered" }),
  regions: Type.Optional(regions("Where it processes or delivers from")),
  parent: Type.Optional(ref("Vendor")),
  suppliers: Type.Optional(refs("Vendor")),
  alternatives: Type.Optional(refs("Vendor")),
  customers: Type.Optional(texts("Whom it delivers to among you and your customers")),
  contracts: Type.Optional(Type.Array(Contract, { maxItems: 256 })),
  licences: Type.Optional(Type.Array(Licence, { maxItems: 256 })),
  sanctions: Type.Optional(Type.Array(Sanction, { maxItems: 256 })),
});
export type VendorSpec = Static<typeof VendorSpec>;

const Firmware = object({
  component: text("Which part it runs on, such as BMC or GPU", 128),
  version: text("The version that runs", 128),
  digest: Type.Optional(Sha256),
  signed: Type.Boolean({ description: "Whether the running image carries a signature that verified" }),
  signer: Type.Optional(text("Whose key verified it", 256)),
  verifiedOn: Type.Optional(day("When it was verified")),
  method: Type.Optional(text("How it was verified, such as SPDM measurement", 256)),
});
export type Firmware = Static<typeof Firmware>;

const Custody = object({
  holder: text("Who had it", 256),
  from: day("Since when"),
  place: Type.Optional(Region),
  evidence: Type.Optional(text("What proves it: a document's digest or reference", 512)),
});

export const HardwareSpec = object({
  model: Type.Optional(text("What its maker calls it", 256)),
  vendor: Type.Optional(ref("Vendor")),
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000_000 })),
  region: Type.Optional(Region),
  components: Type.Optional(refs("Hardware")),
  alternatives: Type.Optional(refs("Hardware")),
  firmware: Type.Optional(Type.Array(Firmware, { maxItems: 256 })),
  provenance: Type.Optional(
    object({
      manufacturer: Type.Optional(ref("Vendor")),
      country: Type.Optional({ ...Region, description: "Where it was made" }),
      assembledIn: Type.Optional({ ...Region, description: "Where it was put together" }),
      attestation: Type.Optional(text("Platform certificate or its digest", 512)),
      custody: Type.Optional(Type.Array(Custody, { maxItems: 256 })),
    }),
  ),
});
export type HardwareSpec = Static<typeof HardwareSpec>;
