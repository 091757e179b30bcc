/**
 * RFC 8785 for what a leaf and an envelope hold: objects, arrays, strings, safe integers, booleans and null.
 * Anything else is refused rather than guessed.
 */
export const canonical = (value: unknown): string => {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new Error("only whole numbers can be part of a leaf");
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object") {
    const fields = value as Record<string, unknown>;
    const names = Object.keys(fields).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(fields[name])}`).join(",")}}`;
  }
  throw new Error(`${typeof value} cannot be part of a leaf`);
};
