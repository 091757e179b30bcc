import type { Value } from "../../expression/value.js";
import type { CodeObject } from "./code-object.js";
import type { Entry } from "./entry.js";

/** What names mean where a code runs. */
export interface Surroundings {
  global(name: string): Value | undefined;
  /** A variable of the function around it, or of its closure. */
  free(name: string): Value | undefined;
  argument(name: string): Value | undefined;
}

/** Hears what a code does. */
export interface Listener {
  step(count: number): void;
  /** A name that code reads, as the path that it leads to. */
  reads(name: string, value: Value | undefined): Value;
  attribute(of: Entry, name: string): Entry;
  calls(callee: Entry, given: readonly Entry[], named: ReadonlyMap<string, Entry>): Value;
  binary(operator: string, left: Value, right: Value): Value;
  item(of: Value, key: Value): Value;
  imports(module: string, from: readonly string[] | undefined): Value;
  /** A value goes where it is not followed. */
  handsOn(entry: Entry): void;
  sets(of: Entry, name: string): void;
  setsGlobal(name: string): void;
  /** A function or class that the code makes. */
  makes(code: CodeObject, around: Surroundings): Value;
}

/** The bytecode is none that a compiler writes: CPython checks nothing and would read or write beside its memory. */
export class BadCode extends Error {}

/** Where code runs: its stack and its variables. */
export interface Frame {
  readonly code: CodeObject;
  readonly version: number;
  readonly listener: Listener;
  readonly around: Surroundings;
  stack: Entry[];
  /** Names of keyword arguments for the next call. */
  keywords: readonly string[];
  push(one: Entry): void;
  pop(): Entry;
  popMany(count: number): Entry[];
  /** The entry `depth` below the top, counted from 1. */
  at(depth: number): Entry;
  variable(name: string): Value;
  assign(name: string, value: Value): void;
  has(name: string): boolean;
}

export type Operation = (f: Frame, argument: number, name: string) => void;
