import { createHash } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { picture, visit } from "../support/visit.js";

const verdict = (page: Page, text: string) => page.getByRole("status").filter({ hasText: text });

/** A valid key of a log that does not exist (C2SP signed-note). */
const otherKey = (): string => {
  const key = Buffer.concat([Buffer.of(1), Buffer.alloc(32, 9)]);
  const id = createHash("sha256").update("other.example/log\n").update(key).digest("hex").slice(0, 8);
  return `other.example/log+${id}+${key.toString("base64")}`;
};

export const verifying = (browser: () => Browser): void => {
  describe("verify in this browser", () => {
    it("pins the log's key on first use and checks the tree head with it", async () => {
      const { page, open, complaints, close } = await visit(browser());
      await open("/entries");
      await page.getByText("Signed by your pinned key, nothing rewritten").waitFor();
      await expect
        .poll(() => page.getByLabel("Fingerprint of the pinned key").textContent())
        .toMatch(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/);
      await picture(page, "log");
      await page.getByRole("button", { name: "Run audit" }).click();
      await page.getByText("Everything agrees").waitFor();
      expect(complaints).toEqual([]);
      await close();
    });

    it("rebuilds a leaf from what is shown and climbs to the signed root", async () => {
      const { page, open, close } = await visit(browser());
      await open("/entries/2");
      await verdict(page, "Entry 2 verified in this browser").waitFor();
      await page.getByRole("img", { name: /lead to the signed root/ }).waitFor();
      await picture(page, "verify");
      await close();
    });

    it("verifies entries signed with ECDSA and Ed25519, and bundles", async () => {
      const { page, open, close } = await visit(browser());
      await open("/entries");
      const rows = await page.getByRole("row", { name: /signature|approval|scan/ }).count();
      expect(rows).toBeGreaterThan(2);
      for (const index of [1, 4, 9]) {
        await open(`/entries/${index}`);
        await verdict(page, `Entry ${index} verified`).waitFor();
        await page.getByText(/^Evidence signed by /).waitFor();
      }
      await close();
    });

    it("does not verify when one word on the screen is changed", async () => {
      const { page, open, close } = await visit(browser());
      await open("/entries/2");
      await page.getByRole("button", { name: "Change the outcome and verify again" }).click();
      await verdict(page, "Entry 2 does not verify").waitFor();
      await page.getByRole("img", { name: /do not lead to the signed root/ }).waitFor();
      await picture(page, "verify-spoiled");
      await page.getByRole("button", { name: "Put it back" }).click();
      await verdict(page, "Entry 2 verified in this browser").waitFor();
      await close();
    });

    it("does not verify what the server tells differently from what it logged", async () => {
      const { page, open, close } = await visit(browser());
      await page.route("**/log/entries/2*", async (route) => {
        const answer = await route.fetch();
        const entry = await answer.json();
        entry.leaf.predicate = "approval";
        await route.fulfill({ response: answer, json: entry });
      });
      await open("/entries/2");
      await verdict(page, "Entry 2 does not verify").waitFor();
      await close();
    });

    it("notices a decision that is shown otherwise than it was signed", async () => {
      const { page, open, close } = await visit(browser());
      await page.route(/\/decisions\/sha256[^/]*$/, async (route) => {
        const answer = await route.fetch();
        await route.fulfill({
          response: answer,
          json: { ...(await answer.json()), outcome: "allow", reasons: [] },
        });
      });
      await open("/decisions");
      await page
        .getByRole("row", { name: /Refused/ })
        .getByRole("link")
        .first()
        .click();
      const alert = page.getByRole("alert");
      await alert.waitFor();
      await expect.poll(() => alert.textContent()).toContain("Shown otherwise than signed: outcome, reasons");
      await close();
    });

    it("says loudly that the log was rolled back", async () => {
      const { page, open, close } = await visit(browser());
      await open("/");
      // What a browser would remember that saw a longer log than the server has now.
      await page.evaluate(() => {
        const seen = JSON.parse(localStorage.getItem("countersign.log-seen") ?? "{}");
        localStorage.setItem("countersign.log-seen", JSON.stringify({ ...seen, size: seen.size + 3 }));
      });
      await page.reload();
      const alert = page.getByRole("alert");
      await alert.waitFor();
      await expect.poll(() => alert.textContent()).toContain("The log was rolled back");
      await expect.poll(() => alert.textContent()).toContain("The newest 3 are gone");
      await picture(page, "log-rolled-back");
      await close();
    });

    it("says loudly that the log was rewritten, or is another log", async () => {
      const { page, open, close } = await visit(browser());
      await open("/");
      const seen = await page.evaluate(() => localStorage.getItem("countersign.log-seen") ?? "{}");
      const remember = (change: object) =>
        page.evaluate(
          (text) => localStorage.setItem("countersign.log-seen", text),
          JSON.stringify({ ...JSON.parse(seen), ...change }),
        );
      const other = Buffer.alloc(32, 7).toString("base64");
      for (const change of [{ root: other }, { root: other, size: 5 }]) {
        await remember(change);
        await page.reload();
        await page.getByRole("alert").getByText("The log was rewritten").waitFor();
      }
      await page.evaluate((vkey) => {
        const pin = JSON.parse(localStorage.getItem("countersign.log-key") ?? "{}");
        pin.vkey = vkey;
        localStorage.setItem("countersign.log-key", JSON.stringify(pin));
      }, otherKey());
      await page.reload();
      await page
        .getByRole("alert")
        .getByText("This server keeps another log than the one you pinned")
        .waitFor();
      await page.getByRole("button", { name: "Pin the new key" }).click();
      await page.getByText("Checked in this browser").waitFor();
      await close();
    });
  });
};
