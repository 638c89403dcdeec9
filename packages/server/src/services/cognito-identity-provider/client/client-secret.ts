/** Secrets of app clients, of which there are two while they are changed. */
import type { ClientSecretDescriptorType } from "@aws-sdk/client-cognito-identity-provider";
import type { Context } from "../../../service/context.ts";
import { invalidParameter, secretNotFound, tooMany } from "../errors.ts";
import { operation } from "../kit.ts";
import { onPool, randomLetters, requirePool } from "../pool/pool-row.ts";
import { clients, requireClientOf, sealSecret, type ClientSecret } from "./client-row.ts";

const LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz";
const SECRET_LETTERS = 52;

/** Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddUserPoolClientSecret.html */
const SECRETS_MAX = 2;

/** A secret that is given, or a new one. */
export function newSecret(given: string | undefined, context: Context): ClientSecret {
  const secret = given ?? randomLetters(SECRET_LETTERS, LETTERS);
  return { id: context.newId(), sealed: sealSecret(secret, context), createdMs: context.now().getTime() };
}

const format = ({ id, createdMs }: ClientSecret): ClientSecretDescriptorType => ({
  ClientSecretId: id,
  ClientSecretCreateDate: new Date(createdMs),
});

/** Shown here, and then never again but in the client. */
export const addUserPoolClientSecret = operation("AddUserPoolClientSecret", {
  authorize: onPool("AddUserPoolClientSecret"),

  async handle({ UserPoolId, ClientId, ClientSecret }, context) {
    const pool = await requirePool(UserPoolId, context);
    const client = await requireClientOf(pool, ClientId, context.tx);
    if (client.secrets.length === 0) throw invalidParameter("The client has no secret.");
    if (client.secrets.length >= SECRETS_MAX) throw tooMany("A client has at most two secrets.");
    const value = ClientSecret ?? randomLetters(SECRET_LETTERS, LETTERS);
    const secret = newSecret(value, context);
    context.tx.put(clients, { ...client, secrets: [...client.secrets, secret], changedMs: secret.createdMs });
    return { ClientSecretDescriptor: { ...format(secret), ClientSecretValue: value } };
  },
});

export const deleteUserPoolClientSecret = operation("DeleteUserPoolClientSecret", {
  authorize: onPool("DeleteUserPoolClientSecret"),

  async handle({ UserPoolId, ClientId, ClientSecretId }, context) {
    const pool = await requirePool(UserPoolId, context);
    const client = await requireClientOf(pool, ClientId, context.tx);
    const secrets = client.secrets.filter(({ id }) => id !== ClientSecretId);
    if (secrets.length === client.secrets.length) throw secretNotFound();
    if (secrets.length === 0) throw invalidParameter("The last secret of a client cannot be deleted.");
    context.tx.put(clients, { ...client, secrets, changedMs: context.now().getTime() });
    return {};
  },
});

/** Two at most, so one page has them all. */
export const listUserPoolClientSecrets = operation("ListUserPoolClientSecrets", {
  authorize: onPool("ListUserPoolClientSecrets"),

  async handle({ UserPoolId, ClientId }, context) {
    const pool = await requirePool(UserPoolId, context);
    const { secrets } = await requireClientOf(pool, ClientId, context.tx);
    return { ClientSecrets: secrets.map(format) };
  },
});
