import type { Browser } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { seeded } from "../support/seeded.js";
import { picture, visit } from "../support/visit.js";

const SEED_MS = 120_000;

export const runs = (browser: () => Browser): void => {
  describe("runs", () => {
    beforeAll(async () => void (await seeded()), SEED_MS);

    it("lists runs with their metrics, filters them in MLflow's language, and orders them", async () => {
      const { page, open, complaints, close } = await visit(browser());
      await open("/runs");
      await page.getByRole("button", { name: /^credit-score/ }).click();
      await page.getByRole("link", { name: "boosted-10" }).waitFor();
      await picture(page, "runs");
      await page.getByLabel("Order").selectOption({ label: "auc, highest first" });
      await page.getByRole("row", { name: /boosted-4/ }).waitFor();
      await page.getByLabel("Filter").fill("params.depth = '6' and metrics.auc > 0.9");
      await page.getByRole("button", { name: "Filter" }).click();
      await page.getByRole("status").getByText("2 runs", { exact: true }).waitFor();
      expect(complaints).toEqual([]);
      await page.getByLabel("Filter").fill("nonsense");
      await page.getByRole("button", { name: "Filter" }).click();
      await page.getByRole("alert").waitFor();
      await close();
    });

    it("shows one run: curves, parameters, what went in and what came out", async () => {
      const { runs: ids } = await seeded();
      const { page, open, complaints, close } = await visit(browser());
      await open(`/runs/${ids[0]}`);
      await page
        .getByRole("region", { name: "On the record" })
        .getByRole("link", { name: "credit-score" })
        .waitFor();
      await page.getByRole("region", { name: "Datasets in" }).getByText("Known", { exact: true }).waitFor();
      await page.locator("canvas").first().waitFor();
      await picture(page, "run");
      const chart = page.getByRole("group", { name: /^loss: 120 values/ });
      await chart.focus();
      await page.keyboard.press("ArrowRight");
      await chart.getByRole("status").getByText("Step 0: boosted-1").waitFor();
      await page.getByRole("button", { name: "Log", exact: true }).click();
      await page.getByLabel(/^Smoothing/).fill("0.8");
      await page.locator("canvas").first().scrollIntoViewIfNeeded();
      await picture(page, "run-curves");
      await page.getByRole("button", { name: "report/" }).click();
      await page.getByText("notes.txt").waitFor();
      expect(complaints).toEqual([]);
      await close();
    });

    it("says how many values are no number instead of drawing them", async () => {
      const { runs: ids } = await seeded();
      const { page, open, close } = await visit(browser());
      await open(`/runs/${ids[7]}`);
      await page.getByText("39 values are NaN or infinite").waitFor();
      await close();
    });

    it("compares runs: what differs, and their curves over each other", async () => {
      const { page, open, complaints, close } = await visit(browser());
      await open("/runs");
      const grid = page.getByRole("grid", { name: "Runs" });
      for (const name of ["boosted-1", "boosted-2", "boosted-3", "boosted-8"])
        await grid.getByRole("checkbox", { name: `Compare ${name}`, exact: true }).check();
      await page.getByRole("link", { name: "Compare 4 runs" }).click();
      await page.getByRole("row", { name: /learning_rate/ }).waitFor();
      await expect.poll(() => page.getByRole("row", { name: /^trees/ }).count()).toBe(0);
      await page.locator("canvas").nth(1).waitFor();
      await picture(page, "runs-compare");
      expect(complaints).toEqual([]);
      await close();
    });
  });
};
