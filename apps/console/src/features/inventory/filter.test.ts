import { describe, expect, it } from "vitest";
import { filterOf, sameFilter } from "./filter.js";

const of = (text: string) => filterOf(new URLSearchParams(text));

describe("a filter in the address", () => {
  it("reads what it knows and leaves the rest alone", () => {
    expect(of("query=credit&kind=Model&tag=tier%3D1&owner=risk&declared=false&x=1")).toEqual({
      query: "credit",
      kind: "Model",
      tag: "tier=1",
      owner: "risk",
      declared: false,
    });
  });

  it("takes nothing that the server would refuse", () => {
    expect(of("kind=Teapot&declared=maybe&query=&tag=&owner=")).toEqual({});
  });

  it("knows the same filter again", () => {
    expect(sameFilter(of("kind=Model&query=a"), of("query=a&kind=Model"))).toBe(true);
    expect(sameFilter(of("kind=Model"), of("kind=Model&owner=risk"))).toBe(false);
  });
});
