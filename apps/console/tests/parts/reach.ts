import type { Browser, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { picture, visit } from "../support/visit.js";

const PAGES = [
  "/",
  "/versions",
  "/decisions",
  "/entries",
  "/entries/2",
  "/policies",
  "/trust",
  "/cheat",
  "/inventory",
  "/inventory/Model/credit-score",
  "/inventory/Model/credit-score?tab=document",
  "/inventory/Vendor/nordic-data",
  "/inventory/concentration",
  "/inventory/apply",
  "/lineage",
  "/lineage?focus=asset:Dataset/loan-applications",
  "/lineage?focus=asset:Dataset/loan-applications&view=table",
  "/runs",
  "/trace",
  "/trace?subject=asset:Dataset/loan-applications",
];

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    return `${element?.tagName.toLowerCase()} ${element?.getAttribute("aria-label") ?? element?.textContent?.trim() ?? ""}`;
  });

/** Names that assistive technology would not find, and structure that it needs. */
const flaws = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    if (document.querySelectorAll("h1").length !== 1) found.push("there is not exactly one h1");
    for (const landmark of ["main", "nav", "header"]) {
      if (document.querySelector(landmark) === null) found.push(`there is no ${landmark}`);
    }
    for (const control of document.querySelectorAll<HTMLElement>("button, a[href]")) {
      if ((control.getAttribute("aria-label") ?? control.textContent ?? "").trim() === "")
        found.push(control.outerHTML);
    }
    for (const input of document.querySelectorAll<HTMLInputElement>("input:not([hidden]), select")) {
      if ((input.labels?.length ?? 0) === 0 && !input.hasAttribute("aria-label")) found.push(input.outerHTML);
    }
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    if (new Set(ids).size !== ids.length) found.push("an id stands twice");
    return found;
  });

export const reachable = (browser: () => Browser): void => {
  describe("for everybody", () => {
    it("works by keyboard alone", async () => {
      const { page, open, close } = await visit(browser());
      await open("/");
      await page.keyboard.press("Tab");
      await expect.poll(() => focused(page)).toBe("a Skip to content");
      await page.keyboard.press("Enter");
      await expect.poll(() => focused(page)).toMatch(/^main/);
      await page.keyboard.press("Tab");
      await expect.poll(() => focused(page)).toBe("button Choose a folder");
      await page.goto("/versions");
      await page.getByRole("table").waitFor();
      await page.keyboard.press("/");
      await expect.poll(() => focused(page)).toBe("input Search models by name or digest");
      await page.getByRole("link", { name: "credit-risk-torch" }).press("Enter");
      await page.getByRole("heading", { name: "credit-risk-torch", level: 1 }).waitFor();
      await expect.poll(() => focused(page)).toContain("h1");
      await page.getByRole("tab", { name: "Decisions" }).focus();
      await page.keyboard.press("ArrowRight");
      await page.getByRole("tab", { name: "Findings", selected: true }).waitFor();
      await close();
    });

    it("shows where the focus is", async () => {
      const { page, open, close } = await visit(browser());
      await open("/");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      const outline = await page.evaluate(
        () => getComputedStyle(document.activeElement ?? document.body).outlineStyle,
      );
      expect(outline).not.toBe("none");
      await close();
    });

    it("names every control and keeps its structure on every page", async () => {
      const { page, open, complaints, close } = await visit(browser());
      for (const path of PAGES) {
        await open(path);
        await expect.poll(() => flaws(page), { message: path }).toEqual([]);
      }
      expect(complaints).toEqual([]);
      await close();
    });

    it("does not jump while it loads", async () => {
      const { page, open, close } = await visit(browser());
      await page.addInitScript(() => {
        const seen = window as unknown as { shift: number };
        seen.shift = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) seen.shift += (entry as unknown as { value: number }).value;
        }).observe({ type: "layout-shift", buffered: true });
      });
      for (const path of PAGES) {
        await open(path);
        const shift = await page.evaluate(() => (window as unknown as { shift: number }).shift);
        // What web vitals call good.
        expect(shift, path).toBeLessThan(0.1);
      }
      await close();
    });

    it("fits a screen 380 pixels wide", async () => {
      const { page, close } = await visit(browser(), { width: 380 });
      for (const path of PAGES) {
        await page.goto(path);
        await page.locator("h1").waitFor();
        await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(wider, path).toBeLessThanOrEqual(0);
      }
      await page.goto("/");
      await page.getByRole("button", { name: "Open menu" }).click();
      await page.getByRole("link", { name: "Policies" }).click();
      await page.getByRole("heading", { name: "Policies", level: 1 }).waitFor();
      await page.goto("/");
      await page.getByRole("heading", { name: "Refused" }).waitFor();
      await picture(page, "overview-narrow");
      await close();
    });

    it("says what happened when there is nothing, and when the server is gone", async () => {
      const { page, open, context, close } = await visit(browser());
      await open("/versions?x");
      await page.getByRole("searchbox").fill("no model is called this");
      await page.getByText("Nothing matches").waitFor();
      await page.goto("/nowhere");
      await page.getByRole("heading", { name: "No such page" }).waitFor();
      await page.goto(`/versions/sha256:${"0".repeat(64)}`);
      await page.getByRole("alert").waitFor();
      await open("/");
      await context.setOffline(true);
      await page.getByRole("link", { name: "Policies" }).click();
      await page.getByRole("alert").getByRole("button", { name: "Try again" }).waitFor({ timeout: 30_000 });
      await context.setOffline(false);
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByText("no-malicious", { exact: true }).waitFor();
      await close();
    });
  });
};
