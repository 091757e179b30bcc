import { BrokenPickle, type Handler, type Machine } from "./machine.js";
import { Dict, Opaque, Sequence, Tuple, type Value } from "./value.js";

const HIGHEST_PROTOCOL = 5;

function protocol(m: Machine): void {
  const version = m.reader.u1();
  if (version > HIGHEST_PROTOCOL) throw new BrokenPickle(`unsupported pickle protocol ${version}`);
  m.protocol = version;
}

function globalLine(m: Machine): void {
  const module = m.reader.line().toString("utf8");
  const name = m.reader.line().toString("utf8");
  m.push(m.judge.global(module, name, m.opcodeOffset));
}

function stackGlobal(m: Machine): void {
  const name = m.pop();
  const module = m.pop();
  m.push(m.judge.global(module, name, m.opcodeOffset));
}

/** `instantiate` in C: a class without arguments is only made with `__new__`, but an old-style call is a call. */
function instantiate(m: Machine, callee: Value, args: Value[]): void {
  m.push(m.judge.call(callee, new Tuple(args), "object", m.opcodeOffset));
}

function inst(m: Machine): void {
  const module = m.reader.line().toString("utf8");
  const name = m.reader.line().toString("utf8");
  const args = m.popMark();
  instantiate(m, m.judge.global(module, name, m.opcodeOffset), args);
}

function obj(m: Machine): void {
  const [callee, ...args] = m.popMark();
  if (callee === undefined) m.fault("OBJ without a class");
  else instantiate(m, callee, args);
}

function reduce(m: Machine): void {
  const args = m.pop();
  const callee = m.pop();
  m.push(m.judge.call(callee, args, "reduce", m.opcodeOffset));
}

function newObject(m: Machine): void {
  const args = m.pop();
  const callee = m.pop();
  m.push(m.judge.call(callee, args, "newobj", m.opcodeOffset));
}

/** Keyword arguments follow the others: a verdict asks what is passed, not under which name. */
function withKeywords(args: Value, kwargs: Value): Value {
  if (!(args instanceof Sequence && kwargs instanceof Dict)) return new Opaque("stack");
  return new Tuple([...args.items, ...kwargs.values()]);
}

function newObjectEx(m: Machine): void {
  const kwargs = m.pop();
  const args = m.pop();
  const callee = m.pop();
  m.push(m.judge.call(callee, withKeywords(args, kwargs), "newobj", m.opcodeOffset));
}

function build(m: Machine): void {
  const state = m.pop();
  m.judge.build(m.peek(), state, m, m.opcodeOffset);
}

function persistentLine(m: Machine): void {
  m.push(m.judge.persistent(m.reader.line().toString("latin1"), m.opcodeOffset));
}

function persistentStack(m: Machine): void {
  m.push(m.judge.persistent(m.pop(), m.opcodeOffset));
}

/** Opcodes that import, call or set state. */
export const OBJECTS: Record<number, Handler> = {
  128: protocol,
  149: (m) => m.frame(m.reader.u8()), // FRAME
  99: globalLine, // c GLOBAL
  147: stackGlobal,
  105: inst, // i INST
  111: obj, // o OBJ
  82: reduce, // R REDUCE
  129: newObject, // NEWOBJ
  146: newObjectEx, // NEWOBJ_EX
  98: build, // b BUILD
  80: persistentLine, // P PERSID
  81: persistentStack, // Q BINPERSID
  130: (m) => m.push(m.judge.extension(m.reader.u1(), m.opcodeOffset)), // EXT1
  131: (m) => m.push(m.judge.extension(m.reader.u2(), m.opcodeOffset)), // EXT2
  132: (m) => m.push(m.judge.extension(m.reader.i4(), m.opcodeOffset)), // EXT4
};
