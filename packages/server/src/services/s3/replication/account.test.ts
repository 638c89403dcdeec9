import {
  GetObjectAclCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { replicated, rightsOf, ROLE, rule, status, type Replicated } from "../../../../test/replicated-world.ts";
import { policyOf } from "../../../../test/s3-world.ts";
import { canonicalIdOf } from "../acl/owner.ts";
import { parseAccountId } from "../../../kernel/arn.ts";

const OTHER = "222222222222";

const owned = rule({
  Destination: {
    Bucket: "arn:aws:s3:::copies",
    Account: OTHER,
    AccessControlTranslation: { Owner: "Destination" },
  },
});

/** What the owner of the copies lets the role do. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-change-owner.html */
const letIn = ({ there }: Replicated, actions: readonly string[]) =>
  there.send(
    new PutBucketPolicyCommand({
      Bucket: "copies",
      Policy: policyOf({
        Effect: "Allow",
        Principal: { AWS: ROLE },
        Action: actions,
        Resource: "arn:aws:s3:::copies/*",
      }),
    }),
  );

const listsCount = ({ there }: Replicated) =>
  there.send(
    new PutBucketOwnershipControlsCommand({
      Bucket: "copies",
      OwnershipControls: { Rules: [{ ObjectOwnership: "ObjectWriter" }] },
    }),
  );

const copiedTo = async (world: Replicated): Promise<string | undefined> => {
  await world.s3.send(new PutObjectCommand({ Bucket: "photos", Key: "a", Body: "1" }));
  await world.cloud.clock.advance(60);
  return status(world.s3, "photos", "a");
};

const ownerOfCopy = async ({ there }: Replicated): Promise<string | undefined> =>
  (await there.send(new GetObjectAclCommand({ Bucket: "copies", Key: "a" }))).Owner?.ID;

const idOf = (account: string): string => {
  const parsed = parseAccountId(account);
  return parsed === undefined ? "" : canonicalIdOf(parsed);
};

test("a bucket of another account has to let the role in", async () => {
  const world = await replicated({ owner: OTHER });
  expect(await copiedTo(world)).toBe("FAILED");
  await letIn(world, ["s3:ReplicateObject"]);
  expect(await copiedTo(world)).toBe("COMPLETED");
});

test("whose the source is, theirs are the copies, where lists count", async () => {
  const world = await replicated({ owner: OTHER });
  await listsCount(world);
  await letIn(world, ["s3:ReplicateObject"]);
  expect(await copiedTo(world)).toBe("COMPLETED");
  await expect(ownerOfCopy(world)).rejects.toThrow("Access Denied");
});

test("a rule hands the copies over where the role may and the other account lets it", async () => {
  const override = {
    Effect: "Allow",
    Action: "s3:ObjectOwnerOverrideToBucketOwner",
    Resource: "arn:aws:s3:::copies/*",
  };
  const world = await replicated({ owner: OTHER, rules: [owned], rights: [...rightsOf("copies"), override] });
  await listsCount(world);
  await letIn(world, ["s3:ReplicateObject"]);
  expect(await copiedTo(world)).toBe("FAILED");
  await letIn(world, ["s3:ReplicateObject", "s3:ObjectOwnerOverrideToBucketOwner"]);
  expect(await copiedTo(world)).toBe("COMPLETED");
  expect(await ownerOfCopy(world)).toBe(idOf(OTHER));
});

test("an account that is not the owner's of the other bucket gets no copies", async () => {
  const wrong = rule({ Destination: { Bucket: "arn:aws:s3:::copies", Account: "333333333333" } });
  const world = await replicated({ rules: [wrong] });
  expect(await copiedTo(world)).toBe("FAILED");
});
