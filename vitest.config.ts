import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "packages/*/test/**/*.test.ts", "tools/**/*.test.ts"],
    isolate: false,
    // programs that tests start wait a good deal: one more worker than most machines of a CI have cores
    maxWorkers: 3,
    // several tests start programs, and machines are shared
    testTimeout: 30_000,
  },
});
