/**
 * How people and programs get tokens for an application: grants, authentication, scopes, sessions.
 * Differs: background sessions are not kept up; the setting is.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/customermanagedapps-trusted-identity-propagation-set-up-your-own-app-OAuth2.html
 */
import type { AuthenticationMethod, Grant, GrantType, IamAuthenticationMethod } from "@aws-sdk/client-sso-admin";
import { findOwn } from "../../../kernel/lookup.ts";
import type { Validated } from "../../../service/sdk.ts";
import { askApplication, requireApplication } from "./application-access.ts";
import { applications } from "./application-row.ts";
import { grantMismatch, grantNotFound, methodNotFound, scopeNotFound } from "./errors.ts";
import { operation } from "./kit.ts";
import { listOf } from "./paging.ts";

export const putApplicationAccessScope = operation("PutApplicationAccessScope", {
  authorize: (input, context) => askApplication("PutApplicationAccessScope", input, context),

  async handle({ Scope, AuthorizedTargets = [], ...input }, context) {
    const application = await requireApplication(input, context);
    context.tx.put(applications, { ...application, scopes: { ...application.scopes, [Scope]: AuthorizedTargets } });
    return {};
  },
});

export const getApplicationAccessScope = operation("GetApplicationAccessScope", {
  authorize: (input, context) => askApplication("GetApplicationAccessScope", input, context),

  async handle({ Scope, ...input }, context) {
    const { scopes } = await requireApplication(input, context);
    const targets = findOwn(scopes, Scope);
    if (!targets) throw scopeNotFound(Scope);
    return formatScope(Scope, targets);
  },
});

export const deleteApplicationAccessScope = operation("DeleteApplicationAccessScope", {
  authorize: (input, context) => askApplication("DeleteApplicationAccessScope", input, context),

  async handle({ Scope, ...input }, context) {
    const application = await requireApplication(input, context);
    const { [Scope]: removed, ...scopes } = application.scopes;
    if (!removed) throw scopeNotFound(Scope);
    context.tx.put(applications, { ...application, scopes });
    return {};
  },
});

export const listApplicationAccessScopes = operation("ListApplicationAccessScopes", {
  authorize: (input, context) => askApplication("ListApplicationAccessScopes", input, context),

  async handle(input, context) {
    const { scopes } = await requireApplication(input, context);
    const { rows, rest } = listOf(Object.entries(scopes), input, ([scope]) => scope);
    return { Scopes: rows.map(([scope, targets]) => formatScope(scope, targets)), ...rest };
  },
});

const formatScope = (Scope: string, targets: readonly string[]) => ({
  Scope,
  ...(targets.length > 0 && { AuthorizedTargets: targets.slice() }),
});

/** Which member of a grant belongs to which type. */
const MEMBERS: Readonly<Record<GrantType, keyof Grant>> = {
  authorization_code: "AuthorizationCode",
  refresh_token: "RefreshToken",
  "urn:ietf:params:oauth:grant-type:jwt-bearer": "JwtBearer",
  "urn:ietf:params:oauth:grant-type:token-exchange": "TokenExchange",
};

export const putApplicationGrant = operation("PutApplicationGrant", {
  authorize: (input, context) => askApplication("PutApplicationGrant", input, context),

  async handle({ GrantType: type, Grant: grant, ...input }, context) {
    const application = await requireApplication(input, context);
    const [member] = Object.entries(grant).filter(([, value]) => value !== undefined);
    if (member?.[0] !== MEMBERS[type]) throw grantMismatch(type);
    context.tx.put(applications, { ...application, grants: { ...application.grants, [type]: grant } });
    return {};
  },
});

export const getApplicationGrant = operation("GetApplicationGrant", {
  authorize: (input, context) => askApplication("GetApplicationGrant", input, context),

  async handle({ GrantType: type, ...input }, context) {
    const { grants } = await requireApplication(input, context);
    const grant = grants[type];
    if (!grant) throw grantNotFound(type);
    return { Grant: formatGrant(grant) };
  },
});

export const deleteApplicationGrant = operation("DeleteApplicationGrant", {
  authorize: (input, context) => askApplication("DeleteApplicationGrant", input, context),

  async handle({ GrantType: type, ...input }, context) {
    const application = await requireApplication(input, context);
    const { [type]: removed, ...grants } = application.grants;
    if (!removed) throw grantNotFound(type);
    context.tx.put(applications, { ...application, grants });
    return {};
  },
});

export const listApplicationGrants = operation("ListApplicationGrants", {
  authorize: (input, context) => askApplication("ListApplicationGrants", input, context),

  async handle(input, context) {
    const { grants } = await requireApplication(input, context);
    const types: readonly GrantType[] = [
      "authorization_code",
      "refresh_token",
      "urn:ietf:params:oauth:grant-type:jwt-bearer",
      "urn:ietf:params:oauth:grant-type:token-exchange",
    ];
    const Grants = types.flatMap((type) => {
      const grant = grants[type];
      return grant ? [{ GrantType: type, Grant: formatGrant(grant) }] : [];
    });
    return { Grants };
  },
});

function formatGrant({ AuthorizationCode, JwtBearer, RefreshToken }: Validated<Grant>): Grant {
  if (AuthorizationCode) return { AuthorizationCode: { RedirectUris: AuthorizationCode.RedirectUris?.slice() } };
  if (RefreshToken) return { RefreshToken: {} };
  if (!JwtBearer) return { TokenExchange: {} };
  const AuthorizedTokenIssuers = JwtBearer.AuthorizedTokenIssuers?.map((issuer) => ({
    TrustedTokenIssuerArn: issuer.TrustedTokenIssuerArn,
    AuthorizedAudiences: issuer.AuthorizedAudiences?.slice(),
  }));
  return { JwtBearer: { AuthorizedTokenIssuers } };
}

export const putApplicationAuthenticationMethod = operation("PutApplicationAuthenticationMethod", {
  authorize: (input, context) => askApplication("PutApplicationAuthenticationMethod", input, context),

  async handle({ AuthenticationMethodType: type, AuthenticationMethod: method, ...input }, context) {
    const application = await requireApplication(input, context);
    context.tx.put(applications, { ...application, methods: { ...application.methods, [type]: method } });
    return {};
  },
});

export const getApplicationAuthenticationMethod = operation("GetApplicationAuthenticationMethod", {
  authorize: (input, context) => askApplication("GetApplicationAuthenticationMethod", input, context),

  async handle({ AuthenticationMethodType: type, ...input }, context) {
    const { methods } = await requireApplication(input, context);
    const method = methods[type];
    if (!method) throw methodNotFound(type);
    return { AuthenticationMethod: formatMethod(method) };
  },
});

export const deleteApplicationAuthenticationMethod = operation("DeleteApplicationAuthenticationMethod", {
  authorize: (input, context) => askApplication("DeleteApplicationAuthenticationMethod", input, context),

  async handle({ AuthenticationMethodType: type, ...input }, context) {
    const application = await requireApplication(input, context);
    const { [type]: removed, ...methods } = application.methods;
    if (!removed) throw methodNotFound(type);
    context.tx.put(applications, { ...application, methods });
    return {};
  },
});

export const listApplicationAuthenticationMethods = operation("ListApplicationAuthenticationMethods", {
  authorize: (input, context) => askApplication("ListApplicationAuthenticationMethods", input, context),

  async handle(input, context) {
    const { methods } = await requireApplication(input, context);
    const iam = methods["IAM"];
    const methodsGiven = iam
      ? [{ AuthenticationMethodType: "IAM" as const, AuthenticationMethod: formatMethod(iam) }]
      : [];
    return { AuthenticationMethods: methodsGiven };
  },
});

const formatMethod = ({ Iam }: Validated<AuthenticationMethod>): AuthenticationMethod => ({
  Iam: { ActorPolicy: documentOf(Iam?.ActorPolicy) },
});

type JsonDocument = Exclude<IamAuthenticationMethod["ActorPolicy"], undefined>;

/** A copy that its receiver may change. */
function documentOf(value: unknown): JsonDocument {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(documentOf);
  if (typeof value !== "object" || value === null) return null;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, documentOf(each)]));
}

export const putApplicationAssignmentConfiguration = operation("PutApplicationAssignmentConfiguration", {
  authorize: (input, context) => askApplication("PutApplicationAssignmentConfiguration", input, context),

  async handle({ AssignmentRequired: assignmentRequired, ...input }, context) {
    context.tx.put(applications, { ...(await requireApplication(input, context)), assignmentRequired });
    return {};
  },
});

export const getApplicationAssignmentConfiguration = operation("GetApplicationAssignmentConfiguration", {
  authorize: (input, context) => askApplication("GetApplicationAssignmentConfiguration", input, context),

  async handle(input, context) {
    return { AssignmentRequired: (await requireApplication(input, context)).assignmentRequired };
  },
});

export const putApplicationSessionConfiguration = operation("PutApplicationSessionConfiguration", {
  authorize: (input, context) => askApplication("PutApplicationSessionConfiguration", input, context),

  async handle({ UserBackgroundSessionApplicationStatus: status, ...input }, context) {
    const application = await requireApplication(input, context);
    context.tx.put(applications, { ...application, backgroundSessions: status ?? application.backgroundSessions });
    return {};
  },
});

export const getApplicationSessionConfiguration = operation("GetApplicationSessionConfiguration", {
  authorize: (input, context) => askApplication("GetApplicationSessionConfiguration", input, context),

  async handle(input, context) {
    const { backgroundSessions } = await requireApplication(input, context);
    return { UserBackgroundSessionApplicationStatus: backgroundSessions };
  },
});
