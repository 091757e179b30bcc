import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { inject } from "vitest";

const IMAGES = fileURLToPath(new URL("../../../../docs/images", import.meta.url));

export interface Visit {
  page: Page;
  context: BrowserContext;
  /** What the browser complained about: console errors, broken scripts, blocked resources. */
  complaints: string[];
  /** Opens an address and waits until nothing on it is loading any more. */
  open(path: string): Promise<void>;
  close(): Promise<void>;
}

interface VisitOptions {
  width?: number;
  dark?: boolean;
  signedIn?: boolean;
}

/** A browser profile of its own: nothing pinned, nothing seen. */
export const visit = async (browser: Browser, options: VisitOptions = {}): Promise<Visit> => {
  const { width = 1280, dark = false, signedIn = true } = options;
  const url = inject("url");
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height: 800 },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
  });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  if (signedIn) {
    const [name = "", value = ""] = inject("cookie").split("=");
    await context.addCookies([{ name, value, url }]);
  }
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  const open = async (path: string): Promise<void> => {
    await page.goto(path);
    await settled(page);
  };
  return { page, context, complaints, open, close: () => context.close() };
};

export const settled = async (page: Page): Promise<void> => {
  await page.locator("h1").waitFor();
  await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
  await page.locator("text=Checked in this browser").waitFor();
};

/** Pictures for the documentation; only when asked for, so that a test run leaves the tree as it was. */
export const picture = async (page: Page, name: string): Promise<void> => {
  if (process.env.COUNTERSIGN_PICTURES === undefined) return;
  await mkdir(IMAGES, { recursive: true });
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  // What has changed last is drawn by then, on a busy machine too.
  await page.waitForTimeout(300);
  await page.screenshot({ path: join(IMAGES, `${name}.png`) });
};
