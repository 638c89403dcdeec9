/**
 * Passwords and keys that are good for one service only.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceSpecificCredential.html
 */
import type { ServiceSpecificCredential, ServiceSpecificCredentialMetadata } from "@aws-sdk/client-iam";
import { DAY_MS } from "../../../kernel/duration.ts";
import { newSecretBytes } from "../../../kernel/ids.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import {
  ageOfPassword,
  quotaExceeded,
  referencesRemain,
  serviceCredentialNotFound,
  serviceWithoutCredentials,
} from "../errors.ts";
import { operation, type IamAction } from "../kit.ts";
import { arn } from "../kit.ts";
import { QUOTAS } from "../limits.ts";
import { list } from "../listing.ts";
import { onUser, requireUser, type User } from "../user/user.ts";
import { nameOfOwner, onOwner, requireNamedOwner } from "./owner.ts";
import { requireStatus, type Status } from "./status.ts";

interface ServiceCredential {
  readonly userId: string;
  readonly id: string;
  readonly service: string;
  /** `jane-at-123456789012`: the user name of a password, the alias of a key. */
  readonly publicPart: string;
  /** Sealed for `SERVICE_CREDENTIAL_PURPOSE`. */
  readonly secret: string;
  readonly status: Status;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | undefined;
}

/** What the secrets are sealed for. */
const SERVICE_CREDENTIAL_PURPOSE = "iam.service-credential";

const serviceCredentials = table<ServiceCredential>("iam.service-credential", "account", ({ userId, id }) => [
  userId,
  id,
]);

/** Which services have them, and in which form: name and password, or an API key. */
const FORMS: Readonly<Record<string, "password" | "key">> = {
  "bedrock.amazonaws.com": "key",
  "cassandra.amazonaws.com": "password",
  "codecommit.amazonaws.com": "password",
  "logs.amazonaws.com": "key",
};

export const createServiceSpecificCredential = operation("CreateServiceSpecificCredential", {
  authorize: ({ UserName, ServiceName, CredentialAgeDays }, context) =>
    onUser("CreateServiceSpecificCredential", UserName, context, {
      keys: {
        "iam:ServiceSpecificCredentialServiceName": ServiceName,
        "iam:ServiceSpecificCredentialAgeDays": CredentialAgeDays?.toString(),
      },
    }),

  async handle({ UserName, ServiceName, CredentialAgeDays }, context) {
    const { tx, keys } = context;
    const user = await requireUser(UserName, tx);
    const form = requireForm(ServiceName);
    if (CredentialAgeDays !== undefined && form === "password") throw ageOfPassword();
    const present = await credentialsFor(ServiceName, user, tx);
    if (present.length >= QUOTAS.ServiceSpecificCredentialsPerUser)
      throw quotaExceeded("ServiceSpecificCredentialsPerUser", QUOTAS.ServiceSpecificCredentialsPerUser);
    const publicPart = freePublicPart(present, user, context);
    const secret = newSecret(form, publicPart);
    const nowMs = context.now().getTime();
    const credential: ServiceCredential = {
      userId: user.id,
      id: context.newId("serviceCredential"),
      service: ServiceName,
      publicPart,
      secret: keys.seal(secret, SERVICE_CREDENTIAL_PURPOSE),
      status: "Active",
      createdAtMs: nowMs,
      expiresAtMs: CredentialAgeDays === undefined ? undefined : nowMs + CredentialAgeDays * DAY_MS,
    };
    tx.put(serviceCredentials, credential);
    return { ServiceSpecificCredential: formatNew(credential, user.name, secret) };
  },
});

export const listServiceSpecificCredentials = operation("ListServiceSpecificCredentials", {
  authorize: ({ UserName, AllUsers = false }, context) =>
    AllUsers
      ? { action: "iam:ListServiceSpecificCredentials", resource: arn(context, "user/*") }
      : onOwner("ListServiceSpecificCredentials", UserName, context),

  async handle({ UserName, ServiceName, AllUsers = false, ...paging }, context) {
    const { tx } = context;
    if (ServiceName !== undefined) requireForm(ServiceName);
    const prefix = AllUsers ? [] : [(await requireNamedOwner(UserName, context)).id];
    const { rows, paging: rest } = await list(tx, serviceCredentials, paging, {
      prefix,
      where: ({ service }) => ServiceName === undefined || service === ServiceName,
    });
    const ServiceSpecificCredentials = await Promise.all(
      rows.map(async (credential) => formatListed(credential, await nameOfOwner(credential.userId, tx))),
    );
    return { ServiceSpecificCredentials, ...rest };
  },
});

export const resetServiceSpecificCredential = operation("ResetServiceSpecificCredential", {
  authorize: (input, context) => onCredential("ResetServiceSpecificCredential", input, context),

  async handle({ UserName, ServiceSpecificCredentialId }, context) {
    const { tx, keys } = context;
    const user = await requireNamedOwner(UserName, context);
    const credential = await requireCredential(ServiceSpecificCredentialId, user, tx);
    const secret = newSecret(requireForm(credential.service), credential.publicPart);
    tx.put(serviceCredentials, { ...credential, secret: keys.seal(secret, SERVICE_CREDENTIAL_PURPOSE) });
    return { ServiceSpecificCredential: formatNew(credential, user.name, secret) };
  },
});

export const updateServiceSpecificCredential = operation("UpdateServiceSpecificCredential", {
  authorize: (input, context) => onCredential("UpdateServiceSpecificCredential", input, context),

  async handle({ UserName, ServiceSpecificCredentialId, Status }, context) {
    const user = await requireNamedOwner(UserName, context);
    const credential = await requireCredential(ServiceSpecificCredentialId, user, context.tx);
    context.tx.put(serviceCredentials, { ...credential, status: requireStatus(Status) });
    return {};
  },
});

export const deleteServiceSpecificCredential = operation("DeleteServiceSpecificCredential", {
  authorize: (input, context) => onCredential("DeleteServiceSpecificCredential", input, context),

  async handle({ UserName, ServiceSpecificCredentialId }, context) {
    const user = await requireNamedOwner(UserName, context);
    const { userId, id } = await requireCredential(ServiceSpecificCredentialId, user, context.tx);
    context.tx.delete(serviceCredentials, userId, id);
    return {};
  },
});

/** @throws {AwsError} `DeleteConflict` where one is left. */
export async function requireNoServiceCredentials(user: User, tx: Transaction): Promise<void> {
  if ((await credentialsOf(user, tx)).length > 0) throw referencesRemain();
}

const credentialsOf = ({ id }: User, tx: Transaction): Promise<ServiceCredential[]> =>
  tx.scan(serviceCredentials, {
    prefix: [id],
    limit: Object.keys(FORMS).length * QUOTAS.ServiceSpecificCredentialsPerUser,
  });

async function credentialsFor(service: string, user: User, tx: Transaction): Promise<ServiceCredential[]> {
  return (await credentialsOf(user, tx)).filter((credential) => credential.service === service);
}

async function requireCredential(id: string, user: User, tx: Transaction): Promise<ServiceCredential> {
  const credential = await tx.get(serviceCredentials, user.id, id);
  if (!credential) throw serviceCredentialNotFound(id);
  return credential;
}

function requireForm(service: string): "password" | "key" {
  const form = findOwn(FORMS, service);
  if (form === undefined) throw serviceWithoutCredentials(service);
  return form;
}

interface Named {
  readonly UserName?: string | undefined;
  readonly ServiceSpecificCredentialId: string;
}

/** The service is asked for too, where the credential is there to tell it. */
async function onCredential(action: IamAction, { UserName, ...named }: Named, context: Context): Promise<Access> {
  const user = await requireNamedOwner(UserName, context).catch(() => undefined);
  const credential = user && (await context.tx.get(serviceCredentials, user.id, named.ServiceSpecificCredentialId));
  return onOwner(action, UserName, context, {
    keys: { "iam:ServiceSpecificCredentialServiceName": credential?.service },
  });
}

/** `jane-at-123456789012`, and `jane+1-at-123456789012` beside it. */
function freePublicPart(present: readonly ServiceCredential[], { name }: User, { account }: Context): string {
  const first = `${name}-at-${account}`;
  return present.some(({ publicPart }) => publicPart === first) ? `${name}+1-at-${account}` : first;
}

/** An API key has its alias inside: base64 after four letters. */
function newSecret(form: "password" | "key", publicPart: string): string {
  const secret = Buffer.from(newSecretBytes(32)).toString("base64");
  return form === "password" ? secret : `ABSK${Buffer.from(`${publicPart}:${secret}`).toString("base64")}`;
}

function formatListed(credential: ServiceCredential, userName: string | undefined): ServiceSpecificCredentialMetadata {
  const { id, service, status, createdAtMs, expiresAtMs, publicPart } = credential;
  return {
    UserName: userName,
    Status: status,
    CreateDate: new Date(createdAtMs),
    ExpirationDate: expiresAtMs === undefined ? undefined : new Date(expiresAtMs),
    ServiceSpecificCredentialId: id,
    ServiceName: service,
    ...(findOwn(FORMS, service) === "key" ? { ServiceCredentialAlias: publicPart } : { ServiceUserName: publicPart }),
  };
}

function formatNew(credential: ServiceCredential, userName: string, secret: string): ServiceSpecificCredential {
  const isKey = findOwn(FORMS, credential.service) === "key";
  const listed = formatListed(credential, userName);
  return {
    ...listed,
    CreateDate: listed.CreateDate,
    ServiceName: listed.ServiceName,
    ServiceSpecificCredentialId: listed.ServiceSpecificCredentialId,
    UserName: listed.UserName,
    Status: listed.Status,
    ...(isKey ? { ServiceCredentialSecret: secret } : { ServicePassword: secret }),
  };
}
