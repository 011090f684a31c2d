import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/longest-first.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/global-setup.ts"],
    testTimeout: 120_000,
    hookTimeout: 600_000,
    maxWorkers: 2,
    // no test changes what another imports; a new process for each file would load the same modules two hundred times
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // what is waited for takes as long as the machine needs; a loaded one is slow, not wrong
    expect: { poll: { timeout: 60_000 } },
    // The tests start real processes that talk over loopback; a proxy meant for the outside must not catch that.
    env: { NO_PROXY: "127.0.0.1,localhost" },
  },
});
