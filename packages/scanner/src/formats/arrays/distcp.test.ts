import { describe, expect, it } from "vitest";
import { scanBytes } from "../../core/scan-bytes.js";
import { PAYLOAD, zip } from "../../testing/assemble.js";
import { sample } from "../../testing/samples.js";

describe("shards of torch.distributed.checkpoint", () => {
  it("are archives one after another", () => {
    const report = scanBytes(sample("shard.distcp"), "__0_0.distcp");
    expect(report).toMatchObject({ verdict: "clean", format: "torch-distcp", findings: [] });
  });

  it("are each looked into", () => {
    const shard = Buffer.concat([sample("shard.distcp"), zip({ name: "archive/data.pkl", data: PAYLOAD })]);
    const { verdict, findings } = scanBytes(shard, "__0_0.distcp");
    expect(verdict).toBe("malicious");
    expect(findings[0]?.location.member).toBe("archive 4!archive/data.pkl");
  });

  it("are no archive under another name", () => {
    expect(scanBytes(sample("shard.distcp"), "model.pt").verdict).not.toBe("clean");
  });
});
