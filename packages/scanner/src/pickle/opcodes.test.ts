import { describe, expect, it } from "vitest";
import { Budget, DEFAULT_LIMITS } from "../core/limits.js";
import { bytesSource } from "../core/source.js";
import { bytes, u32, u64 } from "../testing/assemble.js";
import { type Judge, Machine } from "./machine.js";
import { OPCODES } from "./opcodes.js";
import { Blob, Call, Dict, Opaque, Sequence, type Value } from "./value.js";

/** Records what the machine asks of its judge. */
class Recorder implements Judge {
  readonly events: string[] = [];
  global(module: Value, name: Value): Value {
    this.events.push(`global ${String(module)} ${String(name)}`);
    return "global";
  }
  call(callee: Value, args: Value, how: string): Value {
    this.events.push(`${how} ${plain(callee)} ${plain(args)}`);
    return new Call(callee, args, "reduce");
  }
  build(target: Value, state: Value): void {
    this.events.push(`build ${plain(target)} ${plain(state)}`);
  }
  extend(target: Value, items: Value[], how: string): void {
    this.events.push(`${how} ${plain(target)} ${items.map(plain).join(" ")}`);
  }
  extension(code: number): Value {
    this.events.push(`ext ${code}`);
    return new Opaque("extension");
  }
  persistent(id: Value): Value {
    this.events.push(`persistent ${plain(id)}`);
    return new Opaque("persistent");
  }
  fault(reason: string): void {
    this.events.push(`fault ${reason}`);
  }
  frame(reason: string): void {
    this.events.push(`frame ${reason}`);
  }
}

function plain(value: Value): string {
  if (value instanceof Sequence) return `${value.kind}[${value.items.map(plain).join(",")}]`;
  if (value instanceof Dict) return `dict[${value.items.map(plain).join(",")}]`;
  if (value instanceof Blob) return `blob:${value.read(100).toString("latin1")}`;
  if (value instanceof Call) return `call(${plain(value.callee)})`;
  if (value instanceof Opaque) return value.why;
  return String(value);
}

function run(...pieces: Parameters<typeof bytes>): {
  result: string;
  events: string[];
  reason: string | undefined;
} {
  const judge = new Recorder();
  const machine = new Machine(bytesSource(bytes(...pieces)), 0, judge);
  const end = machine.run(OPCODES, new Budget(DEFAULT_LIMITS));
  return { result: plain(end.result), events: judge.events, reason: end.reason };
}

/** Opcode by opcode: input, then the value on top of the stack. */
const RESULTS: [string, Parameters<typeof bytes>, string][] = [
  ["NONE", ["N."], "null"],
  ["NEWTRUE", [0x88, "."], "true"],
  ["NEWFALSE", [0x89, "."], "false"],
  ["INT", ["I42\n."], "42"],
  ["INT true", ["I01\n."], "true"],
  ["INT false", ["I00\n."], "false"],
  ["INT hexadecimal", ["I0x1f\n."], "31"],
  ["INT negative", ["I-7\n."], "-7"],
  ["LONG", ["L99999999999999999999L\n."], "99999999999999999999"],
  ["BININT", ["J", u32(0xffffffff), "."], "-1"],
  ["BININT1", ["K\xff."], "255"],
  ["BININT2", ["M\x01\x02."], "513"],
  ["LONG1", [0x8a, 2, 0xff, 0xff, "."], "-1"],
  ["LONG1 wide", [0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1, "."], "18446744073709551616"],
  ["LONG4", [0x8b, u32(1), 5, "."], "5"],
  ["FLOAT", ["F1.5\n."], "1.5"],
  ["STRING", ["S'a\\n\\x41'\n."], "a\nA"],
  ["STRING in double quotes", ['S"b"\n.'], "b"],
  ["BINSTRING", ["T", u32(2), "hi."], "hi"],
  ["SHORT_BINSTRING", ["U\x02hi."], "hi"],
  ["UNICODE", ["V\\u00e9\\U0001f600x\n."], "é😀x"],
  ["BINUNICODE", ["X", u32(2), "\xc3\xa9."], "é"],
  ["SHORT_BINUNICODE", [0x8c, 1, "a."], "a"],
  ["BINUNICODE8", [0x8d, u64(1), "a."], "a"],
  ["BINBYTES", ["B", u32(2), "hi."], "blob:hi"],
  ["SHORT_BINBYTES", ["C\x02hi."], "blob:hi"],
  ["BINBYTES8", [0x8e, u64(2), "hi."], "blob:hi"],
  ["BYTEARRAY8", [0x96, u64(2), "hi."], "blob:hi"],
  ["NEXT_BUFFER", [0x97, "."], "buffer"],
  ["READONLY_BUFFER", [0x97, 0x98, "."], "buffer"],
  ["EMPTY_TUPLE", [")."], "tuple[]"],
  ["TUPLE", ["(NNt."], "tuple[null,null]"],
  ["TUPLE1", ["N", 0x85, "."], "tuple[null]"],
  ["TUPLE2", ["K\x01K\x02", 0x86, "."], "tuple[1,2]"],
  ["TUPLE3", ["K\x01K\x02K\x03", 0x87, "."], "tuple[1,2,3]"],
  ["EMPTY_LIST and APPEND", ["]K\x01a."], "list[1]"],
  ["LIST", ["(K\x01l."], "list[1]"],
  ["APPENDS", ["](K\x01K\x02e."], "list[1,2]"],
  ["EMPTY_DICT and SETITEM", ["}K\x01K\x02s."], "dict[1,2]"],
  ["DICT", ["(K\x01K\x02d."], "dict[1,2]"],
  ["SETITEMS", ["}(K\x01K\x02u."], "dict[1,2]"],
  ["EMPTY_SET and ADDITEMS", [0x8f, "(K\x01", 0x90, "."], "set[1]"],
  ["FROZENSET", ["(K\x01", 0x91, "."], "frozenset[1]"],
  ["POP", ["K\x01K\x020."], "1"],
  ["POP of a MARK", ["K\x01(0."], "1"],
  ["POP_MARK", ["K\x01(NN1."], "1"],
  ["DUP", ["K\x012", 0x86, "."], "tuple[1,1]"],
  ["PUT and GET", ["K\x01p7\n0g7\n."], "1"],
  ["BINPUT and BINGET", ["K\x01q\x070h\x07."], "1"],
  ["LONG_BINPUT and LONG_BINGET", ["K\x01r", u32(70000), "0j", u32(70000), "."], "1"],
  ["MEMOIZE counts what the memo holds", ["K\x01q\x05K\x02", 0x94, "0h\x01."], "2"],
  ["a memo entry that is replaced", ["K\x01q\x000K\x02q\x000h\x00."], "2"],
  ["PROTO", [0x80, 5, "N."], "null"],
  ["a line at the end of the input loses its last character", ["Vab"], "a"],
];

describe("opcodes", () => {
  for (const [name, input, expected] of RESULTS) {
    it(name, () => expect(run(...input).result).toBe(expected));
  }

  it.each([
    ["GLOBAL", ["cos\nsystem\n."], "global os system"],
    ["STACK_GLOBAL", [0x8c, 1, "a", 0x8c, 1, "b", 0x93, "."], "global a b"],
    ["REDUCE", ["NK\x01", 0x85, "R."], "reduce null tuple[1]"],
    ["NEWOBJ", ["N)", 0x81, "."], "newobj null tuple[]"],
    ["NEWOBJ_EX", ["N)}", 0x92, "."], "newobj null tuple[]"],
    ["INST", ["(K\x01ios\nx\n."], "object global tuple[1]"],
    ["OBJ", ["(NK\x01o."], "object null tuple[1]"],
    ["BUILD", ["NK\x01b."], "build null 1"],
    ["PERSID", ["Pabc\n."], "persistent abc"],
    ["BINPERSID", ["K\x01Q."], "persistent 1"],
    ["EXT1", [0x82, 9, "."], "ext 9"],
    ["EXT2", [0x83, 9, 1, "."], "ext 265"],
    ["EXT4", [0x84, u32(9), "."], "ext 9"],
    ["APPEND to something else", ["NK\x01a."], "append null 1"],
    ["SETITEM on something else", ["NK\x01K\x02s."], "set null 1 2"],
    ["ADDITEMS to something else", ["N(K\x01", 0x90, "."], "add null 1"],
    ["GET of nothing", ["g3\n."], "fault memo key that was never stored"],
    ["POP of nothing", ["0N."], "fault stack underflow"],
    ["a pop through a mark", ["K\x01(", 0x85, "."], "fault stack underflow"],
    ["POP_MARK without a mark", ["N1N."], "fault no MARK on the stack"],
    ["a negative memo key", ["Np-1\n."], "fault negative or impossible memo index"],
  ] as [string, Parameters<typeof bytes>, string][])("%s", (_, input, event) => {
    expect(run(...input).events).toContain(event);
  });

  it.each([
    ["an unknown opcode", [0xff], "unknown opcode 0xff"],
    ["an unknown protocol", [0x80, 9, "N."], "unsupported pickle protocol 9"],
    ["a length beyond the input", ["X", u32(99), "a."], "truncated"],
    ["a negative length", ["T", u32(0xffffffff), "."], "negative length"],
    ["no STOP", ["N"], "the stream ends without STOP"],
  ] as [string, Parameters<typeof bytes>, string][])("breaks at %s", (_, input, reason) => {
    expect(run(...input).reason).toBe(reason);
  });

  it("knows every opcode of protocols 0 to 5", () => {
    expect(OPCODES.filter(Boolean)).toHaveLength(67);
  });
});
