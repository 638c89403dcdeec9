import {
  DeleteServerCertificateCommand,
  GetServerCertificateCommand,
  IAMClient,
  ListServerCertificatesCommand,
  ListServerCertificateTagsCommand,
  TagServerCertificateCommand,
  UntagServerCertificateCommand,
  UpdateServerCertificateCommand,
  UploadServerCertificateCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { INTERMEDIATE, OTHER_KEY, ROOT, serverCertificate } from "../../../../test/certificates.ts";
import { testCloud } from "../../../../test/test-cloud.ts";

const ServerCertificateName = "www";
const CHAIN = `${INTERMEDIATE}\n${ROOT}`;

async function withCertificate() {
  const iam = (await testCloud()).client(IAMClient);
  const upload = (more: object) =>
    iam.send(new UploadServerCertificateCommand({ ServerCertificateName, ...serverCertificate, ...more }));
  const { ServerCertificateMetadata } = await upload({ Path: "/web/", CertificateChain: CHAIN });
  return { iam, upload, metadata: ServerCertificateMetadata };
}

test("a certificate reads back with its chain and its end, without its key", async () => {
  const { iam, metadata } = await withCertificate();
  expect(metadata).toMatchObject({
    ServerCertificateName,
    Path: "/web/",
    Arn: "arn:aws:iam::000000000000:server-certificate/web/www",
    Expiration: new Date("2126-10-29T06:58:20Z"),
  });
  expect(metadata?.ServerCertificateId).toMatch(/^ASCA[A-Z2-7]{17}$/);
  const { ServerCertificate } = await iam.send(new GetServerCertificateCommand({ ServerCertificateName }));
  expect(ServerCertificate).toEqual({
    ServerCertificateMetadata: metadata,
    CertificateBody: serverCertificate.CertificateBody,
    CertificateChain: CHAIN,
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_server_certificates.snapshot.json
    Tags: [],
  });
});

test("a certificate is read back without the space around it", async () => {
  // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/server_certificate.go (StateTrimSpace)
  const { iam } = await withCertificate();
  const Name = "spaced";
  const CertificateBody = `${serverCertificate.CertificateBody.trim()}\n\n`;
  await iam.send(
    new UploadServerCertificateCommand({ ...serverCertificate, CertificateBody, ServerCertificateName: Name }),
  );
  const { ServerCertificate } = await iam.send(new GetServerCertificateCommand({ ServerCertificateName: Name }));
  expect(ServerCertificate?.CertificateBody).toBe(CertificateBody.trim());
});

const malformed = (message: string) => ({ name: "MalformedCertificateException", message });
const badChain = (index: number) =>
  malformed(
    `Unable to validate certificate chain. The certificate chain must start with the immediate signing certificate, followed by any intermediaries in order. The index within the chain of the invalid certificate is: ${index}`,
  );

test("a certificate has to be one, with the key that it was made for", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UploadServerCertificate.html
  const { upload } = await withCertificate();
  await expect(upload({ CertificateBody: "nonsense" })).rejects.toMatchObject(
    malformed("Unable to parse certificate. Please ensure the certificate is in PEM format."),
  );
  await expect(upload({ PrivateKey: "nonsense" })).rejects.toMatchObject({ name: "MalformedCertificateException" });
  await expect(upload({ PrivateKey: OTHER_KEY })).rejects.toMatchObject({ name: "KeyPairMismatchException" });
});

test("a chain begins with who signed, and goes on in order", async () => {
  // Recorded: https://github.com/go-acme/lego/issues/304 (the words)
  const { upload } = await withCertificate();
  await expect(upload({ CertificateChain: `${ROOT}\n${INTERMEDIATE}` })).rejects.toMatchObject(badChain(0));
  await expect(upload({ CertificateChain: `${INTERMEDIATE}\n${INTERMEDIATE}` })).rejects.toMatchObject(badChain(1));
});

test("a name is taken once", async () => {
  const { upload } = await withCertificate();
  await expect(upload({ ServerCertificateName: "WWW" })).rejects.toMatchObject({
    name: "EntityAlreadyExistsException",
    message: "The Server Certificate with name WWW already exists.",
  });
});

test("a certificate gets another name and path, and keeps its id", async () => {
  const { iam, upload, metadata } = await withCertificate();
  await upload({ ServerCertificateName: "taken" });
  const rename = (NewServerCertificateName: string) =>
    iam.send(new UpdateServerCertificateCommand({ ServerCertificateName, NewPath: "/", NewServerCertificateName }));
  await expect(rename("taken")).rejects.toMatchObject({ name: "EntityAlreadyExistsException" });
  await rename("site");
  const { ServerCertificateMetadataList } = await iam.send(new ListServerCertificatesCommand({}));
  expect(ServerCertificateMetadataList).toEqual([
    {
      ...metadata,
      ServerCertificateName: "site",
      Path: "/",
      Arn: "arn:aws:iam::000000000000:server-certificate/site",
    },
    expect.objectContaining({ ServerCertificateName: "taken" }),
  ]);
  const ofWeb = await iam.send(new ListServerCertificatesCommand({ PathPrefix: "/web/" }));
  expect(ofWeb.ServerCertificateMetadataList).toEqual([]);
});

test("a certificate that is gone is gone", async () => {
  const { iam } = await withCertificate();
  await iam.send(new DeleteServerCertificateCommand({ ServerCertificateName }));
  await expect(iam.send(new GetServerCertificateCommand({ ServerCertificateName }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: "The Server Certificate with name www cannot be found.",
  });
});

test("an account has at most 20 certificates", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  const { upload } = await withCertificate();
  for (let number = 2; number <= 20; number++) await upload({ ServerCertificateName: `c${number}` });
  await expect(upload({ ServerCertificateName: "c21" })).rejects.toMatchObject({
    name: "LimitExceededException",
    message: "Cannot exceed quota for ServerCertificatesPerAccount: 20",
  });
});

test("tags come and go", async () => {
  const { iam } = await withCertificate();
  const Tags = [
    { Key: "team", Value: "red" },
    { Key: "cost", Value: "1" },
  ];
  await iam.send(new TagServerCertificateCommand({ ServerCertificateName, Tags }));
  await iam.send(new UntagServerCertificateCommand({ ServerCertificateName, TagKeys: ["team"] }));
  const read = new ListServerCertificateTagsCommand({ ServerCertificateName });
  expect((await iam.send(read)).Tags).toEqual([{ Key: "cost", Value: "1" }]);
});
