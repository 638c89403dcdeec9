import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "vitest";
import { rootShell } from "./clients/aws-cli.ts";
import { configOf, type RunningServer } from "./clients/running-server.ts";
import { describeTerraform } from "./clients/terraform-modules.ts";

/** Who administers IAM Identity Center finds it there. */
async function openIdentityCenter(server: RunningServer): Promise<void> {
  const { aws } = rootShell(server);
  await aws`organizations create-organization --feature-set ALL`;
  await aws`sso-admin create-instance`;
}

/** Terraform does not know of it, so it stands in the way when the bucket is to be deleted. */
async function putForeignObject(server: RunningServer): Promise<void> {
  const s3 = new S3Client(configOf(server));
  await s3.send(new PutObjectCommand({ Bucket: "terraform-artefacts", Key: "foreign", Body: "1" }));
  s3.destroy();
}

async function seeBucketGone(server: RunningServer): Promise<void> {
  const heads = (await server.calls()).filter(({ operation }) => operation === "HeadBucket");
  expect(heads.at(-1)).toMatchObject({ service: "s3", error: { code: "NoSuchBucket" } });
}

describeTerraform(
  "what accounts rest on",
  {
    deployment: {
      keeps: "identities with their rights, and a store of artefacts",
      resources: 17,
      outputs: { account: "000000000000" },
    },
    cognito: { keeps: "a user pool and an identity pool", resources: 13 },
    sharing: {
      keeps: "a share with an account that accepts, and an authority for certificates",
      resources: 6,
      alias: "consumer",
      outputs: { share: "ACTIVE" },
      later: { variables: { stage: "live", session_seconds: 3600 }, changed: 4 },
    },
    "identity-center": { keeps: "users, permission sets and assignments", resources: 14 },
    secrets: {
      keeps: "secrets and parameters",
      resources: 10,
      outputs: { database: "terraform/database" },
      later: { variables: { password: "battery staple" }, changed: 2 },
    },
    config: {
      keeps: "a recorder, its channel, rules and an aggregator",
      resources: 12,
      later: { variables: { days: 30 }, changed: 1 },
    },
    trails: {
      keeps: "trails with all their destinations and selectors",
      resources: 10,
      outputs: { trail: "arn:aws:cloudtrail:us-east-1:000000000000:trail/whole" },
      later: { variables: { reads: "All" }, changed: 1 },
    },
  },
  { first: openIdentityCenter, beforeTheEnd: putForeignObject, last: seeBucketGone },
);
