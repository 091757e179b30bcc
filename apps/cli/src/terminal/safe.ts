/**
 * Text that is fit for a terminal. File names, findings and server answers are written by others: an escape
 * sequence in one could repaint a refusal as an approval, and a bidirectional override could swap two names.
 * Only this file makes a `Safe`, so what was not neutralised does not compile where output is written.
 */
export class Safe {
  readonly text: string;
  /** Width-neutral plain form, used where colour is off. */
  readonly plain: string;

  private constructor(text: string, plain: string) {
    this.text = text;
    this.plain = plain;
  }

  static of(value: Printable): Safe {
    if (value instanceof Safe) return value;
    const plain = neutralise(String(value));
    return new Safe(plain, plain);
  }

  static styled(open: string, value: Printable, close: string): Safe {
    const inner = Safe.of(value);
    return new Safe(`\u001b[${open}m${inner.text}\u001b[${close}m`, inner.plain);
  }

  /** The literal parts of a template are ours; every value in it is neutralised. */
  static template(literals: TemplateStringsArray, values: readonly Printable[]): Safe {
    let text = literals[0] ?? "";
    let plain = text;
    for (const [index, value] of values.entries()) {
      const inner = Safe.of(value);
      const literal = literals[index + 1] ?? "";
      text += inner.text + literal;
      plain += inner.plain + literal;
    }
    return new Safe(text, plain);
  }
}

export type Printable = string | number | Safe;

// Control characters (C0, DEL, C1), bidirectional controls, line and paragraph separators, zero-width characters.
const HOSTILE =
  /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Cs}/gu;

/** Shows what would act on a terminal instead of letting it act. */
export function neutralise(text: string): string {
  return text.replace(HOSTILE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
    return `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

export function safe(literals: TemplateStringsArray, ...values: Printable[]): Safe {
  return Safe.template(literals, values);
}

/** JSON with the same characters escaped: still the same document, and inert when a person reads it. */
export function safeJson(value: unknown, indent: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
