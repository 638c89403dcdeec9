/** A file that the CLI copies into a bucket without a word, as scripts want it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findAwsCli, runAwsCli } from "../aws-cli.ts";
import type { Story } from "./s38-central-logs.ts";

const succeeds = { outcome: "succeeds" } as const;
const COPY = "A script copies a file there, and the CLI says nothing of it;";

export async function quietCopy(story: Story): Promise<void> {
  const { teller, admin } = story;
  const Bucket = `reports-${teller.suffix}`;
  await teller.step({
    does: "A bucket for reports.",
    as: admin,
    call: ["s3", "CreateBucket"],
    input: { Bucket },
    expect: succeeds,
  });
  const program = findAwsCli();
  if (program === undefined) return teller.notRun(COPY, "the machine has no AWS CLI");
  const copied = await copy(story, { program, to: `s3://${Bucket}/report.txt` });
  if (copied === undefined) return;
  await teller.step({
    does: "the file is there.",
    as: admin,
    call: ["s3", "HeadObject"],
    input: { Bucket, Key: "report.txt" },
    expect: { outcome: "succeeds", check: ({ ContentLength }) => (ContentLength === 6 ? undefined : "six bytes") },
  });
}

interface Copying {
  readonly program: string;
  readonly to: string;
}

async function copy({ teller, admin }: Story, { program, to }: Copying) {
  const folder = await mkdtemp(join(tmpdir(), "kumobako-report-"));
  const file = join(folder, "report.txt");
  await writeFile(file, "report");
  const { endpoint } = teller;
  const args = ["s3", "cp", file, to, "--quiet"];
  const said = await teller.deed({
    does: COPY,
    as: admin.name,
    command: `aws s3 cp report.txt ${to} --quiet`,
    act: () => runAwsCli(program, args, { endpoint, credentials: admin.credentials }),
    expect: { outcome: "succeeds", check: ({ stdout }) => (stdout === "" ? undefined : "no output") },
  });
  await rm(folder, { recursive: true });
  return said;
}
