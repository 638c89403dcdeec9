import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  IAMClient,
  ListOpenIDConnectProvidersCommand,
  ListOpenIDConnectProviderTagsCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  TagOpenIDConnectProviderCommand,
  UntagOpenIDConnectProviderCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const Url = "https://idp.example.com/realm";
const OpenIDConnectProviderArn = "arn:aws:iam::000000000000:oidc-provider/idp.example.com/realm";
const THUMBPRINT = "a".repeat(40);

async function withProvider() {
  const iam = (await testCloud()).client(IAMClient);
  const created = await iam.send(
    new CreateOpenIDConnectProviderCommand({
      Url,
      ClientIDList: ["app", "app"],
      ThumbprintList: [THUMBPRINT],
      Tags: [{ Key: "team", Value: "red" }],
    }),
  );
  const read = () => iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
  return { iam, created, read };
}

test("a provider is named after its URL, and shown without its scheme", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOpenIDConnectProvider.html
  const { iam, created, read } = await withProvider();
  expect(created).toMatchObject({ OpenIDConnectProviderArn, Tags: [{ Key: "team", Value: "red" }] });
  expect(await read()).toMatchObject({
    Url: "idp.example.com/realm",
    ClientIDList: ["app"],
    ThumbprintList: [THUMBPRINT],
    Tags: [{ Key: "team", Value: "red" }],
  });
  const { OpenIDConnectProviderList } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
  expect(OpenIDConnectProviderList).toEqual([{ Arn: OpenIDConnectProviderArn }]);
});

test("a URL has one provider in an account", async () => {
  const { iam } = await withProvider();
  await expect(iam.send(new CreateOpenIDConnectProviderCommand({ Url }))).rejects.toMatchObject({
    name: "EntityAlreadyExistsException",
    // Recorded: https://github.com/DrFaust92/terraform-kubernetes-ebs-csi-driver/issues/107
    message: `Provider with url ${Url} already exists.`,
  });
});

test.each(["http://a.example.com", "a.example.com", "https://a.example.com:8443", "https://a.example.com/?x=1"])(
  "%s is no URL of a provider",
  async (url) => {
    // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html, and for the words
    // https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_oidc.snapshot.json
    const { iam } = await withProvider();
    await expect(iam.send(new CreateOpenIDConnectProviderCommand({ Url: url }))).rejects.toMatchObject({
      name: "ValidationError",
      message: "Invalid Open ID Connect Provider URL",
    });
  },
);

test("client ids are added once and removed without complaint, 100 at most", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddClientIDToOpenIDConnectProvider.html
  const { iam, read } = await withProvider();
  const add = (ClientID: string) =>
    iam.send(new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID }));
  const remove = (ClientID: string) =>
    iam.send(new RemoveClientIDFromOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID }));
  await add("app");
  await remove("nobody");
  expect((await read()).ClientIDList).toEqual(["app"]);
  for (let number = 2; number <= 100; number++) await add(`app${number}`);
  await expect(add("app101")).rejects.toMatchObject({
    name: "LimitExceededException",
    message: "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100",
  });
  await remove("app");
  expect((await read()).ClientIDList).toHaveLength(99);
});

test("thumbprints are replaced as a whole, five at most", async () => {
  const { iam, read } = await withProvider();
  const update = (ThumbprintList: string[]) =>
    iam.send(new UpdateOpenIDConnectProviderThumbprintCommand({ OpenIDConnectProviderArn, ThumbprintList }));
  const others = ["b", "c", "d", "e", "f", "0"].map((digit) => digit.repeat(40));
  await update(others.slice(0, 5));
  expect((await read()).ThumbprintList).toEqual(others.slice(0, 5));
  await expect(update(others)).rejects.toMatchObject({ name: "InvalidInputException" });
});

test("a provider that is gone is gone, and cannot be deleted again", async () => {
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_oidc.snapshot.json (the reference says that it can)
  const { iam, read } = await withProvider();
  await iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
  await expect(read()).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: `OpenIDConnect Provider not found for arn ${OpenIDConnectProviderArn}`,
  });
  await expect(iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: `OpenId connect Provider ${OpenIDConnectProviderArn} cannot be found.`,
  });
});

test("tags come and go", async () => {
  const { iam } = await withProvider();
  const Tags = [{ Key: "cost", Value: "1" }];
  await iam.send(new TagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, Tags }));
  await iam.send(new UntagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, TagKeys: ["team"] }));
  const read = new ListOpenIDConnectProviderTagsCommand({ OpenIDConnectProviderArn });
  expect((await iam.send(read)).Tags).toEqual(Tags);
});
