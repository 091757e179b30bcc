import { describe, expect, it } from "vitest";
import { classify } from "../../globals/classify.js";
import { pathDeed } from "./deeds.js";
import { ORDINARY, SOURCES } from "./ordinary.js";

function isDangerous(path: string): boolean {
  const dot = path.indexOf(".");
  return classify(path.slice(0, dot), path.slice(dot + 1)).level === "dangerous";
}

describe.each(ORDINARY)("ordinary: $such", ({ names, reason, source, such }) => {
  const examples = such.split(" ");

  it("has a reason, a source and names that it is about", () => {
    expect(reason).toMatch(/\w/);
    expect(SOURCES[source]).toMatch(/\w/);
    expect(examples.filter((one) => !names.test(one))).toEqual([]);
  });

  it("is no deed, and is needed: without it some name would be one", () => {
    expect(examples.filter((one) => pathDeed(one) !== undefined)).toEqual([]);
    expect(examples.filter((one) => one.includes(".") && isDangerous(one))).not.toEqual([]);
  });
});

it("holds nothing that runs commands or code, or opens a connection", () => {
  const never =
    "os.system os.popen subprocess.run builtins.exec builtins.eval socket.socket ctypes.CDLL pty.spawn";
  const found = never.split(" ").filter((one) => ORDINARY.some(({ names }) => names.test(one)));
  expect(found).toEqual([]);
});
