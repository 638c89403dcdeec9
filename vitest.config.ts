import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "packages/*/test/**/*.test.ts", "tools/**/*.test.ts"],
    isolate: false,
    // several tests start programs, and machines are shared
    testTimeout: 30_000,
  },
});
