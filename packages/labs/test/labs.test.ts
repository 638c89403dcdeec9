import { startCloud } from "@kumobako/server/testing";
import { expect, test } from "vitest";
import { listLabs, runLab, type StepReport } from "../src/index.ts";
import { steps as namedSteps } from "./behaviour-table.ts";

/** What each lab says it cannot show yet. */
const NOT_BUILT: Readonly<Record<string, readonly string[]>> = {
  S01: [],
  S02: ["EC2", "API Gateway"],
  S03: ["EC2", "EC2"],
  S04: ["EC2"],
  S05: ["EC2", "EC2 Auto Scaling", "EC2"],
  S07: [],
  S08: [],
  S09: ["DynamoDB"],
  S10: ["Trusted Advisor"],
  S11: [],
  S12: [],
  S24: [],
  S33: ["Rekognition", "Kinesis Video Streams", "Kinesis Data Streams", "Rekognition", "DynamoDB"],
  S38: ["Kinesis Data Streams", "Amazon Data Firehose", "Auto Scaling", "GuardDuty"],
  S40: ["API Gateway", "DynamoDB", "EC2", "Amazon ECS", "CloudFront", "Route 53", "Amazon Connect", "Snowball"],
};

test("every lab is one that is checked here", () => {
  expect(listLabs().map(({ id }) => id)).toEqual(Object.keys(NOT_BUILT));
});

/** Where the machine has no directory's server, the steps with the directory are left out, and that is said. */
const isShown = (does: string, told: readonly StepReport[]): boolean =>
  told.some((step) => step.does === does && step.status === "passed") ||
  told.some(({ status }) => status === "not-run");

test.each(Object.entries(NOT_BUILT))(
  "no step of %s fails, what is not built is named, and what the tables of behaviours name is shown",
  async (id, notBuilt) => {
    await using cloud = await startCloud();
    const { steps, passed } = await runLab(id, { endpoint: cloud.endpoint });
    expect(steps.filter(({ status }) => status === "failed")).toEqual([]);
    expect(passed).toBe(true);
    expect(steps.length).toBeGreaterThan(10);
    const missing = steps.filter(({ status }) => status === "not-built").map(({ outcome }) => outcome);
    expect(missing).toEqual(notBuilt.map((what) => `needs ${what}, which is not built yet`));
    const named = namedSteps.filter((step) => step.lab === id).map(({ does }) => does);
    expect(named.filter((does) => !isShown(does, steps))).toEqual([]);
  },
);

test("a lab is run again beside what it left behind", async () => {
  await using cloud = await startCloud();
  const { endpoint } = cloud;
  for (const suffix of ["one", "two"]) expect((await runLab("s03", { endpoint, suffix })).passed).toBe(true);
});

test("where the cloud does not keep to the rules, the lab fails, and names the step", async () => {
  await using cloud = await startCloud();
  const { endpoint } = cloud;
  await runLab("S03", { endpoint, suffix: "same" });
  const { steps, passed } = await runLab("S03", { endpoint, suffix: "same" });
  expect(passed).toBe(false);
  const [first] = steps.filter(({ status }) => status === "failed");
  expect(first).toMatchObject({ outcome: expect.stringContaining("EntityAlreadyExists"), expected: "success" });
});

test("steps are told as they end, each with the command that it equals", async () => {
  await using cloud = await startCloud();
  const told: string[] = [];
  const { steps } = await runLab("S24", { endpoint: cloud.endpoint, onStep: ({ command }) => told.push(command) });
  expect(told).toEqual(steps.map(({ command }) => command));
  expect(told.at(-1)).toBe("aws sts get-caller-identity");
});

test("a lab that there is not is refused", async () => {
  await expect(runLab("S99", { endpoint: "http://127.0.0.1:9" })).rejects.toThrow("no such lab: `S99`");
});
