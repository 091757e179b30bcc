import type { Browser, Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { BIG } from "../support/bulk.js";
import { seeded } from "../support/seeded.js";
import { told, watchTasks } from "../support/tasks.js";
import { picture, visit } from "../support/visit.js";

const SEED_MS = 120_000;
const box = (page: Page, name: string | RegExp) =>
  page.getByRole("group", { name: /^Lineage graph/ }).getByRole("button", { name });

export const lineage = (browser: () => Browser): void => {
  describe("the lineage graph", () => {
    beforeAll(async () => void (await seeded()), SEED_MS);

    it("shows where something came from and what it reached, and highlights the way", async () => {
      const { page, open, complaints, close } = await visit(browser());
      await open("/lineage");
      await page.getByLabel("Focus on").fill("loan");
      await page.getByRole("option", { name: /loan-applications/ }).click();
      await box(page, /^loan-applications, Dataset version/).waitFor();
      await picture(page, "lineage");
      await box(page, /^credit-api, Running in production/).click();
      await page
        .getByRole("complementary", { name: "Selected: credit-api" })
        .getByText("Came from")
        .waitFor();
      await expect.poll(() => page.locator("[data-off]").count()).toBeGreaterThan(0);
      await picture(page, "lineage-path");
      await page.getByRole("button", { name: "Clear the selection" }).click();
      await expect.poll(() => page.locator("[data-off]").count()).toBe(0);
      expect(complaints).toEqual([]);
      await close();
    });

    it("stays readable at 5,000 nodes, and opens box by box without a task over 50 ms", async () => {
      const { page, open, complaints, close } = await visit(browser());
      await open("/lineage");
      await box(page, /.*/).first().waitFor();
      const tasks = await watchTasks(browser(), page);
      await page.getByLabel("Focus on").fill(BIG);
      await page.getByRole("option", { name: BIG }).click();
      await page.getByText("5,000 nodes and 4,999 edges").waitFor();
      await box(page, /^138 runs/).waitFor();
      expect(await page.locator("[data-box]").count()).toBeLessThanOrEqual(60);
      await picture(page, "lineage-large");
      await box(page, /^138 runs/).click();
      await box(page, /^108 runs/).waitFor();
      await box(page, /^nightly-0,/).click();
      await page.getByRole("complementary").waitFor();
      await picture(page, "lineage-opened");
      await box(page, /^2,087 jobs/).press("Enter");
      await box(page, /jobs, clean-0,/).waitFor();
      expect(
        Math.max(...told("5,000 nodes shown, opened and highlighted", await tasks())),
      ).toBeLessThanOrEqual(50);
      await page.getByRole("button", { name: "Close all boxes again" }).click();
      await box(page, /^138 runs/).waitFor();
      expect(complaints).toEqual([]);
      await close();
    });

    it("is walked by keyboard from box to box", async () => {
      const { page, open, close } = await visit(browser());
      await open("/lineage?focus=asset:Dataset/loan-applications");
      await box(page, /^loan-applications, Dataset,/).focus();
      await page.keyboard.press("ArrowLeft");
      const label = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
      await expect.poll(() => label()).toMatch(/^nordic-data, Vendor/);
      await page.keyboard.press("ArrowRight");
      await expect.poll(() => label()).toMatch(/^loan-applications, Dataset,/);
      await page.keyboard.press("Enter");
      await page.getByRole("complementary", { name: "Selected: loan-applications" }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("complementary").waitFor({ state: "hidden" });
      await close();
    });

    it("tells the same as a table", async () => {
      const { page, open, close } = await visit(browser());
      await open("/lineage?focus=asset:Dataset/loan-applications");
      await page.getByRole("button", { name: "Table" }).click();
      const table = page.getByRole("grid", { name: "Nodes of the lineage graph" });
      await table.getByRole("row", { name: /credit-desk.*System/ }).waitFor();
      await picture(page, "lineage-table");
      await close();
    });

    it("goes back in time, and to now again", async () => {
      const { page, open, close } = await visit(browser());
      await open("/lineage?focus=asset:Dataset/loan-applications");
      await box(page, /^nordic-data/).waitFor();
      await open(`/lineage?at=${Date.UTC(2020, 0, 1)}`);
      await page.getByText("Nothing was there yet").waitFor();
      await page.getByRole("button", { name: "Now" }).click();
      await box(page, /.*/).first().waitFor();
      await page.getByLabel("As it was on").fill("2026-05-02");
      await page.waitForURL(/at=\d+/);
      await page.getByRole("button", { name: "Now" }).click();
      await page.waitForURL((url) => !url.search.includes("at="));
      await page.getByLabel("Moment in the history of the graph").fill("100");
      await page.waitForURL(/at=\d+/);
      await close();
    });
  });
};
