import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { functionWorld } from "../../../test/functions.ts";
import { zipOf } from "../../../test/zip.ts";

const SOURCE = `
import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { getParameter } from "@aws-lambda-powertools/parameters/ssm";
const logger = new Logger({ serviceName: "orders" });
const metrics = new Metrics({ namespace: "shop", serviceName: "orders" });
const processor = new BatchProcessor(EventType.SQS);
const deal = async ({ body }) => { if (body === "bad") throw new Error("bad"); };
export const handler = async (event, context) => {
  logger.addContext(context);
  logger.info("seen", { n: event.n });
  metrics.addMetric("orders", "Count", 1);
  metrics.publishStoredMetrics();
  return event.Records ? processPartialResponse(event, deal, processor, { context }) : getParameter("/shop/name");
};`;

/** As users pack it: the libraries go along, AWS's own clients are there. */
async function packed(): Promise<Buffer> {
  const { outputFiles } = await build({
    stdin: { contents: SOURCE, resolveDir: import.meta.dirname },
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["@aws-sdk/*"],
    write: false,
  });
  return zipOf({ "index.js": outputFiles[0]?.text ?? "" });
}

const record = (messageId: string, body: string) => ({ messageId, body, eventSource: "aws:sqs" });

test("Powertools run unmodified: lines, metrics, parameters and batches", async () => {
  const world = await functionWorld();
  const name = { Name: "/shop/name", Value: "kumo", Type: "String" } as const;
  await world.cloud.client(SSMClient).send(new PutParameterCommand(name));
  const Role = await world.role("orders", "ssm:GetParameter");
  await world.create("orders", "", { Role, Timeout: 20, MemorySize: 256, Code: { ZipFile: await packed() } });
  const { answer, log } = await world.invoke("orders", { n: 7 }, { LogType: "Tail" });
  expect(answer).toBe("kumo");
  const [line = "{}", metric = "{}"] = log.split("\n").filter((text) => text.startsWith("{"));
  expect(JSON.parse(line)).toMatchObject({ message: "seen", service: "orders", function_name: "orders", n: 7 });
  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
  expect(JSON.parse(metric)).toMatchObject({ orders: 1, _aws: { CloudWatchMetrics: [{ Namespace: "shop" }] } });
  const batch = await world.invoke("orders", { Records: [record("a", "good"), record("b", "bad")] });
  expect(batch.answer).toEqual({ batchItemFailures: [{ itemIdentifier: "b" }] });
});
