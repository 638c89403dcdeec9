/** Keys as tests need them. */
import { CreateKeyCommand, KMSClient, type CreateKeyCommandInput } from "@aws-sdk/client-kms";
import { testCloud } from "./test-cloud.ts";

/** A cloud with one key, and how another is made there. */
export async function withKey(facts: CreateKeyCommandInput = {}) {
  const cloud = await testCloud();
  const kms = cloud.client(KMSClient);
  const makeKey = async (more: CreateKeyCommandInput = {}) => {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand(more));
    return { KeyId: KeyMetadata?.KeyId ?? "", arn: KeyMetadata?.Arn ?? "" };
  };
  return { cloud, kms, makeKey, ...(await makeKey(facts)) };
}
