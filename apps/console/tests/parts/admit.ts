import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeCleanModel, writeLargeModel, writePoisonedModel } from "../support/samples.js";
import { picture, visit } from "../support/visit.js";

/** Drags files from the file system over the page and lets go, as a hand would. */
const dragIn = async (page: Page, path: string): Promise<void> => {
  const box = await page.getByTestId("drop-zone").boundingBox();
  if (box === null) throw new Error("the drop zone is not visible");
  const session = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 3, y: box.y + box.height / 2 };
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, ...at, data });
  }
  await session.detach();
};

const VERDICT_MS = 60_000;

export const admitting = (browser: () => Browser): void => {
  describe("the drop zone", () => {
    let directory: string;
    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), "countersign-drop-"));
    });
    afterAll(() => rm(directory, { recursive: true, force: true }));

    it("takes a folder that is dragged in and shows it become a verdict", async () => {
      const { page, open, complaints, close } = await visit(browser());
      await open("/");
      await dragIn(page, await writeCleanModel(directory));
      const form = page.getByRole("form", { name: "Admit a model" });
      await form.waitFor();
      await expect.poll(() => form.getByLabel("Name").inputValue()).toBe("fruit-classifier");
      await expect.poll(() => form.textContent()).toContain("weights/model.safetensors");
      await form.getByLabel("Licence").fill("Apache-2.0");
      await picture(page, "admit-staged");
      await form.getByRole("button", { name: "Admit" }).click();
      const verdict = page.getByTestId("verdict");
      await verdict.waitFor({ timeout: VERDICT_MS });
      await expect.poll(() => verdict.textContent()).toContain("fruit-classifier was admitted");
      await page
        .getByRole("region", { name: "Admitted" })
        .getByRole("link", { name: "fruit-classifier" })
        .waitFor();
      await picture(page, "admit-allowed");
      expect(complaints).toEqual([]);
      await close();
    });

    it("refuses a poisoned file, says why, and shows what would have happened", async () => {
      const { page, open, complaints, close } = await visit(browser());
      await open("/");
      await dragIn(page, await writePoisonedModel(directory));
      await page.getByRole("button", { name: "Admit", exact: true }).click();
      const verdict = page.getByTestId("verdict");
      await verdict.waitFor({ timeout: VERDICT_MS });
      await expect.poll(() => verdict.textContent()).toContain("fruit-improved was refused");
      await picture(page, "admit-refused");
      await verdict.getByRole("link", { name: "See the whole version" }).click();
      await page.getByRole("heading", { name: "fruit-improved", level: 1 }).waitFor();
      expect(complaints).toEqual([]);
      await close();
    });

    it("shows what a second scan superseded", async () => {
      const { page, open, close } = await visit(browser());
      await open("/");
      await dragIn(page, await writeCleanModel(directory));
      await page.getByRole("button", { name: "Admit", exact: true }).click();
      await page.getByTestId("verdict").waitFor({ timeout: VERDICT_MS });
      await page.getByRole("link", { name: "See the whole version" }).click();
      await page.getByRole("tab", { name: "Facts" }).click();
      await page.getByText("Superseded").first().waitFor();
      await page
        .getByRole("link", { name: /^entry \d+$/ })
        .first()
        .waitFor();
      await page.getByText("Files named").last().scrollIntoViewIfNeeded();
      await picture(page, "version-facts-superseded");
      await close();
    });

    it("takes files from the file dialog, tells the progress, and other browsers hear of it", async () => {
      const { page, open, close } = await visit(browser());
      const other = await visit(browser());
      await other.open("/");
      await open("/");
      const chooser = page.waitForEvent("filechooser");
      await page.getByRole("button", { name: "Choose files" }).click();
      await (await chooser).setFiles([await writeLargeModel(directory)]);
      await page.getByLabel("Name").fill("just-large");
      await page.getByRole("button", { name: "Admit", exact: true }).press("Enter");
      await page.getByRole("progressbar", { name: "Progress of the admission" }).waitFor();
      await picture(page, "admit-running");
      await page.getByTestId("verdict").waitFor({ timeout: VERDICT_MS });
      const link = other.page.getByRole("link", { name: "just-large" });
      await link.waitFor({ timeout: 10_000 });
      await page.getByRole("button", { name: "Admit another" }).click();
      await page.getByTestId("drop-zone").waitFor();
      await other.close();
      await close();
    });

    it("stops an upload, and nothing is recorded", async () => {
      const { page, open, close } = await visit(browser());
      await open("/");
      // The server never gets it: stopping in the middle is a matter of the browser.
      await page.route("**/uploads", () => undefined);
      await dragIn(page, await writePoisonedModel(directory));
      await page.getByRole("button", { name: "Admit", exact: true }).click();
      await page.getByRole("button", { name: "Stop" }).click();
      await page.getByRole("alert").getByText("Nothing was recorded").waitFor();
      await page.getByRole("button", { name: "Admit", exact: true }).waitFor();
      await close();
    });

    it("asks for a promotion and shows who has to approve", async () => {
      const { page, open, close } = await visit(browser());
      await open("/versions/fruit-classifier?tab=environments");
      await page.getByRole("button", { name: "Promote to production" }).click();
      const production = page.getByRole("region", { name: "production" });
      await production.getByText(/Refused|Waiting for approval/).waitFor();
      await expect.poll(() => production.textContent()).toContain("countersign");
      await close();
    });
  });
};
