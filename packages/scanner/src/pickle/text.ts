const SIMPLE: Record<string, string> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "\n": "",
};

/** Python's bytes escapes (`PyBytes_DecodeEscape`), as the STRING opcode uses them. */
export function decodeEscapes(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(
    /\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|[\s\S])/g,
    (whole, code: string) => decodeEscape(code) ?? whole,
  );
}

function decodeEscape(code: string): string | undefined {
  if (code.length === 3 && code[0] === "x") return String.fromCharCode(Number.parseInt(code.slice(1), 16));
  if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
  return SIMPLE[code];
}

/** Python's `raw-unicode-escape`, as the UNICODE opcode uses it. */
export function decodeRawUnicode(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (whole, short?: string, long?: string) => {
    const code = Number.parseInt(short ?? long ?? "", 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

const DECIMAL = /^[+-]?\d+(_\d+)*$/;
const PREFIXED = /^[+-]?0[xXoObB][0-9a-fA-F]+(_[0-9a-fA-F]+)*$/;

/** An integer as `PyLong_FromString` reads it, or undefined. */
export function parseInteger(line: string): number | bigint | undefined {
  let text = line.trim();
  if (text.endsWith("L")) text = text.slice(0, -1);
  const plain = text.replaceAll("_", "");
  if (plain.length > 5000) return undefined;
  if (DECIMAL.test(text)) {
    const small = Number(plain);
    return Number.isSafeInteger(small) ? small : BigInt(plain.replace("+", ""));
  }
  if (!PREFIXED.test(text)) return undefined;
  const negative = plain.startsWith("-");
  const digits = plain.replace(/^[+-]/, "");
  if (!/^0([xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)$/.test(digits)) return undefined;
  const value = BigInt(digits.toLowerCase());
  const signed = negative ? -value : value;
  return signed >= -(2n ** 53n) && signed <= 2n ** 53n ? Number(signed) : signed;
}
