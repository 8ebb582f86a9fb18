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
  },
});
