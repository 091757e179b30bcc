import type { Handler, Machine } from "./machine.js";
import { parseLong } from "./text.js";
import { Blob, countOf, Dict, FrozenSet, KEPT_ITEMS, List, PySet, Tuple, type Value } from "./value.js";

function pair(m: Machine): void {
  const second = m.pop();
  const first = m.pop();
  m.pushContainer(new Tuple([first, second]));
}

function triple(m: Machine): void {
  const third = m.pop();
  const second = m.pop();
  const first = m.pop();
  m.pushContainer(new Tuple([first, second, third]));
}

function dictOf(items: Value[]): Dict {
  const dict = new Dict();
  dict.setAll(items);
  return dict;
}

function append(m: Machine, items: Value[]): void {
  const target = m.peek();
  if (target instanceof List) target.addAll(items);
  else if (target instanceof Blob) target.changed = true;
  else m.judge.extend(target, items, "append", m.opcodeOffset);
}

function isOdd(items: readonly Value[]): boolean {
  if (items.length <= KEPT_ITEMS) return items.length % 2 !== 0;
  let count = 0;
  for (const item of items) count += countOf(item);
  return count % 2 !== 0;
}

/** `list[index] = value`, as `PyObject_SetItem` does. */
function setListItems(list: List, items: Value[]): void {
  for (let i = 0; i + 1 < items.length; i += 2) {
    const index = Number(items[i]);
    list.set(index < 0 ? list.total + index : index, items[i + 1] ?? null);
  }
}

function setItems(m: Machine, items: Value[]): void {
  if (isOdd(items)) m.fault("odd number of items for SETITEMS");
  const target = m.peek();
  if (target instanceof Dict) target.setAll(items);
  else if (target instanceof List) setListItems(target, items);
  else if (target instanceof Blob) target.changed = true;
  else if (items.length > 0) m.judge.extend(target, items, "set", m.opcodeOffset);
}

function addItems(m: Machine, items: Value[]): void {
  const target = m.peek();
  if (target instanceof PySet) target.addAll(items);
  else if (items.length > 0) m.judge.extend(target, items, "add", m.opcodeOffset);
}

function memoLine(m: Machine): number {
  const index = parseLong(m.reader.line().toString("latin1"), 10);
  if (typeof index === "number") return index;
  m.fault("memo key that is no number");
  return -1;
}

function appendOne(m: Machine): void {
  const item = m.pop();
  append(m, [item]);
}

function setOne(m: Machine): void {
  const value = m.pop();
  const key = m.pop();
  setItems(m, [key, value]);
}

function putLine(m: Machine): void {
  const index = memoLine(m);
  m.put(index);
}

function getLine(m: Machine): void {
  m.get(memoLine(m));
}

/** Opcodes that build containers or move values. */
export const CONTAINERS: Record<number, Handler> = {
  40: (m) => m.mark(), // ( MARK
  48: (m) => m.discard(), // 0 POP
  49: (m) => void m.popMark(), // 1 POP_MARK
  50: (m) => m.push(m.peek()), // 2 DUP
  41: (m) => m.pushContainer(new Tuple([])), // ) EMPTY_TUPLE
  116: (m) => m.pushContainer(new Tuple(m.popMark())), // t TUPLE
  133: (m) => m.pushContainer(new Tuple([m.pop()])), // TUPLE1
  134: pair, // TUPLE2
  135: triple, // TUPLE3
  93: (m) => m.pushContainer(new List([])), // ] EMPTY_LIST
  108: (m) => m.pushContainer(new List(m.popMark())), // l LIST
  97: appendOne, // a APPEND
  101: (m) => append(m, m.popMark()), // e APPENDS
  125: (m) => m.pushContainer(new Dict()), // } EMPTY_DICT
  100: (m) => m.pushContainer(dictOf(m.popMark())), // d DICT
  115: setOne, // s SETITEM
  117: (m) => setItems(m, m.popMark()), // u SETITEMS
  143: (m) => m.pushContainer(new PySet([])), // EMPTY_SET
  144: (m) => addItems(m, m.popMark()), // ADDITEMS
  145: (m) => m.pushContainer(new FrozenSet(m.popMark())), // FROZENSET
  112: putLine, // p PUT
  113: (m) => m.put(m.reader.u1()), // q BINPUT
  114: (m) => m.put(m.reader.u4()), // r LONG_BINPUT
  148: (m) => m.memoize(), // MEMOIZE
  103: getLine, // g GET
  104: (m) => m.get(m.reader.u1()), // h BINGET
  106: (m) => m.get(m.reader.u4()), // j LONG_BINGET
};
