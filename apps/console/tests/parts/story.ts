import type { Browser, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { picture, visit } from "../support/visit.js";

const section = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

/** Names of the example workspace; it is loaded by a job after the first start. */
const ADMITTED = "credit-risk";
const REFUSED = "credit-risk-poisoned";
const WAITING = "credit-risk-torch";
const DELIVERED = "credit-risk-vendor";
const LOADED_MS = 60_000;

const openVersion = async (page: Page, name: string): Promise<void> => {
  await page.getByRole("link", { name, exact: true }).first().click();
  await page.getByRole("heading", { name, level: 1 }).waitFor();
};

export const story = (browser: () => Browser): void => {
  describe("the story at a glance", () => {
    it("shows one admitted, one waiting and one refused, with reasons and the next command", async () => {
      const { page, open, complaints, close } = await visit(browser());
      await open("/");
      await section(page, "Refused").getByRole("link", { name: REFUSED }).waitFor({ timeout: LOADED_MS });
      await section(page, "Admitted").getByRole("link", { name: ADMITTED, exact: true }).waitFor();
      await section(page, "Waiting").getByRole("link", { name: WAITING }).waitFor();
      // The last that the example's job admits.
      await section(page, "Refused").getByRole("link", { name: DELIVERED }).waitFor({ timeout: LOADED_MS });
      await expect.poll(() => section(page, "Refused").textContent()).toContain("malicious");
      await expect.poll(() => section(page, "Waiting").textContent()).toContain("countersign approve");
      await picture(page, "overview");
      expect(complaints).toEqual([]);
      await close();
    });

    it("shows the same in the dark", async () => {
      const { page, open, close } = await visit(browser(), { dark: true });
      await open("/");
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(background).toBe("rgb(16, 19, 23)");
      await picture(page, "overview-dark");
      await page.getByRole("button", { name: "Use light colours" }).click();
      await page.waitForFunction(
        () => getComputedStyle(document.body).backgroundColor === "rgb(246, 247, 249)",
      );
      await close();
    });

    it("finds a model and shows everything known about it", async () => {
      const { page, open, complaints, close } = await visit(browser());
      await open("/versions");
      await picture(page, "models");
      await page.getByRole("searchbox").fill("poison");
      await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
      await openVersion(page, REFUSED);
      await page.getByRole("tab", { name: "Findings" }).click();
      await section(page, "model.pt").getByText("If it were loaded").first().waitFor();
      expect(complaints).toEqual([]);
      await close();
    });

    it("tells of every file what it would have done, where, and what to do", async () => {
      const { page, open, complaints, close } = await visit(browser());
      await open(`/versions/${DELIVERED}?tab=findings`);
      const findings = section(page, "Findings");
      await findings.getByText("1 of 5 files could not be read whole").waitFor();
      const attack = section(page, "archive-2025.zip");
      for (const text of ["os.system", "If it were loaded", "What to do"]) {
        await attack.getByText(text).first().waitFor();
      }
      const nest = attack.locator("ol").first().getByRole("listitem");
      await expect
        .poll(() => nest.allTextContents())
        .toEqual([
          "archive-2025.zip",
          "checkpoints/model.pt",
          "archive/data.pkl",
          expect.stringMatching(/^byte \d+$/),
        ]);
      const link = attack.getByRole("link", { name: "CWE-502" }).first();
      expect(await link.getAttribute("href")).toBe("https://cwe.mitre.org/data/definitions/502.html");
      const files = () => findings.locator("section").evaluateAll((all) => all.map((one) => one.ariaLabel));
      await expect
        .poll(async () => (await files()).slice(0, 3))
        .toEqual(["archive-2025.zip", "calibration.zip", "encoder.pkl"]);
      await findings.getByText("model.safetensors: read whole").waitFor();
      await picture(page, "version-findings");
      expect(complaints).toEqual([]);
      await close();
    });

    it.each([
      ["in the dark", { dark: true }, 1280, "version-findings-dark"],
      ["on a telephone", {}, 390, "version-findings-narrow"],
    ])("shows findings %s, without a bar to scroll sideways", async (_, look, width, name) => {
      const { page, open, close } = await visit(browser(), look);
      await open(`/versions/${DELIVERED}?tab=findings`);
      await page.setViewportSize({ width, height: 800 });
      const attack = section(page, "archive-2025.zip");
      await attack.getByText("os.system").first().waitFor();
      await expect
        .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
        .toBeLessThanOrEqual(0);
      await attack.scrollIntoViewIfNeeded();
      await picture(page, name);
      await close();
    });

    it("shows what holds, what was signed, which files, and where it runs", async () => {
      const { page, open, complaints, close } = await visit(browser());
      await open("/versions");
      await openVersion(page, ADMITTED);
      await picture(page, "version");
      await page.getByRole("tab", { name: "Facts" }).click();
      await expect.poll(() => section(page, "Facts").textContent()).toContain("Holds");
      await picture(page, "version-facts");
      await page.getByRole("tab", { name: "Files" }).click();
      await expect.poll(() => section(page, "Files").textContent()).toContain("model.safetensors");
      await picture(page, "version-files");
      await page.getByRole("tab", { name: "Attestations" }).click();
      await section(page, "Attestations").locator("summary", { hasText: "scan" }).click();
      await page.getByText("https://in-toto.io/Statement/v1").waitFor();
      await picture(page, "version-attestations");
      await page.getByRole("tab", { name: "Environments" }).click();
      await expect.poll(() => section(page, "production").textContent()).toContain("Runs here");
      await picture(page, "version-environments");
      expect(complaints).toEqual([]);
      await close();
    });

    it("tells why a decision was made, who may approve, and hands out the evidence", async () => {
      const { page, open, close } = await visit(browser());
      await open("/decisions");
      await picture(page, "decisions");
      await page
        .getByRole("row", { name: /Waiting for approval/ })
        .getByRole("link")
        .first()
        .click();
      await page.getByRole("heading", { name: "Decision", level: 1 }).waitFor();
      await page.getByText("Waiting for approval").first().waitFor();
      await page.getByRole("button", { name: "Copy command" }).click();
      await expect
        .poll(() => page.evaluate(() => navigator.clipboard.readText()))
        .toMatch(/^countersign approve \S+ /);
      await page.getByText("it says what this page shows").waitFor();
      await picture(page, "decision");
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Evidence file" }).click();
      expect((await download).suggestedFilename()).toMatch(/\.evidence\.json$/);
      await close();
    });

    it("shows the rules in words with their source, and who may state what", async () => {
      const { page, open, complaints, close } = await visit(browser());
      await open("/policies");
      await page.getByText("no-malicious", { exact: true }).waitFor();
      await page.getByText("Source, no-malicious.cedar").click();
      await page.locator("details[open] pre").getByText("forbid").waitFor();
      await picture(page, "policies");
      await open("/trust");
      await page
        .getByRole("row", { name: /approver/ })
        .first()
        .waitFor();
      await picture(page, "trust");
      expect(complaints).toEqual([]);
      await close();
    });
  });
};
