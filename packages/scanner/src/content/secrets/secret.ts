/**
 * How sure it is that the text is a secret: `sure` when its own form or checksum says so, `likely` when its form fits
 * the provider that is named beside it, `possible` when it only stands where secrets stand.
 */
export type Strength = "sure" | "likely" | "possible";

export interface Secret {
  type: string;
  start: number;
  /** One past the last character. */
  end: number;
  strength: Strength;
}
