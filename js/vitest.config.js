/** The tests lie in tests/js, beside the project's other tests: hence `dir`, and globals instead of imports. */

import { defineConfig } from "vitest/config";

export default defineConfig({
  server: { fs: { allow: [".."] } },
  test: {
    dir: "../tests/js",
    environment: "jsdom",
    globals: true,
    env: { TZ: "UTC" },
    restoreMocks: true,
    // Not 5 s: a machine that runs browsers beside these tests may take ten times as long as usual.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
