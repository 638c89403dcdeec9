import { generateKeyPairSync } from "node:crypto";
import {
  CreateUserCommand,
  DeleteSSHPublicKeyCommand,
  DeleteUserCommand,
  GetSSHPublicKeyCommand,
  IAMClient,
  ListSSHPublicKeysCommand,
  UpdateSSHPublicKeyCommand,
  UploadSSHPublicKeyCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";
import { formatSsh } from "./ssh-key-text.ts";

const UserName = "ann";

const newKey = () => generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;

async function withUser() {
  const iam = (await testCloud()).client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName }));
  const upload = async (SSHPublicKeyBody: string) =>
    (await iam.send(new UploadSSHPublicKeyCommand({ UserName, SSHPublicKeyBody }))).SSHPublicKey;
  return { iam, upload };
}

test("a key is uploaded, shown in both encodings, switched off and deleted", async () => {
  const { iam, upload } = await withUser();
  const key = newKey();
  const made = await upload(`${formatSsh(key)} ann@example.com`);
  expect(made).toMatchObject({ UserName, Status: "Active", SSHPublicKeyBody: `${formatSsh(key)} ann@example.com` });
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UploadSSHPublicKey.html (APKAEIBAERJR2EXAMPLE)
  expect(made?.SSHPublicKeyId).toMatch(/^APKA[A-Z2-7]{16}$/);
  expect(made?.Fingerprint).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
  const SSHPublicKeyId = made?.SSHPublicKeyId;
  const show = async (Encoding: "SSH" | "PEM") =>
    (await iam.send(new GetSSHPublicKeyCommand({ UserName, SSHPublicKeyId, Encoding }))).SSHPublicKey;
  expect((await show("SSH"))?.SSHPublicKeyBody).toBe(formatSsh(key));
  expect((await show("PEM"))?.SSHPublicKeyBody).toBe(key.export({ type: "spki", format: "pem" }).toString());
  await iam.send(new UpdateSSHPublicKeyCommand({ UserName, SSHPublicKeyId, Status: "Inactive" }));
  expect((await iam.send(new ListSSHPublicKeysCommand({ UserName }))).SSHPublicKeys).toMatchObject([
    { UserName, SSHPublicKeyId, Status: "Inactive" },
  ]);
  await expect(iam.send(new DeleteUserCommand({ UserName }))).rejects.toMatchObject({
    name: "DeleteConflictException",
    message: "Cannot delete entity, must remove referenced objects first.",
  });
  await iam.send(new DeleteSSHPublicKeyCommand({ UserName, SSHPublicKeyId }));
  await expect(show("SSH")).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: `The Public Key with id ${SSHPublicKeyId} cannot be found.`,
  });
  await iam.send(new DeleteUserCommand({ UserName }));
});

test("the same key is taken once, also in another encoding", async () => {
  const { upload } = await withUser();
  const key = newKey();
  await upload(formatSsh(key));
  await expect(upload(key.export({ type: "spki", format: "pem" }).toString())).rejects.toMatchObject({
    name: "DuplicateSSHPublicKeyException",
  });
});

test("what is no key is refused", async () => {
  const { upload } = await withUser();
  await expect(upload("ssh-rsa AAAA")).rejects.toMatchObject({ name: "InvalidPublicKeyException" });
  await expect(upload("my key")).rejects.toMatchObject({ name: "UnrecognizedPublicKeyEncodingException" });
});

test("a user has at most five keys", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  const { upload } = await withUser();
  for (let count = 0; count < 5; count++) await upload(formatSsh(newKey()));
  await expect(upload(formatSsh(newKey()))).rejects.toMatchObject({
    name: "LimitExceededException",
    message: "Cannot exceed quota for SSHPublicKeysPerUser: 5",
  });
});

test("a private key is no public one", async () => {
  const { upload } = await withUser();
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UploadSSHPublicKey.html (SSHPublicKeyBody: ssh-rsa or PEM)
  await expect(upload(pem)).rejects.toMatchObject({ name: "UnrecognizedPublicKeyEncodingException" });
});
