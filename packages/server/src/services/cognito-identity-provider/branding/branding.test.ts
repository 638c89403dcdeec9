import {
  AdminDisableProviderForUserCommand,
  AdminGetUserCommand,
  AdminLinkProviderForUserCommand,
  CreateIdentityProviderCommand,
  CreateManagedLoginBrandingCommand,
  CreateTermsCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolDomainCommand,
  DeleteUserPoolClientCommand,
  DescribeManagedLoginBrandingByClientCommand,
  DescribeManagedLoginBrandingCommand,
  GetIdentityProviderByIdentifierCommand,
  GetUICustomizationCommand,
  ListIdentityProvidersCommand,
  ListTermsCommand,
  SetUICustomizationCommand,
  UpdateIdentityProviderCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { makePool } from "../../../../test/user-pools.ts";

test("the look of the pages is a client's own, or else the pool's", async () => {
  const { idp, poolId: UserPoolId, clientId: ClientId } = await makePool();
  const set = new SetUICustomizationCommand({ UserPoolId, CSS: ".banner-customizable { background: red; }" });
  await expect(idp.send(set)).rejects.toMatchObject({
    message: "There has to be an existing domain associated with this user pool",
  });
  await idp.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain: "payroll" }));
  const get = new GetUICustomizationCommand({ UserPoolId, ClientId });
  // Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUICustomization.html
  expect((await idp.send(get)).UICustomization).toEqual({});
  await idp.send(set);
  expect((await idp.send(get)).UICustomization).toMatchObject({ ClientId: "ALL", CSS: set.input.CSS });
  await idp.send(new SetUICustomizationCommand({ UserPoolId, ClientId, CSS: ".logo-customizable {}" }));
  expect((await idp.send(get)).UICustomization).toMatchObject({ ClientId, CSS: ".logo-customizable {}" });
  // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/cognitoidp/user_pool_ui_customization_test.go (TestAccCognitoIDPUserPoolUICustomization_AllClients_CSSAndImageFile)
  await idp.send(new SetUICustomizationCommand({ UserPoolId, ClientId, ImageFile: Buffer.from("png") }));
  const { UICustomization } = await idp.send(get);
  expect(UICustomization).toHaveProperty("ImageUrl");
  expect(UICustomization).not.toHaveProperty("CSS");
  await idp.send(new SetUICustomizationCommand({ UserPoolId, ClientId }));
  expect((await idp.send(get)).UICustomization).toMatchObject({ ClientId: "ALL" });
});

test("a client has one style of managed login and one text of each kind, which go with it", async () => {
  const { idp, poolId: UserPoolId, clientId: ClientId } = await makePool();
  const create = new CreateManagedLoginBrandingCommand({
    UserPoolId,
    ClientId,
    Settings: { components: { form: { borderRadius: 8 } } },
    Assets: [{ Category: "FORM_LOGO", ColorMode: "LIGHT", Extension: "PNG", Bytes: Buffer.from("logo") }],
  });
  const { ManagedLoginBranding } = await idp.send(create);
  await expect(idp.send(create)).rejects.toMatchObject({ name: "ManagedLoginBrandingExistsException" });
  const { ManagedLoginBrandingId } = ManagedLoginBranding ?? {};
  const described = await idp.send(new DescribeManagedLoginBrandingCommand({ UserPoolId, ManagedLoginBrandingId }));
  expect(described.ManagedLoginBranding).toEqual(ManagedLoginBranding);
  expect(Buffer.from(ManagedLoginBranding?.Assets?.[0]?.Bytes ?? []).toString()).toBe("logo");
  expect(ManagedLoginBranding?.Settings).toEqual(create.input.Settings);

  const terms = new CreateTermsCommand({
    UserPoolId,
    ClientId,
    TermsName: "terms-of-use",
    TermsSource: "LINK",
    Enforcement: "NONE",
    Links: { "cognito:default": "https://example.com/terms" },
  });
  await idp.send(terms);
  await expect(idp.send(terms)).rejects.toMatchObject({ name: "TermsExistsException" });
  await idp.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: "other" }));
  await idp.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }));
  expect((await idp.send(new ListTermsCommand({ UserPoolId }))).Terms).toEqual([]);
  const byClient = new DescribeManagedLoginBrandingByClientCommand({ UserPoolId, ClientId });
  await expect(idp.send(byClient)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("identities of a provider are linked to one user, and unlinked", async () => {
  const pool = await makePool();
  const { idp, poolId: UserPoolId } = pool;
  const provider = {
    UserPoolId,
    ProviderName: "Corp",
    ProviderType: "OIDC",
    ProviderDetails: {
      client_id: "c1",
      attributes_request_method: "GET",
      oidc_issuer: "https://idp.example.com",
      authorize_scopes: "openid",
    },
    AttributeMapping: { email: "email" },
    IdpIdentifiers: ["example.com"],
  } as const;
  const { oidc_issuer: _, ...incomplete } = provider.ProviderDetails;
  const asked = { ...provider, IdpIdentifiers: [...provider.IdpIdentifiers] };
  await expect(
    idp.send(new CreateIdentityProviderCommand({ ...asked, ProviderDetails: incomplete })),
  ).rejects.toMatchObject({ name: "InvalidParameterException" });
  await idp.send(new CreateIdentityProviderCommand(asked));
  await expect(idp.send(new CreateIdentityProviderCommand(asked))).rejects.toMatchObject({
    name: "DuplicateProviderException",
  });
  const named = { UserPoolId, ProviderName: "Corp" };
  await idp.send(new UpdateIdentityProviderCommand({ ...named, AttributeMapping: { name: "name" } }));
  const found = await idp.send(
    new GetIdentityProviderByIdentifierCommand({ UserPoolId, IdpIdentifier: "example.com" }),
  );
  expect(found.IdentityProvider).toMatchObject({ ProviderName: "Corp", AttributeMapping: { name: "name" } });
  expect((await idp.send(new ListIdentityProvidersCommand({ UserPoolId }))).Providers).toHaveLength(1);

  await pool.makeUser("ada", "Correct-horse-1");
  await pool.makeUser("bob", "Correct-horse-1");
  const SourceUser = {
    ProviderName: "Corp",
    ProviderAttributeName: "Cognito_Subject",
    ProviderAttributeValue: "corp-7",
  };
  const link = (name: string) =>
    idp.send(
      new AdminLinkProviderForUserCommand({
        UserPoolId,
        DestinationUser: { ProviderName: "Cognito", ProviderAttributeValue: name },
        SourceUser,
      }),
    );
  await link("ada");
  await expect(link("bob")).rejects.toMatchObject({ name: "AliasExistsException" });
  const { UserAttributes } = await idp.send(new AdminGetUserCommand({ UserPoolId, Username: "ada" }));
  const identities = UserAttributes?.find(({ Name }) => Name === "identities")?.Value ?? "";
  expect(JSON.parse(identities)).toEqual([
    {
      userId: "corp-7",
      providerName: "Corp",
      providerType: "OIDC",
      issuer: null,
      primary: false,
      dateCreated: expect.any(Number),
    },
  ]);
  await idp.send(new AdminDisableProviderForUserCommand({ UserPoolId, User: SourceUser }));
  await link("bob");
});
