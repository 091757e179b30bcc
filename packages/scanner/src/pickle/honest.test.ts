import { describe, expect, it } from "vitest";
import { scanBytes } from "../core/scan-bytes.js";
import { sample } from "../testing/samples.js";

function rules(name: string): string[] {
  return scanBytes(sample(name), name).findings.map(({ rule }) => rule);
}

describe("files that real libraries wrote", () => {
  for (const name of [
    "keras3-dense.pkl",
    "sklearn-1.7-boosting.pkl",
    "torch-2.15-dataloader.pkl",
    "h5-userblock.h5",
  ]) {
    it(`${name} is clean`, () => expect(rules(name)).toEqual([]));
  }

  it("a table whose attributes are its items has itself for a state", () => {
    // statsmodels 0.15: pickle.dumps(statsmodels.tools.tools.Bunch(a=1)), as in every pickled ARIMA.
    const bunch = Buffer.from(
      "80049532000000000000008c1773746174736d6f64656c732e746f6f6c732e746f6f6c73948c0542756e63689493942981948c0161944b01736803622e",
      "hex",
    );
    expect(scanBytes(bunch, "model.pkl").verdict).toBe("clean");
  });

  it.each([
    // dateutil 2.9: pickle.dumps(dateutil.tz.gettz("Europe/Berlin"), 2), without its state.
    ["a time zone", "cdateutil.tz.tz\ntzfile\n(NS'Europe/Berlin'\ntR.", "clean"],
    ["a time zone that reads a file", "cdateutil.tz.tz\ntzfile\n(S'/etc/passwd'\ntR.", "malicious"],
    // requests 2.34: the classes in pickle.dumps(requests.Session(), 2).
    ["a session", "crequests.sessions\nSession\n)\x81}U\x04authNsb.", "clean"],
    [
      "headers",
      "crequests.structures\nCaseInsensitiveDict\n)\x81}U\x06_storeccollections\nOrderedDict\n)Rsb.",
      "clean",
    ],
    ["a session that is used", "crequests.sessions\nSession.get\n(NS'http://x'\ntR.", "malicious"],
    // shapely 2.1: pickle.dumps(shapely.Point(1, 2), 2), its bytes cut short.
    ["a geometry", "cshapely.io\nfrom_wkb\n(c_codecs\nencode\n(U\x02\x01\x01U\x06latin1tRtR.", "clean"],
    ["a clock", "cfunctools\npartial\n(ctime\nmonotonic\ntR.", "clean"],
  ])("%s", (_, pickle, expected) => {
    expect(scanBytes(Buffer.from(`\x80\x02${pickle}`, "latin1"), "model.pkl").verdict).toBe(expected);
  });

  it("a pickled Keras model is looked into", () => {
    expect(scanBytes(sample("keras3-lambda.pkl"), "model.pkl").verdict).toBe("malicious");
    expect(rules("keras3-lambda.pkl")).toContain("keras-lambda");
  });
});
