import {
  CreateUserCommand,
  DeleteSigningCertificateCommand,
  DeleteUserCommand,
  IAMClient,
  ListSigningCertificatesCommand,
  UpdateSigningCertificateCommand,
  UploadSigningCertificateCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const UserName = "ann";

/** Made by `openssl req -x509 -newkey ec -days 36500`. */
const CERTIFICATES = [
  `-----BEGIN CERTIFICATE-----
MIIBbjCCARWgAwIBAgIUNT9VNxXDTTbisvShSFqAvkFPtx0wCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBYTAgFw0yNjExMjIwNjQzNDJaGA8yMTI2MTAyOTA2NDM0Mlow
DDEKMAgGA1UEAwwBYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJC7CXyVlzDx
NGkdJRyjbOe/3U3/1YJrAm2faHcvIvauNvuhiQi94wEzKpuAGFv5Bzxj4PbLHxG+
vWrVoI7tbAGjUzBRMB0GA1UdDgQWBBRL27EVC2aRRW2jn7+xl25eCJ7DljAfBgNV
HSMEGDAWgBRL27EVC2aRRW2jn7+xl25eCJ7DljAPBgNVHRMBAf8EBTADAQH/MAoG
CCqGSM49BAMCA0cAMEQCIHzGJd0brPLDEApdLWFjoFVD33RbmJgQ2rCeQxxxalzJ
AiAKktVwp2joahDUKtDpQXVMah9+dfAt2zjDR5Lv8srJxg==
-----END CERTIFICATE-----`,
  `-----BEGIN CERTIFICATE-----
MIIBbzCCARWgAwIBAgIUGHV8L/g8CuP1esLFXiASeVGnC64wCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBYjAgFw0yNjExMjIwNjQzNDJaGA8yMTI2MTAyOTA2NDM0Mlow
DDEKMAgGA1UEAwwBYjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABPjmnLFwMkIp
EdBzlgLOnGa+4D0NNXb7SHeFz5xCJFzs4sOdlYaOpK8jlxI1RU8Kx+reZRyUDgk/
UCfZMPjlomejUzBRMB0GA1UdDgQWBBQnzi5YA9JScJZTjiGsDeL2ntINYTAfBgNV
HSMEGDAWgBQnzi5YA9JScJZTjiGsDeL2ntINYTAPBgNVHRMBAf8EBTADAQH/MAoG
CCqGSM49BAMCA0gAMEUCIAlQixX6hK8jQOsop4bqohwPwAVodwAKQuGYioaHYvbl
AiEA+A3cZCp3EEUpxi2UY3MpxbTtCiAWqGkETVHtDIYLzAg=
-----END CERTIFICATE-----`,
  `-----BEGIN CERTIFICATE-----
MIIBcDCCARWgAwIBAgIUTRvNzH/lqRiYHUk2UMR+yxvTGM4wCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBYzAgFw0yNjExMjIwNjQzNDJaGA8yMTI2MTAyOTA2NDM0Mlow
DDEKMAgGA1UEAwwBYzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGDNJKD3dqXD
8i9+H2RbeEb14X65X9O5Em3fxQopreCT7prRMmK6QMD3010jR7KnSSLwW1MtWyUl
99YLb/3aDVajUzBRMB0GA1UdDgQWBBSvRyXeM1m47wGfPMXpjo0F5INi6jAfBgNV
HSMEGDAWgBSvRyXeM1m47wGfPMXpjo0F5INi6jAPBgNVHRMBAf8EBTADAQH/MAoG
CCqGSM49BAMCA0kAMEYCIQDgvI6qJIsk9FkVQH8AIUQZ+Ialb5iy/n/fD0UlOhkp
TgIhAIDaJrFmxS1RwADbGMDWL3vcE7aoGyo9+JFT1MrMxo+8
-----END CERTIFICATE-----`,
] as const;

async function withUser() {
  const iam = (await testCloud()).client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName }));
  const upload = async (CertificateBody: string, owner: string | undefined = UserName) =>
    (await iam.send(new UploadSigningCertificateCommand({ UserName: owner, CertificateBody }))).Certificate;
  return { iam, upload };
}

test("a certificate is uploaded, switched off and deleted", async () => {
  const { iam, upload } = await withUser();
  const made = await upload(CERTIFICATES[0]);
  expect(made).toMatchObject({ UserName, Status: "Active", CertificateBody: CERTIFICATES[0] });
  expect(made?.CertificateId).toMatch(/^[A-Z2-7]{32}$/);
  const CertificateId = made?.CertificateId;
  await iam.send(new UpdateSigningCertificateCommand({ UserName, CertificateId, Status: "Inactive" }));
  const list = async () => (await iam.send(new ListSigningCertificatesCommand({ UserName }))).Certificates;
  expect(await list()).toEqual([{ ...made, Status: "Inactive" }]);
  await expect(iam.send(new DeleteUserCommand({ UserName }))).rejects.toMatchObject({
    name: "DeleteConflictException",
  });
  await iam.send(new DeleteSigningCertificateCommand({ UserName, CertificateId }));
  expect(await list()).toEqual([]);
  await expect(iam.send(new DeleteSigningCertificateCommand({ UserName, CertificateId }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
    // Source: https://github.com/getmoto/moto/blob/master/tests/test_iam/test_iam_signing_certificates.py (run against AWS)
    message: `The Certificate with id ${CertificateId} cannot be found.`,
  });
  await upload(CERTIFICATES[0]);
});

test("what is no certificate is refused", async () => {
  const { upload } = await withUser();
  await expect(upload("no certificate")).rejects.toMatchObject({
    name: "MalformedCertificateException",
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_signing_certificates.snapshot.json
    message: "Certificate no certificate is malformed.",
  });
});

test("a certificate belongs to one user, and a user has at most two", async () => {
  // Source: https://github.com/getmoto/moto/blob/master/tests/test_iam/test_iam_signing_certificates.py (run against AWS)
  const { iam, upload } = await withUser();
  await iam.send(new CreateUserCommand({ UserName: "bob" }));
  await upload(CERTIFICATES[0]);
  await expect(upload(CERTIFICATES[0], "bob")).rejects.toMatchObject({ name: "DuplicateCertificateException" });
  await upload(CERTIFICATES[1]);
  await expect(upload(CERTIFICATES[2])).rejects.toMatchObject({
    name: "LimitExceededException",
    message: "Cannot exceed quota for CertificatesPerUser: 2",
  });
});
