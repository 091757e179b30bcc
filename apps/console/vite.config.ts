import react from "@vitejs/plugin-react";
import { defaultClientConditions, defineConfig } from "vite";

const server = process.env.COUNTERSIGN_URL ?? "http://127.0.0.1:8420";

export default defineConfig({
  base: "/",
  plugins: [react()],
  // Read the sibling packages unbuilt, as tests do.
  resolve: { conditions: ["source", ...defaultClientConditions] },
  // Browsers with Ed25519 in WebCrypto know light-dark() too, so it is left as it is.
  build: {
    target: "es2022",
    cssTarget: ["chrome137", "firefox130", "safari17.5"],
    chunkSizeWarningLimit: 600,
  },
  server: { port: 8421, proxy: { "/api": server, "/log/": server, "/readyz": server } },
});
