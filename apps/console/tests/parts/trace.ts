import type { Browser } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { api, seeded } from "../support/seeded.js";
import { picture, visit } from "../support/visit.js";

const SEED_MS = 120_000;

export const tracing = (browser: () => Browser): void => {
  describe("the poison trace", () => {
    beforeAll(async () => void (await seeded()), SEED_MS);

    it("tells what a dataset reached, contains it with one button, and lifts that again", async () => {
      const { dataset, model } = await seeded();
      const { page, open, complaints, close } = await visit(browser());
      await open("/trace");
      await page.getByLabel("What is bad?").fill("loan");
      await page.getByRole("option", { name: /loan-applications/ }).click();
      await page.getByText(/^loan-applications was read by 10 runs, reached 4 versions/).waitFor();
      await page.getByRole("region", { name: "10 runs" }).waitFor();
      await page.getByRole("region", { name: "1 deployment" }).getByText("1 running now").waitFor();
      await picture(page, "trace");
      await page.getByRole("button", { name: "Contain 5 versions" }).click();
      const asking = page.getByRole("dialog", { name: "Contain 5 versions?" });
      await asking.getByLabel("Reason").fill("Labels were flipped by the supplier");
      await picture(page, "trace-confirm");
      await asking.getByRole("button", { name: "Contain 5 versions" }).click();
      await page.getByText("Contained: 5 versions").waitFor();
      await page.getByText("Not done yet: 1 deployment still runs").waitFor();
      await page.getByRole("button", { name: "All contained" }).waitFor();
      await page.getByRole("button", { name: "Lift all 5" }).scrollIntoViewIfNeeded();
      await picture(page, "trace-contained");
      const denied = await api().gate({ gate: "promote", subject: model, environment: "production" });
      expect(denied.outcome).toBe("deny");
      expect(JSON.stringify(denied.reasons)).toContain("contain");
      await page.getByRole("button", { name: "Lift all 5" }).click();
      const lifting = page.getByRole("dialog", { name: "Lift 5 containments?" });
      await lifting.getByLabel("Reason").fill("The supplier delivered again");
      await lifting.getByRole("button", { name: "Lift", exact: true }).click();
      await page.getByRole("button", { name: "Contain 5 versions" }).waitFor();
      const { items } = await api().containments.list({ subject: dataset, open: true });
      expect(items).toEqual([]);
      expect(complaints).toEqual([]);
      await close();
    });

    it("shows the same in the dark, and on a narrow screen", async () => {
      const dark = await visit(browser(), { dark: true });
      await dark.open("/trace?subject=asset:Dataset/loan-applications");
      await dark.page.getByText(/was read by 10 runs/).waitFor();
      await picture(dark.page, "trace-dark");
      await dark.open("/lineage?focus=asset:Dataset/loan-applications");
      await dark.page.locator("[data-box]").first().waitFor();
      await picture(dark.page, "lineage-dark");
      await dark.close();
      const narrow = await visit(browser(), { width: 380 });
      await narrow.page.goto("/trace?subject=asset:Dataset/loan-applications");
      await narrow.page.getByText(/was read by 10 runs/).waitFor();
      await picture(narrow.page, "trace-narrow");
      await narrow.close();
    });
  });
};
