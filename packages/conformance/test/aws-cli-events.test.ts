import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rootShell } from "./clients/aws-cli.ts";
import { whereInstalled } from "./clients/external-program.ts";
import { policy } from "./clients/policy-text.ts";
import { startServer } from "./clients/running-server.ts";

interface Received {
  readonly Messages?: readonly { readonly Body: string }[];
}

whereInstalled("aws", ["--version"], () => {
  test(
    "EventBridge: a rule sends what a pattern wants to a queue, and kumobako events shows it",
    { timeout: 120_000 },
    async () => {
      await using server = await startServer();
      const { aws, json, home } = rootShell(server);
      const arn = `arn:aws:sqs:us-east-1:${server.account}:orders`;
      const statement = {
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: arn,
      };
      writeFileSync(join(home, "attributes.json"), JSON.stringify({ Policy: policy(statement) }));
      const { QueueUrl } = await json<{
        QueueUrl: string;
      }>`sqs create-queue --endpoint-url ${server.endpoint} --queue-name orders --attributes file://attributes.json`;
      const pattern = JSON.stringify({ source: ["shop"], detail: { sum: [{ numeric: [">", 10] }] } });
      await aws`events put-rule --name large --event-pattern ${pattern}`;
      await aws`events put-targets --rule large --targets ${`Id=orders,Arn=${arn}`}`;
      const event = { Source: "shop", DetailType: "order" };
      const entries = [5, 50].map((sum) => ({ ...event, Detail: JSON.stringify({ sum }) }));
      const { FailedEntryCount } = await json<{
        FailedEntryCount: number;
      }>`events put-events --entries ${JSON.stringify(entries)}`;
      expect(FailedEntryCount).toBe(0);
      await server.answer("clock", "advance", "1s");
      const { Messages = [] } =
        await json<Received>`sqs receive-message --endpoint-url ${server.endpoint} --queue-url ${QueueUrl} --max-number-of-messages 10`;
      expect(Messages.map(({ Body }) => JSON.parse(Body).detail)).toEqual([{ sum: 50 }]);
      expect(await aws`events list-rule-names-by-target --target-arn ${arn} --output text`).toBe("RULENAMES\tlarge\n");
      expect(await server.answer("events")).toContain(`eventbridge to ${arn}: arrived`);
    },
  );
});
