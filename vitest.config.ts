import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Programs of others: what starts them takes minutes, most of which is waiting. */
const waits = ({ moduleId }: TestSpecification): number => (moduleId.includes("/conformance/test/") ? 1 : 0);

/** What waits begins before all else, so that nothing is waited for in the end. */
class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((one, other) => waits(other) - waits(one));
  }
}

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "packages/*/test/**/*.test.ts", "tools/**/*.test.ts"],
    isolate: false,
    sequence: { sequencer: WaitingFirst },
    // programs that tests start wait a good deal: one more worker than most machines of a CI have cores
    maxWorkers: 3,
    // several tests start programs, and machines are shared
    testTimeout: 30_000,
  },
});
