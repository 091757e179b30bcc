/** What a part of the model says of its licence. */
export interface LicenceClaim {
  /** An SPDX identifier, or `LicenseRef-` and a name. */
  licence: string;
  /** Where it is said: the card's front matter, a licence's own text, or a field of the format. */
  source: "card" | "text" | "metadata";
  /** The member that says it; absent where the file itself does. */
  member?: string;
}

/** What a model card has and lacks. */
export interface ModelCard {
  /** Sections that users need and that the card does not have. */
  missing: string[];
}

/** What the files together say of the model. */
export interface ModelFacts {
  /** The licence on which all agree. */
  licence?: string;
  /** Every place that names a licence. */
  licences: (LicenceClaim & { file: string })[];
  /** The model card, where there is one. */
  card?: ModelCard & { file: string };
}

export interface MemberDigest {
  member: string;
  /** In lower-case hexadecimal. */
  sha256: string;
}

const MAX_CLAIMS = 20;

/** What is not a finding, but is learned of a file while it is scanned. */
export class Gathered {
  readonly licences: LicenceClaim[] = [];
  readonly members: MemberDigest[] = [];
  card: ModelCard | undefined;
  /** Bytes of tensors that have been looked at. */
  weightBytes = 0;
  /** Bytes of binary parts that have been searched. */
  searchedBytes = 0;

  claim(claim: LicenceClaim): void {
    const same = (one: LicenceClaim) => one.licence === claim.licence && one.member === claim.member;
    if (this.licences.length < MAX_CLAIMS && !this.licences.some(same)) this.licences.push(claim);
  }

  /** The fields of a report that hold something. */
  fields(): { licences?: LicenceClaim[]; card?: ModelCard; members?: MemberDigest[] } {
    const { licences, card, members } = this;
    return {
      ...(licences.length === 0 ? {} : { licences }),
      ...(card === undefined ? {} : { card }),
      ...(members.length === 0 ? {} : { members }),
    };
  }
}
