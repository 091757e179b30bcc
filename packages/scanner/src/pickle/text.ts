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

const SPACE = "[ \\t\\n\\v\\f\\r]*";
const BASE_10 = new RegExp(`^${SPACE}([+-]?)(\\d+(?:_\\d+)*)${SPACE}$`);
const PREFIXED = new RegExp(
  `^${SPACE}([+-]?)(0(?:[xX]_?[0-9a-fA-F]|[oO]_?[0-7]|[bB]_?[01])[0-9a-fA-F_]*)${SPACE}$`,
);
const STRTOL = new RegExp(`^${SPACE}([+-]?)(0[xX][0-9a-fA-F]+|\\d+)$`);

/** C strings end at the first NUL; the rest of the line is not read. */
function cString(line: string): string {
  const end = line.indexOf("\0");
  return end < 0 ? line : line.slice(0, end);
}

function signed(sign: string, digits: string): number | bigint {
  const value = sign === "-" ? -BigInt(digits) : BigInt(digits);
  return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value;
}

/** More digits than Python itself turns into a number. */
const MAX_DIGITS = 5000;

/** An integer as `PyLong_FromString` reads it, or undefined. GET and PUT take base 10, LONG takes prefixes as well. */
export function parseLong(line: string, base: 0 | 10): number | bigint | undefined {
  const text = cString(line);
  if (text.length > MAX_DIGITS) return undefined;
  const [, sign = "", digits = ""] = BASE_10.exec(text) ?? [];
  if (digits !== "") {
    const leading = base === 0 && digits.length > 1 && digits.startsWith("0") && /[1-9]/.test(digits);
    return leading ? undefined : signed(sign, digits.replaceAll("_", ""));
  }
  const [, mark = "", prefixed = ""] = (base === 0 ? PREFIXED.exec(text) : null) ?? [];
  if (prefixed === "" || /__|_$/.test(prefixed)) return undefined;
  const plain = prefixed.replaceAll("_", "").toLowerCase();
  return /^0(x[0-9a-f]+|o[0-7]+|b[01]+)$/.test(plain) ? signed(mark, plain) : undefined;
}

const MAX_C_LONG = 2n ** 63n;

/** The argument of INT: C's `strtol` first, where a leading zero means octal, then `PyLong_FromString`. */
export function parseInt0(line: string): boolean | number | bigint | undefined {
  const [, sign = "", digits = ""] = STRTOL.exec(cString(line)) ?? [];
  const octal = /^0\d+$/.test(digits);
  if (digits === "" || digits.length > 64 || (octal && /[89]/.test(digits))) return parseLong(line, 0);
  const value = signed(sign, octal ? `0o${digits}` : digits);
  if (BigInt(value) >= MAX_C_LONG || BigInt(value) < -MAX_C_LONG) return parseLong(line, 0);
  return line.length === 2 && (value === 0 || value === 1) ? value === 1 : value;
}
