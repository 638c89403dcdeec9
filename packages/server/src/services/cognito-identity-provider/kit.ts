import type { Arn } from "../../kernel/arn.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { serviceKit } from "../../service/operation.ts";
import type { OperationName, Validated } from "../../service/sdk.ts";

export type CognitoIdentityProviderSdk = typeof import("@aws-sdk/client-cognito-identity-provider");

/** An operation as policies name it, its `cognito-idp:` left off. */
type CognitoAction = OperationName<CognitoIdentityProviderSdk>;

const kit = serviceKit<CognitoIdentityProviderSdk>("cognito-idp");
export const { operation, error, unmodelled } = kit;

export const poolArn = (context: Pick<Context, "partition" | "region" | "account">, id: string): Arn =>
  kit.arn(context, `userpool/${id}`);

/** The one question of the operations that act on no pool. */
export const ask = (action: CognitoAction, requestTags?: Tags): Access => ({
  action: `cognito-idp:${action}`,
  resource: "*",
  requestTags,
});

/** Who calls holds a token, a session or a password, and no credentials of AWS. */
export const nobodyAsked = (): readonly Access[] => [];

/** A settled input as a row keeps it: plain JSON of its own. */
export const plain = <Row>(input: Validated<Row>): Row => JSON.parse(JSON.stringify(input));
