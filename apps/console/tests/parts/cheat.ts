import type { Browser } from "playwright-core";
import { describe, expect, it } from "vitest";
import { picture, visit } from "../support/visit.js";

const TRICKS = [
  "Flip one byte of the evidence",
  "Swap the scan verdict",
  "Delete a database row",
  "Delete the evidence file",
  "Edit the log on disk",
  "Cut the newest entries off",
];

export const cheating = (browser: () => Browser): void => {
  describe("try to cheat", () => {
    it("refuses after every trick, and names what was touched", async () => {
      const { page, open, complaints, close } = await visit(browser());
      await open("/cheat");
      await picture(page, "cheat");
      for (const trick of TRICKS) {
        await page.getByRole("button", { name: trick }).click();
        // The story of the trick before stays on the page until this one is told.
        const result = page.getByRole("region", { name: trick }).getByTestId("cheat-result");
        await result.waitFor();
        const text = (await result.textContent()) ?? "";
        expect(text, trick).toContain("Cheating did not pay");
        expect(text, trick).not.toContain("This trick worked");
        if (trick === "Swap the scan verdict") {
          await result.scrollIntoViewIfNeeded();
          await picture(page, "cheat-refused");
        }
      }
      expect(complaints).toEqual([]);
      await close();
    });

    it("leaves the real record alone", async () => {
      const { page, open, close } = await visit(browser());
      await open("/entries");
      await page.getByRole("button", { name: "Run audit" }).click();
      await page.getByText("Everything agrees").waitFor();
      await close();
    });
  });
};
