/** `npm run permissions -- --endpoint URL`: puts the cases to any endpoint and says where it differs from AWS. */
import { parseArgs } from "node:util";
import { readCaseFiles } from "./case-file.ts";
import type { Endpoint } from "./endpoint.ts";
import { figuresOf, formatLines } from "./report.ts";
import { runCases } from "./run.ts";

const HELP = `usage: npm run permissions -- --endpoint URL [options]

  --endpoint URL      where the cloud under test is
  --account ID        the account that most cases happen in (123456789012)
  --secret TEXT       the secret of the root users: an account's number is its access key id (test)
  --credentials ID:SECRET
                      keys of the root user or an administrator of that account, where its number is none
  --one-account       the endpoint knows no other account than that one
  --region NAME       us-east-1 where left out
  --only TEXT         the cases whose group or name holds this text
  --at-once NUMBER    scenes at the same time (8)
  --seconds NUMBER    how long it may take (600)
  --keep              leaves what the cases made where it is
  --json              the findings as JSON
  --help

The exit code is 1 where a call was allowed that AWS denies or denied that AWS allows, 2 where nothing was answered.`;

const { values } = parseArgs({
  options: {
    endpoint: { type: "string" },
    account: { type: "string", default: "123456789012" },
    secret: { type: "string", default: "test" },
    credentials: { type: "string" },
    "one-account": { type: "boolean", default: false },
    region: { type: "string", default: "us-east-1" },
    only: { type: "string" },
    "at-once": { type: "string", default: "8" },
    seconds: { type: "string", default: "600" },
    keep: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help || values.endpoint === undefined) {
  console.log(HELP);
  process.exitCode = values.help ? 0 : 2;
} else await run(values.endpoint);

async function run(url: string): Promise<void> {
  const findings = await runCases(readCaseFiles(), {
    endpoint: endpointAt(url),
    only: values.only,
    atOnce: Number(values["at-once"]),
    secondsMax: Number(values.seconds),
    cleanUp: !values.keep,
  });
  const figures = figuresOf(findings);
  console.log(values.json ? JSON.stringify({ figures, findings }, undefined, 2) : formatLines(findings));
  if (figures.notAnswered === figures.cases) process.exitCode = 2;
  if (figures.wronglyAllowed + figures.wronglyDenied > 0) process.exitCode = 1;
}

function endpointAt(url: string): Endpoint {
  const { account, region, credentials, secret } = values;
  const [accessKeyId = "", ...rest] = credentials?.split(":") ?? [];
  return {
    url,
    region,
    account,
    ...(credentials !== undefined && { credentials: { accessKeyId, secretAccessKey: rest.join(":") } }),
    ...(!values["one-account"] && { secret }),
  };
}
