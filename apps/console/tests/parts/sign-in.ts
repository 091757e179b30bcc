import type { Browser } from "playwright-core";
import { describe, expect, inject, it } from "vitest";
import { picture, visit } from "../support/visit.js";

export const signingIn = (browser: () => Browser): void => {
  describe("signing in", () => {
    it("asks for a login link, and explains where to find one", async () => {
      const { page, close } = await visit(browser(), { signedIn: false });
      await page.goto("/");
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      await expect.poll(() => page.getByText("Every start prints a new one").isVisible()).toBe(true);
      await picture(page, "sign-in");
      await close();
    });

    it("says that a used or unknown link no longer works, and what to do", async () => {
      const { page, close } = await visit(browser(), { signedIn: false });
      await page.goto("/#code=not-a-code-that-was-ever-given");
      const alert = page.getByRole("alert");
      await alert.waitFor();
      await expect.poll(() => alert.textContent()).toContain("no longer works");
      expect(page.url()).not.toContain("code");
      await close();
    });

    it("exchanges the link once, takes the code out of the address, and signs out again", async () => {
      const { page, close } = await visit(browser(), { signedIn: false });
      await page.goto(inject("login"));
      await page.getByRole("heading", { name: "Overview" }).waitFor();
      expect(page.url()).not.toContain("code");
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      await page.getByLabel("Login link or code").fill(inject("login"));
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("alert").waitFor();
      await close();
    });
  });
};
