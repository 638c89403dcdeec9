/**
 * Functions that send mails and text messages in the pool's stead. What is secret in them is encrypted with a key of the
 * pool's owner, and opened by the function.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-sender-triggers.html
 */
import type { LambdaConfigType } from "@aws-sdk/client-cognito-identity-provider";
import { escaped } from "../../../kernel/html.ts";
import type { Context } from "../../../service/context.ts";
import { newDataKey, type NamedKeyUse } from "../../../service/kms-key.ts";
import { codeUndelivered, senderKeyMissing } from "../errors.ts";
import { arnOf, type Pool } from "../pool/pool-row.ts";
import { attributesOfUser, ITSELF, queueTrigger, saidToFunctions } from "../trigger.ts";
import { encryptedMessage } from "./encrypted-message.ts";
import type { Asking, MessageSource } from "./message-trigger.ts";

type KmsSdk = typeof import("@aws-sdk/client-kms");

const SENDERS = { email: "CustomEmailSender", sms: "CustomSMSSender" } as const;

export type Medium = keyof typeof SENDERS;

interface Sending extends Asking {
  readonly source: MessageSource;
}

/** Whether the pool has a function that sends its messages. */
export const hasSender = ({ settings }: Pool, medium: Medium): boolean =>
  settings.LambdaConfig?.[SENDERS[medium]] !== undefined;

/**
 * Has the function send a code or a password: it is called behind the call, and nobody waits for it.
 * @throws {AwsError} `CodeDeliveryFailureException`, `UnexpectedLambdaException`
 */
export async function sendByFunction(
  { pool, user, clientId, metadata, source }: Sending,
  { medium, secret }: { readonly medium: Medium; readonly secret: string },
  context: Context,
): Promise<void> {
  const request = {
    type: `c${SENDERS[medium].slice(1)}RequestV1`,
    code: await locked(secret, pool, context),
    userAttributes: attributesOfUser(user),
    ...saidToFunctions(metadata),
  };
  const asked = { trigger: SENDERS[medium], source, pool, clientId, request, response: {} } as const;
  await queueTrigger({ ...asked, userName: user.username }, context);
}

const boundTo = ({ id }: Pick<Pool, "id">) => ({ "userpool-id": id });

function locked(secret: string, pool: Pool, context: Context): Promise<string> {
  const { KMSKeyID: keyId = "" } = pool.settings.LambdaConfig ?? {};
  const { account, region } = pool;
  const use: Omit<NamedKeyUse, "bound"> = {
    keyId,
    as: ITSELF,
    source: { arn: arnOf(pool), account },
    account,
    region,
    refusal: ({ message }) => codeUndelivered(message),
  };
  // functions undo it. Source: the guide above
  return encryptedMessage(Buffer.from(escaped(secret), "utf8"), boundTo(pool), (bound) =>
    newDataKey({ ...use, bound }, context),
  );
}

/**
 * Lets user pools encrypt with the key that the settings name, for this pool: whoever sets it has to be allowed to.
 * @throws {AwsError} KMS's own, where the caller may not; `InvalidParameterException` where no key is named
 */
export async function letKeyBeUsed(pool: Pool, context: Context): Promise<void> {
  const { KMSKeyID: key, CustomEmailSender, CustomSMSSender }: LambdaConfigType = pool.settings.LambdaConfig ?? {};
  if (CustomEmailSender === undefined && CustomSMSSender === undefined) return;
  if (key === undefined) throw senderKeyMissing();
  await context.call<KmsSdk, "CreateGrant">({
    service: "kms",
    operation: "CreateGrant",
    input: {
      KeyId: key,
      // the same grant each time that the pool is changed
      Name: pool.id,
      GranteePrincipal: ITSELF.service,
      Operations: ["Encrypt", "GenerateDataKey"],
      Constraints: { EncryptionContextSubset: boundTo(pool) },
    },
  });
}
