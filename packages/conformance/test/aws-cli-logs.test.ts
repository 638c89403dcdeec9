import { expect, test } from "vitest";
import { rootShell } from "./clients/aws-cli.ts";
import { whereInstalled } from "./clients/external-program.ts";
import { startServer } from "./clients/running-server.ts";

whereInstalled("aws", ["--version"], () => {
  const MESSAGES = ["COPY FROM S3.", "処理時間:289.469252秒", "VACUUM", "END"];

  async function loggedWorld(server: Awaited<ReturnType<typeof startServer>>) {
    const shell = rootShell(server);
    const group = "/ecs/hogehoge";
    await shell.aws`logs create-log-group --log-group-name ${group}`;
    await shell.aws`logs create-log-stream --log-group-name ${group} --log-stream-name ecs/stream`;
    const at = Date.now() - 4222;
    const events = JSON.stringify(MESSAGES.map((message, index) => ({ timestamp: at + index, message })));
    await shell.aws`logs put-log-events --log-group-name ${group} --log-stream-name ecs/stream --log-events ${events}`;
    return { shell, group, at };
  }

  test("get-log-events as text: a line of tokens, then a line for each event", { timeout: 120_000 }, async () => {
    await using server = await startServer();
    const { shell, group, at } = await loggedWorld(server);
    const out =
      await shell.aws`logs get-log-events --log-group-name ${group} --log-stream-name ecs/stream --output text`;
    const [tokens = "", ...lines] = out.trimEnd().split("\n");
    expect(tokens).toMatch(/^b\/\d{56}\tf\/\d{56}$/);
    const rows = lines.map((line) => line.split("\t"));
    expect(rows.map(([kind, , message, timestamp]) => [kind, message, timestamp])).toEqual(
      MESSAGES.map((message, index) => ["EVENTS", message, String(at + index)]),
    );
    // what came in came in after it was said
    expect(rows.every(([, ingested, , said]) => Number(ingested) >= Number(said))).toBe(true);
  });

  test("events are searched, and a query is asked and answered", { timeout: 120_000 }, async () => {
    await using server = await startServer();
    const { shell, group, at } = await loggedWorld(server);
    const [from, to] = [Math.floor(at / 1000) - 60, Math.floor(at / 1000) + 60];
    const { queryId } = await shell.json<{
      readonly queryId: string;
    }>`logs start-query --log-group-name ${group} --start-time ${from} --end-time ${to} --query-string ${"parse @message '処理時間:*秒' as took | filter ispresent(took) | stats max(took) as slowest"}`;
    const answer = await shell.json`logs get-query-results --query-id ${queryId}`;
    expect(answer).toMatchObject({ status: "Complete", results: [[{ field: "slowest", value: "289.469252" }]] });
    const found = await shell.json`logs filter-log-events --log-group-name ${group} --filter-pattern ${'"COPY FROM"'}`;
    expect(found).toMatchObject({ events: [{ message: "COPY FROM S3." }] });
  });
});
