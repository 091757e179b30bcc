import type { Browser } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { MANY } from "../support/bulk.js";
import { api, seeded } from "../support/seeded.js";
import { told, watchTasks } from "../support/tasks.js";
import { picture, settled, visit } from "../support/visit.js";

const SEED_MS = 120_000;

export const inventory = (browser: () => Browser): void => {
  describe("the inventory", () => {
    beforeAll(async () => void (await seeded()), SEED_MS);

    it("finds while one types, filters, and keeps a filter for later", async () => {
      const { page, open, complaints, close } = await visit(browser());
      await open("/inventory");
      const rows = page.getByRole("grid", { name: "Assets" });
      await rows.getByRole("link", { name: "credit-score" }).waitFor();
      await picture(page, "inventory");
      await page.keyboard.press("/");
      await page.keyboard.type("loan quarter");
      await page.waitForFunction(() => document.querySelectorAll("[role=row]").length === 2);
      await rows.getByRole("link", { name: "loan-applications" }).waitFor();
      await page.getByLabel("Search").fill("");
      await page.getByLabel("Kind").selectOption("System");
      await page.getByRole("status").getByText("2 assets", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Save this filter" }).click();
      await page.getByLabel("Name of the filter").fill("Systems");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByRole("button", { name: "Systems", exact: true }).waitFor();
      await open("/inventory");
      await page.getByRole("button", { name: "Systems", exact: true }).click();
      await page.getByRole("status").getByText("2 assets", { exact: true }).waitFor();
      await picture(page, "inventory-filtered");
      await page.getByRole("button", { name: "Remove the saved filter Systems" }).click();
      await page.getByText("Save this filter").waitFor();
      await page.getByLabel("Tag").fill("sensitivity=restricted");
      await page.getByLabel("Tag").press("Enter");
      await page.getByRole("button", { name: "Show everything" }).click();
      await rows.getByRole("link", { name: "credit-score" }).waitFor();
      expect(complaints).toEqual([]);
      await close();
    });

    it(`scrolls through ${MANY} assets with few rows in the page and no task over 50 ms`, async () => {
      const { page, open, close } = await visit(browser());
      await open("/inventory");
      const grid = page.getByRole("grid", { name: "Assets" });
      await grid.getByRole("link", { name: "credit-score" }).waitFor();
      await grid.hover();
      const tasks = await watchTasks(browser(), page);
      let most = 0;
      for (let turn = 0; turn < 120; turn += 1) {
        await page.mouse.wheel(0, 1_500);
        await page.waitForTimeout(25);
        most = Math.max(most, await page.locator("[role=row]").count());
      }
      const reached = await grid.evaluate((element) => Math.round(element.scrollTop / 44));
      const figures = told(
        `scrolled over ${reached} of ${MANY} assets, at most ${most} rows in the page`,
        await tasks(),
      );
      expect(reached).toBeGreaterThan(2_000);
      expect(most).toBeLessThanOrEqual(200);
      expect(Math.max(...figures)).toBeLessThanOrEqual(50);
      await close();
    });

    it("finds among all of them at once", async () => {
      const { page, open, close } = await visit(browser());
      await open("/inventory?query=099999");
      await page.getByRole("status").getByText("1 asset", { exact: true }).waitFor();
      await close();
    });

    it("is walked by keyboard: arrows choose, Enter opens", async () => {
      const { page, open, close } = await visit(browser());
      await open("/inventory?query=credit-score");
      const grid = page.getByRole("grid", { name: "Assets" });
      await grid.focus();
      await page.keyboard.press("End");
      await page.keyboard.press("Home");
      const active = await grid.getAttribute("aria-activedescendant");
      await expect.poll(() => page.locator(`[id="${active}"]`).textContent()).toContain("credit-score");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Credit score", level: 1 }).waitFor();
      await close();
    });

    it("answers who, what, where from, allowed by what and used by what", async () => {
      const { page, open, complaints, close } = await visit(browser());
      await open("/inventory/Model/credit-score");
      const answers: [string, string][] = [
        ["Who owns it?", "risk"],
        ["What is it?", "Scores applications"],
        ["Where does it come from?", "loan-applications"],
        ["What allowed it?", "Allowed"],
        ["What uses it?", "credit-api"],
      ];
      for (const [question, answer] of answers)
        await page.getByRole("region", { name: question }).getByText(answer).first().waitFor();
      await page.getByText("1 reference leads nowhere").waitFor();
      await picture(page, "asset");
      await page.getByRole("tab", { name: /Connections/ }).click();
      await page
        .getByRole("row", { name: /scorecard-2019/ })
        .getByText("Leads nowhere")
        .waitFor();
      await picture(page, "asset-connections");
      await page.getByRole("tab", { name: /History/ }).click();
      await page.getByRole("link", { name: /^Entry \d+$/ }).waitFor();
      await open("/inventory/Dataset/loan-applications");
      await page.getByRole("row", { name: /^age/ }).waitFor();
      await page
        .getByRole("row", { name: /boosted|Read/ })
        .first()
        .waitFor();
      await picture(page, "asset-data");
      await open("/inventory/Vendor/nordic-data");
      await page.getByText("without an alternative").waitFor();
      await picture(page, "asset-vendor");
      await page.getByRole("link", { name: "All suppliers" }).click();
      await page
        .getByRole("row", { name: /bureau-east/ })
        .getByText("Under review")
        .waitFor();
      await picture(page, "supply");
      expect(complaints).toEqual([]);
      await close();
    });

    it("shows the document, what another would change, and changes it: the same that the API has", async () => {
      const { page, open, complaints, close } = await visit(browser());
      await open("/inventory/Model/fraud-flag?tab=document");
      await page.getByRole("button", { name: "Copy document" }).click();
      const text = await page.evaluate(() => navigator.clipboard.readText());
      expect(text).toBe((await api().assets.get("Model", "fraud-flag")).yaml);
      await page.getByRole("link", { name: "Edit", exact: true }).click();
      const field = page.getByLabel("Documents to apply");
      await field.waitFor();
      expect((await field.inputValue()).trim()).toBe(text.trim());
      await field.fill(text.replace("owner: payments", "owner: fraud-team"));
      await page.getByRole("button", { name: "See what would change" }).click();
      await page.getByText("1 document would change").waitFor();
      await page.locator("ins", { hasText: "fraud-team" }).first().waitFor();
      await picture(page, "apply");
      expect((await api().assets.get("Model", "fraud-flag")).owner).toBe("payments");
      await page.getByRole("button", { name: "Apply", exact: true }).click();
      await page.getByText("Applied: 1 document changed").waitFor();
      expect((await api().assets.get("Model", "fraud-flag")).owner).toBe("fraud-team");
      expect(complaints).toEqual([]);
      await close();
    });

    it("says what is wrong with a document, and takes one out after asking", async () => {
      const { page, open, close } = await visit(browser());
      await api().assets.apply({
        text: "apiVersion: countersign.dev/v1\nkind: Prompt\nmetadata: { name: short-lived }\nspec: {}\n",
      });
      await open("/inventory/apply");
      await page.getByLabel("Documents to apply").fill("kind: Teapot\n  name: [");
      await page.keyboard.press("Control+Enter");
      await page.getByRole("alert").waitFor();
      await open("/inventory/Prompt/short-lived?tab=document");
      await page.getByRole("button", { name: "Delete" }).click();
      const dialog = page.getByRole("dialog", { name: /Take short-lived out/ });
      await dialog.getByRole("button", { name: "Keep it" }).click();
      await dialog.waitFor({ state: "hidden" });
      await page.getByRole("button", { name: "Delete" }).click();
      await dialog.getByRole("button", { name: "Delete the document" }).click();
      await page.getByRole("heading", { name: "Inventory", level: 1 }).waitFor();
      await settled(page);
      await expect(api().assets.get("Prompt", "short-lived")).rejects.toMatchObject({ code: "not-found" });
      await close();
    });
  });
};
