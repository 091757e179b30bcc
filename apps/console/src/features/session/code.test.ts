import { describe, expect, it } from "vitest";
import { codeIn, withoutCode } from "./code.js";

describe("the code of a login link", () => {
  it("is read from the fragment and from the query", () => {
    expect(codeIn("http://127.0.0.1:8420/#code=a-b")).toBe("a-b");
    expect(codeIn("http://127.0.0.1:8420/?code=a%20b")).toBe("a b");
    expect(codeIn("http://127.0.0.1:8420/versions#files")).toBe("");
  });

  it("is taken out of the address, and nothing else is", () => {
    expect(withoutCode("http://127.0.0.1:8420/versions?query=x&code=1#code=2")).toBe("/versions?query=x");
    expect(withoutCode("http://127.0.0.1:8420/versions?query=x#files")).toBe("/versions?query=x#files");
  });
});
