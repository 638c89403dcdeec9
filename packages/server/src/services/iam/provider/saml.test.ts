import {
  CreateSAMLProviderCommand,
  DeleteSAMLProviderCommand,
  GetSAMLProviderCommand,
  IAMClient,
  ListSAMLProvidersCommand,
  ListSAMLProviderTagsCommand,
  TagSAMLProviderCommand,
  UntagSAMLProviderCommand,
  UpdateSAMLProviderCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { OTHER_KEY } from "../../../../test/certificates.ts";
import { testCloud } from "../../../../test/test-cloud.ts";

const SAMLProviderArn = "arn:aws:iam::000000000000:saml-provider/adfs";

/** The model asks for 1,000 characters at the least. */
const metadata = (attributes = "") => `<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="http://idp.example.com"${attributes}>
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <!-- ${"x".repeat(900)} -->
  </md:IDPSSODescriptor>
</md:EntityDescriptor>
`;

async function withProvider(attributes = ' validUntil="2040-01-02T03:04:05Z"') {
  const cloud = await testCloud();
  const iam = cloud.client(IAMClient);
  const SAMLMetadataDocument = metadata(attributes);
  await iam.send(
    new CreateSAMLProviderCommand({ Name: "adfs", SAMLMetadataDocument, Tags: [{ Key: "team", Value: "red" }] }),
  );
  const read = () => iam.send(new GetSAMLProviderCommand({ SAMLProviderArn }));
  return { cloud, iam, read };
}

test("a provider reads back as it was made, valid as long as its metadata says", async () => {
  const { iam, read } = await withProvider();
  const validity = { ValidUntil: new Date("2040-01-02T03:04:05Z") };
  expect(await read()).toMatchObject({
    ...validity,
    SAMLMetadataDocument: metadata(' validUntil="2040-01-02T03:04:05Z"'),
    Tags: [{ Key: "team", Value: "red" }],
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_saml_providers.snapshot.json
    PrivateKeyList: [],
    AssertionEncryptionMode: "Allowed",
  });
  const { SAMLProviderList } = await iam.send(new ListSAMLProvidersCommand({}));
  expect(SAMLProviderList).toMatchObject([{ Arn: SAMLProviderArn, ...validity }]);
});

test("metadata that names no end is good for a century", async () => {
  const { cloud, read } = await withProvider("");
  // assumed
  expect((await read()).ValidUntil?.getUTCFullYear()).toBe(cloud.clock.now().getUTCFullYear() + 100);
});

test.each([
  ["no XML", "x".repeat(1000)],
  ["another element", metadata().replaceAll("EntityDescriptor", "EntitiesDescriptor")],
  ["cut short", metadata().replace("</md:EntityDescriptor>", "")],
  ["with a document type", metadata().replace("<md:Entity", "<!DOCTYPE x><md:Entity")],
  ["valid until nonsense", metadata(' validUntil="soon"')],
])("metadata that is %s is refused", async (_, SAMLMetadataDocument) => {
  const { iam } = await withProvider();
  const create = new CreateSAMLProviderCommand({ Name: "other", SAMLMetadataDocument });
  await expect(iam.send(create)).rejects.toMatchObject({ name: "InvalidInputException" });
});

test("a name is taken once", async () => {
  const { iam } = await withProvider();
  const again = new CreateSAMLProviderCommand({ Name: "adfs", SAMLMetadataDocument: metadata() });
  await expect(iam.send(again)).rejects.toMatchObject({ name: "EntityAlreadyExistsException" });
});

test("an update replaces the metadata, and adds and removes keys", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateSAMLProvider.html
  const { iam, read } = await withProvider();
  const update = (changes: object) => iam.send(new UpdateSAMLProviderCommand({ SAMLProviderArn, ...changes }));
  const document = metadata(' validUntil="2050-01-01T00:00:00Z"');
  const first = { SAMLMetadataDocument: document, AddPrivateKey: OTHER_KEY, AssertionEncryptionMode: "Required" };
  expect((await update(first)).SAMLProviderArn).toBe(SAMLProviderArn);
  await update({ AddPrivateKey: OTHER_KEY });
  const provider = await read();
  expect(provider).toMatchObject({
    ValidUntil: new Date("2050-01-01T00:00:00Z"),
    AssertionEncryptionMode: "Required",
    PrivateKeyList: [{}, {}],
  });
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml.html (two keys)
  await expect(update({ AddPrivateKey: OTHER_KEY })).rejects.toMatchObject({ name: "LimitExceededException" });
  await update({ RemovePrivateKey: provider.PrivateKeyList?.[0]?.KeyId });
  expect((await read()).PrivateKeyList).toEqual(provider.PrivateKeyList?.slice(1));
  await expect(update({ AddPrivateKey: "nonsense" })).rejects.toMatchObject({ name: "InvalidInputException" });
});

test("a provider that is gone is gone", async () => {
  const { iam, read } = await withProvider();
  await iam.send(new DeleteSAMLProviderCommand({ SAMLProviderArn }));
  await expect(read()).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: `Manifest not found for arn ${SAMLProviderArn}`,
  });
});

test("tags come and go", async () => {
  const { iam } = await withProvider();
  const Tags = [{ Key: "cost", Value: "1" }];
  await iam.send(new TagSAMLProviderCommand({ SAMLProviderArn, Tags }));
  await iam.send(new UntagSAMLProviderCommand({ SAMLProviderArn, TagKeys: ["team"] }));
  expect((await iam.send(new ListSAMLProviderTagsCommand({ SAMLProviderArn }))).Tags).toEqual(Tags);
});
