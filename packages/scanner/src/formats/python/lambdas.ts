import type { Tree } from "../../expression/tree.js";
import { UNKNOWN, type Value } from "../../expression/value.js";
import { type Body, newBody } from "./events.js";
import type { Inlined } from "./inlined.js";

type Lambda = Extract<Tree, { kind: "lambda" }>;

interface Reader {
  body: Body;
  evaluate(tree: Tree): Value;
  assign(name: string, value: Value): void;
  enterFunction(): () => void;
  answer(value: Value): void;
}

/** Lambdas have bodies of their own, which run when something calls them. */
export class Lambdas {
  /** Bodies that are still to be read, and the names of those that were seen. */
  private pending: { body: Body; work: () => void }[] = [];
  private readonly names = new WeakMap<Tree, string>();
  private count = 0;

  /** What stands for the lambda; its body is read at the end of the statement. */
  later(reader: Reader, tree: Lambda, inlined: Inlined): Value {
    const known = this.names.get(tree);
    if (known !== undefined) return { kind: "path", path: known };
    const path = `<lambda${++this.count}>`;
    this.names.set(tree, path);
    const parameters = tree.parameters.map(({ name, value }) => ({
      name,
      value: value ? reader.evaluate(value) : UNKNOWN,
    }));
    inlined.add(path, { parameters, tree: tree.body });
    const work = (): void => {
      const leave = reader.enterFunction();
      for (const { name, value } of parameters) reader.assign(name, value);
      reader.answer(reader.evaluate(tree.body));
      leave();
    };
    this.pending.push({ body: newBody(path), work });
    return { kind: "path", path };
  }

  /** Reads the bodies; answers them. */
  *read(reader: Reader): Generator<Body> {
    const before = reader.body;
    for (let next = this.pending.pop(); next; next = this.pending.pop()) {
      reader.body = next.body;
      next.work();
      yield next.body;
    }
    reader.body = before;
  }
}
