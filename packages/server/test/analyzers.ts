/** Analyzers as tests need them, made through the real service. */
import {
  AccessAnalyzerClient,
  CreateAnalyzerCommand,
  type CreateAnalyzerCommandInput,
} from "@aws-sdk/client-accessanalyzer";
import { assert } from "../src/kernel/assert.ts";
import { testCloud, type TestCloud } from "./test-cloud.ts";

type Options = Partial<Omit<CreateAnalyzerCommandInput, "type">> & { readonly account?: string };

/** A cloud with one analyzer, of the account's external access where nothing else is said. */
export async function analyzerCloud(type: CreateAnalyzerCommandInput["type"] = "ACCOUNT", options: Options = {}) {
  const cloud = await testCloud();
  return { cloud, ...(await makeAnalyzer(cloud, type, options)) };
}

export async function makeAnalyzer(
  cloud: TestCloud,
  type: CreateAnalyzerCommandInput["type"] = "ACCOUNT",
  { account = "000000000000", ...more }: Options = {},
) {
  const client = cloud.client(AccessAnalyzerClient, cloud.rootOf(account));
  const { arn } = await client.send(new CreateAnalyzerCommand({ analyzerName: "lookout", type, ...more }));
  assert(arn !== undefined, "an analyzer has an ARN");
  return { client, analyzerArn: arn };
}
