import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/global-setup.ts"],
    testTimeout: 120_000,
    hookTimeout: 600_000,
    maxWorkers: 2,
    // The tests start real processes that talk over loopback; a proxy meant for the outside must not catch that.
    env: { NO_PROXY: "127.0.0.1,localhost" },
  },
});
