// What a random stream may do next, given what lies on its stack.
import {
  build,
  callable,
  constant,
  fetch,
  global,
  height,
  inst,
  popMark,
  put,
  reduce,
  store,
  take,
  top,
} from "./moves.mjs";
import { encode, MARK } from "./opcodes.mjs";

export function step(state) {
  const { rng, stack } = state;
  const kinds = rng.chance(0.06)
    ? ACTIONS
    : ACTIONS.filter(({ needs }) => needs === undefined || needs(state));
  const action = rng.pick(kinds);
  action.run(state, stack);
}

const count = (wanted) => (state) => height(state) >= wanted;
const marked = (state) => state.marks.length > 0;

const ACTIONS = [
  { run: constant },
  { run: constant },
  { run: constant },
  { run: global },
  { run: global },
  {
    run: (s) => {
      s.marks.push(s.stack.length);
      s.parts.push(MARK);
    },
  },
  { run: (s) => put(s, encode("EMPTY_LIST"), "list") },
  { run: (s) => put(s, encode("EMPTY_DICT"), "dict") },
  { run: (s) => put(s, encode("EMPTY_SET"), "set") },
  {
    needs: count(1),
    run: (s) => {
      take(s, 1);
      put(s, encode("TUPLE1"), "tuple");
    },
  },
  {
    needs: count(1),
    run: (s) => {
      take(s, 1);
      put(s, encode("TUPLE1"), "tuple");
    },
  },
  {
    needs: count(2),
    run: (s) => {
      take(s, 2);
      put(s, encode("TUPLE2"), "tuple");
    },
  },
  {
    needs: count(3),
    run: (s) => {
      take(s, 3);
      put(s, encode("TUPLE3"), "tuple");
    },
  },
  {
    needs: marked,
    run: (s) => {
      popMark(s);
      put(s, encode("TUPLE"), "tuple");
    },
  },
  {
    needs: marked,
    run: (s) => {
      popMark(s);
      put(s, encode("LIST"), "list");
    },
  },
  {
    needs: (s) => marked(s) && height(s) % 2 === 0,
    run: (s) => {
      popMark(s);
      put(s, encode("DICT"), "dict");
    },
  },
  {
    needs: marked,
    run: (s) => {
      popMark(s);
      put(s, encode("FROZENSET"), "frozenset");
    },
  },
  { needs: marked, run: inst },
  {
    needs: (s) => marked(s) && callable(s.stack[s.marks.at(-1)]),
    run: (s) => {
      popMark(s);
      put(s, encode("OBJ"), "made");
    },
  },
  {
    needs: marked,
    run: (s) => {
      popMark(s);
      s.parts.push(encode("POP_MARK"));
    },
  },
  {
    needs: (s) => s.stack.length > 0,
    run: (s) => {
      s.parts.push(encode("POP"));
      if (s.marks.at(-1) === s.stack.length) s.marks.pop();
      else s.stack.pop();
    },
  },
  { needs: count(1), run: (s) => put(s, encode("DUP"), top(s)) },
  { needs: (s) => top(s) === "tuple" && callable(top(s, 2)), run: reduce },
  { needs: (s) => top(s) === "tuple" && callable(top(s, 2)), run: reduce },
  { needs: (s) => top(s) === "tuple" && callable(top(s, 2)), run: reduce },
  {
    needs: (s) => callable(top(s)),
    run: (s) => {
      put(s, encode("EMPTY_TUPLE"), "tuple");
      reduce(s);
    },
  },
  {
    needs: (s) => callable(top(s)),
    run: (s) => {
      constant(s);
      s.parts.push(encode("TUPLE1"));
      reduce(s);
    },
  },
  {
    needs: (s) => top(s) === "tuple" && top(s, 2) === "global",
    run: (s) => {
      take(s, 2);
      put(s, encode("NEWOBJ"), "made");
    },
  },
  {
    needs: (s) => top(s) === "tuple" && top(s, 2) === "global",
    run: (s) => {
      s.parts.push(encode("EMPTY_DICT"));
      take(s, 2);
      put(s, encode("NEWOBJ_EX"), "made");
    },
  },
  { needs: (s) => callable(top(s)), run: build },
  { needs: (s) => callable(top(s)), run: build },
  {
    needs: (s) => ["list", "global", "made", "bytes", "persistent"].includes(top(s, 2)),
    run: (s) => {
      s.parts.push(encode("APPEND"));
      take(s, 1);
    },
  },
  {
    needs: (s) => marked(s) && ["list", "made", "global"].includes(s.stack[s.marks.at(-1) - 1]),
    run: (s) => {
      popMark(s);
      s.parts.push(encode("APPENDS"));
    },
  },
  {
    needs: (s) => ["dict", "list", "global", "made", "persistent"].includes(top(s, 3)),
    run: (s) => {
      s.parts.push(encode("SETITEM"));
      take(s, 2);
    },
  },
  {
    needs: (s) => marked(s) && height(s) % 2 === 0 && ["dict", "made"].includes(s.stack[s.marks.at(-1) - 1]),
    run: (s) => {
      popMark(s);
      s.parts.push(encode("SETITEMS"));
    },
  },
  {
    needs: (s) => marked(s) && ["set", "made", "global"].includes(s.stack[s.marks.at(-1) - 1]),
    run: (s) => {
      popMark(s);
      s.parts.push(encode("ADDITEMS"));
    },
  },
  { needs: count(1), run: store },
  { needs: count(1), run: store },
  { needs: (s) => s.memo.length > 0, run: fetch },
  { needs: (s) => s.memo.length > 0, run: fetch },
  { run: (s) => put(s, encode("PERSID", s.rng.pick(["0", "x y", "é", ""])), "persistent") },
  {
    needs: count(1),
    run: (s) => {
      take(s, 1);
      put(s, encode("BINPERSID"), "persistent");
    },
  },
  {
    run: (s) => put(s, encode(s.rng.pick(["EXT1", "EXT2", "EXT4"]), s.rng.pick([1, 2, 3, 0, 200])), "global"),
  },
  { run: (s) => put(s, encode("NEXT_BUFFER"), "buffer") },
  { needs: (s) => top(s) === "buffer", run: (s) => s.parts.push(encode("READONLY_BUFFER")) },
  {
    needs: (s) => s.rng.chance(0.1),
    run: (s) => s.parts.push(encode("PROTO", s.rng.pick([0, 2, 4, 5, 6, 255]))),
  },
];
