import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rootShell } from "./clients/aws-cli.ts";
import { whereInstalled } from "./clients/external-program.ts";
import { startServer } from "./clients/running-server.ts";

whereInstalled("aws", ["--version"], () => {
  /** A zip file with `index.mjs`: a function that gives back what it got. */
  const ARCHIVE =
    "UEsDBBQAAAAIAAAAIVglPyiILQAAAC8AAAAJAAAAaW5kZXgubWpzS60oyC8qUUjOzysuUchIzEvJSS1SsFVILK7MS1bQSC1LzSvRVLC1UwCzrLkAUEsBAhQDFAAAAAgAAAAhWCU/KIgtAAAALwAAAAkAAAAAAAAAAAAAAKQBAAAAAGluZGV4Lm1qc1BLBQYAAAAAAQABADcAAABUAAAAAAA=";
  const TRUST = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });

  test("a function is made, waited for, invoked, published and taken away", { timeout: 120_000 }, async () => {
    await using server = await startServer();
    const { aws, json } = rootShell(server);
    const zip = join(server.directory, "f.zip");
    writeFileSync(zip, Buffer.from(ARCHIVE, "base64"));
    const { Role } = await json<{
      readonly Role: { readonly Arn: string };
    }>`iam create-role --role-name r --assume-role-policy-document ${TRUST}`;
    await aws`lambda create-function --function-name echo --runtime nodejs22.x --handler index.handler --role ${Role.Arn} --zip-file ${`fileb://${zip}`}`;
    await aws`lambda wait function-active-v2 --function-name echo`;
    const event = join(server.directory, "event.json");
    writeFileSync(event, '{"a":1}');
    const out = join(server.directory, "out.json");
    const answer = await json<{
      readonly StatusCode: number;
      readonly LogResult: string;
    }>`lambda invoke --function-name echo --log-type Tail --payload ${`fileb://${event}`} ${out}`;
    expect(answer.StatusCode).toBe(200);
    expect(Buffer.from(answer.LogResult, "base64").toString()).toMatch(
      /^START RequestId: .*\nEND RequestId: .*\nREPORT /,
    );
    const published = await json<{ readonly Version: string }>`lambda publish-version --function-name echo`;
    expect(published.Version).toBe("1");
    await aws`lambda update-function-configuration --function-name echo --timeout 9`;
    await aws`lambda wait function-updated-v2 --function-name echo`;
    await aws`lambda delete-function --function-name echo`;
    expect(await json`lambda list-functions`).toEqual({ Functions: [] });
  });
});
