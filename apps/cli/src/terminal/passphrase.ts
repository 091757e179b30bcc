import { readFileSync } from "node:fs";
import { CountersignError, fileFault } from "@countersign/evidence";
import type { Io } from "../io.js";
import { safe } from "./safe.js";

/** From a file, or asked for without echo. Never from an argument or a variable: both are seen by other processes. */
export async function readPassphrase(io: Io, question: string, file?: string): Promise<string> {
  if (file !== undefined) return fromFile(file);
  if (io.stdin.isTTY !== true || io.stderr.isTTY !== true) {
    throw new CountersignError(
      "key-passphrase-needed",
      "the key is encrypted and nobody is here to ask for the passphrase",
      {
        detail: { remedy: "add --passphrase-file FILE" },
      },
    );
  }
  return ask(io, question);
}

function fromFile(file: string): string {
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch (cause) {
    throw fileFault(file, cause);
  }
}

const CANCEL = "\u0003";
const END = new Set(["\r", "\n", "\u0004"]);
const ERASE = new Set(["\u007f", "\b"]);

function ask(io: Io, question: string): Promise<string> {
  // Before it asks: who answers at once is not shown either.
  io.stdin.setRawMode(true);
  io.stderr.write(`${safe`${question}`.plain}: `);
  io.stdin.setEncoding("utf8");
  io.stdin.resume();
  return new Promise((resolve, reject) => {
    let typed = "";
    const stop = (): void => {
      io.stdin.off("data", onData);
      io.stdin.setRawMode(false);
      io.stdin.pause();
      io.stderr.write("\n");
    };
    const onData = (chunk: string): void => {
      for (const character of chunk) {
        if (character === CANCEL) {
          stop();
          reject(new CountersignError("cancelled", "cancelled"));
          return;
        }
        if (END.has(character)) {
          stop();
          resolve(typed);
          return;
        }
        typed = ERASE.has(character) ? typed.slice(0, -1) : typed + character;
      }
    };
    io.stdin.on("data", onData);
  });
}
