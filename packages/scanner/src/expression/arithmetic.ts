import { each, UNKNOWN, unknown, type Value } from "./value.js";

/** `text * times`, `number * number`. */
export function product(left: Value, right: Value): Value {
  if (left.kind === "number" && right.kind === "number")
    return { kind: "number", value: left.value * right.value };
  const [of, times] = left.kind === "number" ? [right, left] : [left, right];
  if (times.kind !== "number" || times.value < 0 || times.value > 10_000) return unknown(left, right);
  return each(of, (one) => (one.length * times.value <= 100_000 ? one.repeat(times.value) : undefined));
}

/** What is made of two numbers. */
export function arithmetic(operator: string, left: number, right: number): Value {
  const value = operate(operator, left, right);
  return value !== undefined && Number.isFinite(value) ? { kind: "number", value } : UNKNOWN;
}

function operate(operator: string, left: number, right: number): number | undefined {
  switch (operator) {
    case "-":
      return left - right;
    case "/":
      return left / right;
    case "//":
      return Math.floor(left / right);
    case "%":
      return ((left % right) + right) % right;
    case "**":
      return left ** right;
    case "^":
      return left ^ right;
    case "&":
      return left & right;
    case "|":
      return left | right;
    case "<<":
      return left * 2 ** right;
    case ">>":
      return Math.floor(left / 2 ** right);
    default:
      return undefined;
  }
}
