/**
 * Roles taken on by an application for a user of IAM Identity Center: the session knows the user.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/trustedidentitypropagation-identity-enhanced-iam-role-sessions.html
 */
import { openContextAssertion } from "../../kernel/context-assertion.ts";
import type { ConditionKeys } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import type { InputOf } from "../../service/sdk.ts";
import { contextAssertionInvalid } from "./errors.ts";
import type { StsSdk } from "./kit.ts";

type Input = Pick<InputOf<StsSdk, "AssumeRole">, "ProvidedContexts">;
type Keys = Readonly<Record<string, string>>;

const PROVIDER = /^arn:[^:]+:iam::aws:contextProvider\/IdentityCenter$/;

/** `undefined` where the assertion is none, or no longer one; no keys where none was provided. */
function keysIn({ ProvidedContexts: provided = [] }: Input, context: Context): Keys | undefined {
  const [only, ...more] = provided;
  if (only === undefined) return {};
  const { ProviderArn = "", ContextAssertion = "" } = only;
  if (more.length > 0 || !PROVIDER.test(ProviderArn)) return undefined;
  const assertion = openContextAssertion(context.keys, ContextAssertion);
  return assertion && assertion.expiresAtMs > context.now().getTime() ? assertion.keys : undefined;
}

/** @throws {AwsError} `ValidationError` */
export function requireProvidedKeys(input: Input, context: Context): Keys {
  const keys = keysIn(input, context);
  if (!keys) throw contextAssertionInvalid();
  return keys;
}

/** What a trust policy may ask of a context, whatever comes of it. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_requestcontext */
export function contextKeys(input: Input, context: Context): ConditionKeys {
  const providers = (input.ProvidedContexts ?? []).flatMap(({ ProviderArn }) => ProviderArn ?? []);
  if (providers.length === 0) return {};
  const keys = Object.entries(keysIn(input, context) ?? {});
  return {
    "sts:RequestContextProviders": providers,
    ...Object.fromEntries(keys.map(([name, value]) => [`sts:RequestContext/${name}`, value])),
  };
}
