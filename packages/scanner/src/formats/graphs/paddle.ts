import type { Part, Scan } from "../../core/scan.js";
import type { Source } from "../../core/source.js";
import { BadProtobuf, type Field, fields, text } from "./protobuf.js";

// ProgramDesc, BlockDesc and OpDesc of paddle/fluid/framework/framework.proto.
const BLOCK = 1;
const OPERATOR = 4;
const TYPE = 3;

/** Operators that call Python or open connections while a program runs. Source: paddle/fluid/operators. */
const ACTING = /^(py_func|py_layer|pylayer|listen_and_serv|send|recv|distributed_lookup_table)$/;

/** A first block with an index, a parent and variables or operators in it. */
export function looksLikePaddle(scan: Scan, source: Source): boolean {
  if (source.read(0, 1)[0] !== 0x0a) return false;
  try {
    for (const field of fields(source, 0, source.size, scan.budget)) {
      return field.number === BLOCK && field.wire === 2 && isBlock(scan, source, field);
    }
  } catch (error) {
    if (!(error instanceof BadProtobuf)) throw error;
  }
  return false;
}

function isBlock(scan: Scan, source: Source, block: Field): boolean {
  const numbers: string[] = [];
  for (const { number, wire, value } of fields(
    source,
    block.offset,
    block.offset + block.value,
    scan.budget,
  )) {
    if (numbers.length === 0 && (number !== 1 || wire !== 0 || value !== 0)) return false;
    if (numbers.length === 1 && (number !== 2 || wire !== 0)) return false;
    if (numbers.length >= 2) return (number === 3 || number === OPERATOR) && wire === 2;
    numbers.push(`${number}`);
  }
  return false;
}

/** A Paddle program: the operators of every block. */
export function scanPaddle(scan: Scan, part: Part): string {
  const { source } = part;
  try {
    for (const operator of operators(scan, source)) {
      if (!ACTING.test(operator)) continue;
      scan.report("paddle-operator", part, `The program uses the operator ${operator}.`, { cause: operator });
    }
  } catch (error) {
    if (!(error instanceof BadProtobuf)) throw error;
    scan.report("parser-failed", part, `The program is malformed: ${error.message}.`, { cause: "paddle" });
  }
  return "paddle";
}

function* operators(scan: Scan, source: Source): Generator<string> {
  for (const block of fields(source, 0, source.size, scan.budget)) {
    if (block.number !== BLOCK || block.wire !== 2) continue;
    for (const operator of fields(source, block.offset, block.offset + block.value, scan.budget)) {
      if (operator.number !== OPERATOR || operator.wire !== 2) continue;
      yield typeOf(scan, source, operator);
    }
  }
}

function typeOf(scan: Scan, source: Source, operator: Field): string {
  for (const field of fields(source, operator.offset, operator.offset + operator.value, scan.budget)) {
    if (field.number === TYPE && field.wire === 2) return text(source, field, 128);
  }
  return "";
}
