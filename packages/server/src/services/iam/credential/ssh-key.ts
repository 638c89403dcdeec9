/**
 * The SSH public keys of users, for CodeCommit.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UploadSSHPublicKey.html
 */
import { table, type Transaction } from "../../../kernel/table.ts";
import { duplicateSshKey, quotaExceeded, referencesRemain, sshKeyNotFound } from "../errors.ts";
import { operation } from "../kit.ts";
import { QUOTAS } from "../limits.ts";
import { list } from "../listing.ts";
import { onUser, requireUser, type User } from "../user/user.ts";
import { onOwner, requireNamedOwner } from "./owner.ts";
import { fingerprintOf, formatPem, formatSsh, parsePublicKey } from "./ssh-key-text.ts";
import { requireStatus, type Status } from "./status.ts";

interface SshKey {
  readonly userId: string;
  readonly id: string;
  readonly fingerprint: string;
  /** As it was uploaded. */
  readonly body: string;
  readonly status: Status;
  readonly uploadedAtMs: number;
}

const sshKeys = table<SshKey>("iam.ssh-key", "account", ({ userId, id }) => [userId, id]);

export const uploadSshPublicKey = operation("UploadSSHPublicKey", {
  authorize: ({ UserName }, context) => onUser("UploadSSHPublicKey", UserName, context),

  async handle({ UserName, SSHPublicKeyBody }, context) {
    const { tx } = context;
    const user = await requireUser(UserName, tx);
    const fingerprint = fingerprintOf(parsePublicKey(SSHPublicKeyBody));
    const present = await sshKeysOf(user, tx);
    if (present.some((key) => key.fingerprint === fingerprint)) throw duplicateSshKey();
    if (present.length >= QUOTAS.SSHPublicKeysPerUser)
      throw quotaExceeded("SSHPublicKeysPerUser", QUOTAS.SSHPublicKeysPerUser);
    const key: SshKey = {
      userId: user.id,
      id: context.newId("publicKey"),
      fingerprint,
      body: SSHPublicKeyBody,
      status: "Active",
      uploadedAtMs: context.now().getTime(),
    };
    tx.put(sshKeys, key);
    return { SSHPublicKey: formatSshKey(key, user, key.body) };
  },
});

export const getSshPublicKey = operation("GetSSHPublicKey", {
  authorize: ({ UserName }, context) => onUser("GetSSHPublicKey", UserName, context),

  async handle({ UserName, SSHPublicKeyId, Encoding }, { tx }) {
    const user = await requireUser(UserName, tx);
    const key = await requireSshKey(SSHPublicKeyId, user, tx);
    const parsed = parsePublicKey(key.body);
    return { SSHPublicKey: formatSshKey(key, user, Encoding === "PEM" ? formatPem(parsed) : formatSsh(parsed)) };
  },
});

export const listSshPublicKeys = operation("ListSSHPublicKeys", {
  authorize: ({ UserName }, context) => onOwner("ListSSHPublicKeys", UserName, context),

  async handle({ UserName, ...paging }, context) {
    const user = await requireNamedOwner(UserName, context);
    const { rows, paging: rest } = await list(context.tx, sshKeys, paging, { prefix: [user.id] });
    return { SSHPublicKeys: rows.map((key) => formatListed(key, user)), ...rest };
  },
});

export const updateSshPublicKey = operation("UpdateSSHPublicKey", {
  authorize: ({ UserName }, context) => onUser("UpdateSSHPublicKey", UserName, context),

  async handle({ UserName, SSHPublicKeyId, Status }, { tx }) {
    const key = await requireSshKey(SSHPublicKeyId, await requireUser(UserName, tx), tx);
    tx.put(sshKeys, { ...key, status: requireStatus(Status) });
    return {};
  },
});

export const deleteSshPublicKey = operation("DeleteSSHPublicKey", {
  authorize: ({ UserName }, context) => onUser("DeleteSSHPublicKey", UserName, context),

  async handle({ UserName, SSHPublicKeyId }, { tx }) {
    const { userId, id } = await requireSshKey(SSHPublicKeyId, await requireUser(UserName, tx), tx);
    tx.delete(sshKeys, userId, id);
    return {};
  },
});

/** @throws {AwsError} `DeleteConflict` where one is left. */
export async function requireNoSshKeys(user: User, tx: Transaction): Promise<void> {
  if ((await sshKeysOf(user, tx)).length > 0) throw referencesRemain();
}

const sshKeysOf = ({ id }: User, tx: Transaction): Promise<SshKey[]> =>
  tx.scan(sshKeys, { prefix: [id], limit: QUOTAS.SSHPublicKeysPerUser });

async function requireSshKey(id: string, user: User, tx: Transaction): Promise<SshKey> {
  const key = await tx.get(sshKeys, user.id, id);
  if (!key) throw sshKeyNotFound(id);
  return key;
}

const formatListed = ({ id, status, uploadedAtMs }: SshKey, { name }: User) => ({
  UserName: name,
  SSHPublicKeyId: id,
  Status: status,
  UploadDate: new Date(uploadedAtMs),
});

const formatSshKey = (key: SshKey, user: User, body: string) => ({
  ...formatListed(key, user),
  Fingerprint: key.fingerprint,
  SSHPublicKeyBody: body,
});
