/** A vault of Glacier and what tests do with it. */
import {
  CreateVaultCommand,
  DescribeJobCommand,
  GetJobOutputCommand,
  GlacierClient,
  InitiateJobCommand,
  UploadArchiveCommand,
  type JobParameters,
} from "@aws-sdk/client-glacier";
import { createHash } from "node:crypto";
import { testCloud, type TestCredentials } from "./test-cloud.ts";

export const HOUR = 3600;
export const DAY = 24 * HOUR;
export const MIB = 1024 * 1024;

/** A cloud whose time stands still, with the vault `records` in us-east-1 of 000000000000. */
export async function vaultWorld() {
  const cloud = await testCloud();
  await cloud.cloud.clock.freeze();
  const glacier = cloud.client(GlacierClient);
  const vault = { accountId: "-", vaultName: "records" };
  await glacier.send(new CreateVaultCommand(vault));
  return {
    cloud,
    glacier,
    vault,
    arn: "arn:aws:glacier:us-east-1:000000000000:vaults/records",
    clientOf: (credentials: TestCredentials) => cloud.client(GlacierClient, credentials),
    /** Gives the archive's id. */
    upload: async (body: string | Uint8Array, archiveDescription?: string): Promise<string> => {
      const sent = new UploadArchiveCommand({ ...vault, body, archiveDescription });
      return (await glacier.send(sent)).archiveId ?? "";
    },
    begin: async (jobParameters: JobParameters): Promise<string> =>
      (await glacier.send(new InitiateJobCommand({ ...vault, jobParameters }))).jobId ?? "",
    describe: (jobId: string) => glacier.send(new DescribeJobCommand({ ...vault, jobId })),
    output: async (jobId: string, range?: string) => {
      const { body, ...rest } = await glacier.send(new GetJobOutputCommand({ ...vault, jobId, range }));
      return { ...rest, bytes: Buffer.from((await body?.transformToByteArray()) ?? []) };
    },
  };
}

export type VaultWorld = Awaited<ReturnType<typeof vaultWorld>>;

const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

/** A tree hash by its definition, hexadecimal. Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/checksum-calculations.html */
export function treeHash(bytes: Uint8Array): string {
  let level = Array.from({ length: Math.ceil(bytes.byteLength / MIB) }, (_, at) =>
    sha256(bytes.subarray(at * MIB, (at + 1) * MIB)),
  );
  while (level.length > 1) {
    level = Array.from({ length: Math.ceil(level.length / 2) }, (_, at) => {
      const [left = Buffer.alloc(0), right] = level.slice(at * 2, at * 2 + 2);
      return right ? sha256(Buffer.concat([left, right])) : left;
    });
  }
  return level[0]?.toString("hex") ?? "";
}

/** Bytes that differ from mebibyte to mebibyte. */
export function patterned(size: number): Buffer {
  const bytes = Buffer.alloc(size, 7);
  for (let at = 0; at + 4 <= size; at += 4096) bytes.writeUInt32LE(at / 4096, at);
  return bytes;
}
