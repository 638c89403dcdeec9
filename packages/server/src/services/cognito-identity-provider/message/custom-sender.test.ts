/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-sender-triggers.html and the pages of both triggers. */
import { buildClient, CommitmentPolicy, KmsKeyringNode } from "@aws-crypto/client-node";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  CreateUserPoolCommand,
  ForgotPasswordCommand,
  GetUserAttributeVerificationCodeCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  RespondToAuthChallengeCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
  UpdateUserPoolCommand,
  VerifyUserAttributeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import {
  CreateKeyCommand,
  DisableKeyCommand,
  KMS,
  ListGrantsCommand,
  type DecryptCommandInput,
} from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { functionWorld } from "../../../../test/functions.ts";
import { FUNCTION, letPoolIn, PASSWORD } from "../../../../test/triggered-pools.ts";
import { makePool } from "../../../../test/user-pools.ts";

const EMAIL = "ada@example.com";
const PHONE = "+12065550100";
const SENDER = { LambdaVersion: "V1_0", LambdaArn: FUNCTION } as const;
// what Cognito sends commits to no key. Source: the guide above (its example)
const { decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT);

interface Sent {
  readonly triggerSource: string;
  readonly request: { readonly code: string };
}

const nothing = () => Promise.reject(new Error("nothing is encrypted here"));

/** What the AWS Encryption SDK needs of a client to open messages. */
const readerOf = (kms: KMS) => ({
  async decrypt({ KeyId: key, CiphertextBlob, EncryptionContext }: DecryptCommandInput) {
    const { KeyId = "", Plaintext = new Uint8Array() } = await kms.decrypt({
      KeyId: key,
      CiphertextBlob,
      EncryptionContext,
    });
    return { KeyId, Plaintext };
  },
  encrypt: nothing,
  generateDataKey: nothing,
});

/** A function that writes down what it is asked to send, and a key for it. */
async function senderWorld() {
  const world = await functionWorld();
  const Role = await world.role("asked-role", "logs:*");
  await world.create(
    "asked",
    `export const handler = async (event) => { console.log("SENT", JSON.stringify(event)); };`,
    {
      Role,
    },
  );
  const kms = world.cloud.client(KMS);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const keyArn = KeyMetadata?.Arn ?? "";
  const logs = world.cloud.client(CloudWatchLogsClient);
  return {
    ...world,
    kms,
    keyArn,
    async sent(): Promise<Sent[]> {
      await world.cloud.clock.advance(1);
      const asked = { logGroupName: "/aws/lambda/asked", filterPattern: "SENT" };
      const { events = [] } = await logs.send(new FilterLogEventsCommand(asked));
      return events.map(({ message = "" }) => JSON.parse(message.slice(message.indexOf("{"))));
    },
    /** As the AWS Encryption SDK opens it. */
    async opened(code: string) {
      const keyring = new KmsKeyringNode({ keyIds: [keyArn], clientProvider: () => readerOf(kms) });
      const { plaintext, messageHeader } = await decrypt(keyring, code, { encoding: "base64" });
      return { text: plaintext.toString("utf8"), header: messageHeader };
    },
  };
}

type World = Awaited<ReturnType<typeof senderWorld>>;

async function sendingPool(world: World) {
  const LambdaConfig = { CustomEmailSender: SENDER, CustomSMSSender: SENDER, KMSKeyID: world.keyArn };
  const pool = await makePool({ AutoVerifiedAttributes: ["email", "phone_number"], LambdaConfig }, world.cloud);
  await letPoolIn(world, pool.poolId);
  const { idp, clientId: ClientId } = pool;
  return {
    ...pool,
    signUp: (...UserAttributes: { Name: string; Value: string }[]) =>
      idp.send(new SignUpCommand({ ClientId, Username: "ada", Password: PASSWORD, UserAttributes })),
    newestSecret: async () => (await world.opened((await world.sent()).at(-1)?.request.code ?? "")).text,
  };
}

const MAIL = { Name: "email", Value: EMAIL };
const NUMBER = { Name: "phone_number", Value: PHONE };

test("a function is given the code for a new user, encrypted with the pool's key by the AWS Encryption SDK", async () => {
  const world = await senderWorld();
  const { idp, poolId, clientId, signUp } = await sendingPool(world);
  const { CodeDeliveryDetails } = await signUp(MAIL);
  expect(CodeDeliveryDetails).toMatchObject({ DeliveryMedium: "EMAIL" });
  const [event] = await world.sent();
  expect(event).toMatchObject({
    version: "1",
    region: "us-east-1",
    userPoolId: poolId,
    userName: "ada",
    callerContext: { clientId },
    triggerSource: "CustomEmailSender_SignUp",
    request: {
      type: "customEmailSenderRequestV1",
      code: expect.any(String),
      userAttributes: { email: EMAIL, "cognito:user_status": "UNCONFIRMED" },
    },
  });
  const { text, header } = await world.opened(event?.request.code ?? "");
  expect(text).toMatch(/^\d{6}$/);
  // Source: https://github.com/awslabs/aws-sdk-rust/issues/1250 (a code as Cognito sent it)
  expect(header).toMatchObject({
    version: 1,
    suiteId: 0x0378,
    encryptionContext: { "userpool-id": poolId, "aws-crypto-public-key": expect.any(String) },
    frameLength: 4096,
  });
  expect(JSON.stringify(event)).not.toContain(text);
  expect(await world.cloud.cloud.outbox(5)).toEqual([]);
  await idp.send(new ConfirmSignUpCommand({ ClientId: clientId, Username: "ada", ConfirmationCode: text }));
});

test("numbers and addresses each have the function that is theirs, and it hears what the code is for", async () => {
  const world = await senderWorld();
  const { idp, clientId: ClientId, poolId: UserPoolId, signUp, newestSecret } = await sendingPool(world);
  const user = { ClientId, Username: "ada" };
  await signUp(NUMBER);
  await world.sent();
  await idp.send(new ResendConfirmationCodeCommand({ ...user, ClientMetadata: { lang: "en" } }));
  await idp.send(new ConfirmSignUpCommand({ ...user, ConfirmationCode: await newestSecret() }));
  await idp.send(new ForgotPasswordCommand(user));
  const reset = { ...user, ConfirmationCode: await newestSecret(), Password: `${PASSWORD}2` };
  await idp.send(new ConfirmForgotPasswordCommand(reset));
  const { AuthenticationResult: { AccessToken } = {} } = await idp.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: "ada", PASSWORD: `${PASSWORD}2` },
    }),
  );
  await idp.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes: [MAIL] }));
  await world.sent();
  const AttributeName = "email";
  await idp.send(new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName }));
  await idp.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName, Code: await newestSecret() }));
  await idp.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username: "bob",
      UserAttributes: [{ Name: "email", Value: "bob@x.org" }],
    }),
  );
  const sent = await world.sent();
  expect(sent.map(({ triggerSource }) => triggerSource)).toEqual([
    "CustomSMSSender_SignUp",
    "CustomSMSSender_ResendCode",
    "CustomSMSSender_ForgotPassword",
    "CustomEmailSender_UpdateUserAttribute",
    "CustomEmailSender_VerifyUserAttribute",
    "CustomEmailSender_AdminCreateUser",
  ]);
  expect(sent[1]).toMatchObject({ request: { type: "customSMSSenderRequestV1", clientMetadata: { lang: "en" } } });
});

test("what is reserved in HTML is escaped in a temporary password that a function is given", async () => {
  const world = await senderWorld();
  const { idp, poolId: UserPoolId, newestSecret } = await sendingPool(world);
  const TemporaryPassword = "Ab1<&>cdef";
  const UserAttributes = [MAIL];
  await idp.send(new AdminCreateUserCommand({ UserPoolId, Username: "ada", UserAttributes, TemporaryPassword }));
  expect(await newestSecret()).toBe("Ab1&lt;&amp;&gt;cdef");
});

test("a code that is asked for while signing in goes to the function too", async () => {
  const world = await senderWorld();
  const { idp, clientId: ClientId, poolId: UserPoolId, newestSecret, ...pool } = await sendingPool(world);
  const LambdaConfig = { CustomEmailSender: SENDER, KMSKeyID: world.keyArn };
  const SignInPolicy = { AllowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP"] } as const;
  const Policies = { SignInPolicy: { AllowedFirstAuthFactors: [...SignInPolicy.AllowedFirstAuthFactors] } };
  await idp.send(new UpdateUserPoolCommand({ UserPoolId, LambdaConfig, Policies }));
  await pool.makeUser("ada", PASSWORD, [MAIL, { Name: "email_verified", Value: "true" }]);
  const AuthParameters = { USERNAME: "ada", PREFERRED_CHALLENGE: "EMAIL_OTP" };
  const { Session, ChallengeName } = await idp.send(
    new InitiateAuthCommand({ ClientId, AuthFlow: "USER_AUTH", AuthParameters }),
  );
  const ChallengeResponses = { USERNAME: "ada", EMAIL_OTP_CODE: await newestSecret() };
  const { AuthenticationResult } = await idp.send(
    new RespondToAuthChallengeCommand({ ClientId, ChallengeName, Session, ChallengeResponses }),
  );
  expect(AuthenticationResult?.AccessToken).toBeDefined();
  expect((await world.sent()).at(-1)?.triggerSource).toBe("CustomEmailSender_Authentication");
});

test("who sets a sender grants Cognito the use of the key, for this pool alone", async () => {
  const world = await senderWorld();
  const { idp, poolId: UserPoolId } = await sendingPool(world);
  const LambdaConfig = { CustomEmailSender: SENDER, KMSKeyID: world.keyArn };
  await idp.send(new UpdateUserPoolCommand({ UserPoolId, LambdaConfig }));
  const { Grants = [] } = await world.kms.send(new ListGrantsCommand({ KeyId: world.keyArn }));
  expect(Grants).toMatchObject([
    {
      GranteePrincipal: "cognito-idp.amazonaws.com",
      Constraints: { EncryptionContextSubset: { "userpool-id": UserPoolId } },
    },
  ]);
});

test("who may not create grants for the key sets no sender, and a key's policy can say for which pool", async () => {
  const world = await senderWorld();
  const root = "arn:aws:iam::000000000000:root";
  const { idp, poolId } = await makePool({}, world.cloud);
  const Statement = [
    { Effect: "Allow", Principal: { AWS: root }, NotAction: "kms:CreateGrant", Resource: "*" },
    {
      Effect: "Allow",
      Principal: { AWS: root },
      Action: "kms:CreateGrant",
      Resource: "*",
      Condition: { StringEquals: { "kms:EncryptionContext:userpool-id": poolId } },
    },
  ];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  const { KeyMetadata } = await world.kms.send(new CreateKeyCommand({ Policy, BypassPolicyLockoutSafetyCheck: true }));
  const LambdaConfig = { CustomSMSSender: SENDER, KMSKeyID: KeyMetadata?.Arn };
  await idp.send(new UpdateUserPoolCommand({ UserPoolId: poolId, LambdaConfig }));
  const refused = idp.send(new CreateUserPoolCommand({ PoolName: "other", LambdaConfig }));
  await expect(refused).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining("kms:CreateGrant"),
  });
});

test("a sender without a key is refused", async () => {
  const { cloud } = await functionWorld();
  const idp = cloud.client(CognitoIdentityProviderClient);
  const LambdaConfig = { CustomEmailSender: SENDER };
  const refused = idp.send(new CreateUserPoolCommand({ PoolName: "payroll", LambdaConfig }));
  await expect(refused).rejects.toMatchObject({ name: "InvalidParameterException" });
});

test("nobody joins where the code cannot be encrypted, or the function does not let the pool in", async () => {
  const world = await senderWorld();
  const { idp, poolId: UserPoolId, signUp } = await sendingPool(world);
  await world.kms.send(new DisableKeyCommand({ KeyId: world.keyArn }));
  await expect(signUp(MAIL)).rejects.toMatchObject({ name: "CodeDeliveryFailureException" });
  const user = idp.send(new AdminGetUserCommand({ UserPoolId, Username: "ada" }));
  await expect(user).rejects.toMatchObject({ name: "UserNotFoundException" });

  const { KeyMetadata } = await world.kms.send(new CreateKeyCommand({}));
  const LambdaConfig = { CustomEmailSender: SENDER, KMSKeyID: KeyMetadata?.Arn };
  const stranger = await makePool({ AutoVerifiedAttributes: ["email"], LambdaConfig }, world.cloud);
  const asking = stranger.idp.send(
    new SignUpCommand({ ClientId: stranger.clientId, Username: "ada", Password: PASSWORD, UserAttributes: [MAIL] }),
  );
  await expect(asking).rejects.toMatchObject({ name: "UnexpectedLambdaException" });
});
