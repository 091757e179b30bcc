import { type Static, Type } from "typebox";
import { Base64, Digest, Subject } from "./common.js";

/** DSSE. The payload is an in-toto Statement v1. */
export const Envelope = Type.Object(
  {
    payloadType: Type.String({ maxLength: 256 }),
    payload: Base64,
    signatures: Type.Array(
      Type.Object({
        keyid: Type.Optional(Type.String({ maxLength: 256 })),
        sig: Type.String({ maxLength: 16_384 }),
      }),
      { minItems: 1, maxItems: 16 },
    ),
  },
  { additionalProperties: false },
);
export type Envelope = Static<typeof Envelope>;

export const AttestationBody = Type.Object({ envelope: Envelope }, { additionalProperties: false });
export type AttestationBody = Static<typeof AttestationBody>;

/** An OpenSSF Model Signing bundle, exactly as the signer wrote it: its bytes are what the log names. */
export const SignatureBody = Type.Object(
  {},
  { additionalProperties: true, description: "Sigstore bundle (OMS v1.0)" },
);

/** What the bundle is a signature of; without it, the newest versions are tried until one has those files. */
export const SignatureQuery = Type.Object({ subject: Type.Optional(Subject) });

const Text = Type.String({ maxLength: 1024 });

export const DeclarationBody = Type.Object(
  {
    subject: Subject,
    licence: Type.Optional(Text),
    origin: Type.Optional(Text),
    tags: Type.Optional(Type.Record(Type.String({ maxLength: 128 }), Text, { maxProperties: 64 })),
  },
  { additionalProperties: false },
);
export type DeclarationBody = Static<typeof DeclarationBody>;

/** Names one envelope of the record, and says why it should no longer count (or exist). */
export const WithdrawalBody = Type.Object(
  { envelope: Digest, reason: Type.String({ minLength: 1, maxLength: 1024 }) },
  { additionalProperties: false },
);
export type WithdrawalBody = Static<typeof WithdrawalBody>;

/** `signAs` names a key that the server holds and the trust root lets revoke; `approver` unless told otherwise. */
export const RevocationBody = Type.Object(
  { ...WithdrawalBody.properties, signAs: Type.Optional(Type.String({ maxLength: 64 })) },
  { additionalProperties: false },
);
export type RevocationBody = Static<typeof RevocationBody>;

export const ApprovalTemplateBody = Type.Object(
  {
    subject: Subject,
    environment: Type.String({ maxLength: 63 }),
    action: Type.Optional(Type.String({ maxLength: 63 })),
  },
  { additionalProperties: false },
);
export type ApprovalTemplateBody = Static<typeof ApprovalTemplateBody>;

/** The statement that an approver signs with their own key and sends to `/attestations`. */
export const Statement = Type.Object(
  {
    _type: Type.Literal("https://in-toto.io/Statement/v1"),
    subject: Type.Array(
      Type.Object({ name: Type.Optional(Type.String()), digest: Type.Record(Type.String(), Type.String()) }),
    ),
    predicateType: Type.String(),
    predicate: Type.Unknown(),
  },
  { additionalProperties: false },
);
export type Statement = Static<typeof Statement>;
