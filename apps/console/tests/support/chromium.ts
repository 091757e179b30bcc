import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Where a browser is: CHROMIUM_PATH, or a place where distributions put it; "" when there is none. */
export const chromiumPath = (): string =>
  process.env.CHROMIUM_PATH ?? PLACES.find((place) => existsSync(place)) ?? "";

const ARGUMENTS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--force-color-profile=srgb",
];

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath(),
    // Chromium's own sandbox refuses to run as root.
    args: process.getuid?.() === 0 ? [...ARGUMENTS, "--no-sandbox"] : ARGUMENTS,
  });
