import {
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  UpdateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { functionWorld } from "../../../../test/functions.ts";
import { PASSWORD, withHostedPages, type Browser } from "../../../../test/hosted-pages.ts";
import { FUNCTION, letPoolIn } from "../../../../test/triggered-pools.ts";
import { newestCode } from "../../../../test/user-pools.ts";

type World = Awaited<ReturnType<typeof withHostedPages>>;

const at = ({ authorizeUrl }: World, path: string) => authorizeUrl().replace("/oauth2/authorize", path);

async function signUp(world: World, by: Browser, username = "bob") {
  const page = await by.get(at(world, "/signup"));
  return by.submit(page, { username, "attribute:email": `${username}@example.com`, password: PASSWORD });
}

async function login(world: World, by: Browser, password = PASSWORD, username = "bob") {
  return by.submit(await by.get(at(world, "/login")), { username, password });
}

test.each([{ GenerateSecret: false }, { GenerateSecret: true }])(
  "a user signs up, shows the code from the mail, and signs in: %o",
  async (client) => {
    const world = await withHostedPages({ client });
    const by = world.browser();
    const confirming = await signUp(world, by);
    expect(confirming.text).toContain("Verification code");
    expect((await login(world, by)).text).toContain("User is not confirmed.");
    const wrong = await by.submit(confirming, { code: "000000" });
    expect(wrong.status).toBe(400);
    const right = await by.submit(wrong, { code: await newestCode(world, "bob@example.com") });
    expect(right.location?.pathname).toBe("/login");
    expect((await login(world, by)).location?.searchParams.has("code")).toBe(true);
  },
);

test("what AWS refuses is said on the page, and what was typed is still there", async () => {
  const world = await withHostedPages();
  const by = world.browser();
  const taken = await signUp(world, by, "ann");
  expect(taken.status).toBe(400);
  expect(taken.text).toContain("User already exists");
  expect(taken.text).toContain('value="ann@example.com"');
  expect(taken.text).not.toContain(PASSWORD);
});

test("nothing stays of what was refused: the code is still good when the way is free", async () => {
  const world = await withHostedPages({ pool: { AliasAttributes: ["email"] } });
  const { admin, poolId: UserPoolId, browser, cloud } = world;
  const by = browser();
  const page = await by.get(at(world, "/signup"));
  const typed = { username: "bob", "attribute:email": "ann@example.com", password: PASSWORD };
  const confirming = await by.submit(page, typed);
  const code = await newestCode(world, "ann@example.com");
  const taken = await by.submit(confirming, { code });
  expect(taken.text).toContain("An account with the given email already exists.");
  const [call] = await cloud.cloud.journal.find({
    limit: 1,
    matches: ({ operation }) => operation === "ConfirmSignUp",
  });
  expect(call?.error?.code).toBe("AliasExistsException");
  await admin.send(
    new AdminUpdateUserAttributesCommand({
      UserPoolId,
      Username: "ann",
      UserAttributes: [
        { Name: "email", Value: "ann@new.example.com" },
        { Name: "email_verified", Value: "true" },
      ],
    }),
  );
  expect((await by.submit(taken, { code })).location?.pathname).toBe("/login");
});

test("where administrators alone make users there is no link, and no way around", async () => {
  const world = await withHostedPages({ pool: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } } });
  const by = world.browser();
  expect((await by.get(at(world, "/login"))).text).not.toContain("/signup");
  expect((await signUp(world, by)).text).toContain("SignUp is not permitted for this user pool");
});

test("the link in a mail confirms as a code does", async () => {
  const world = await withHostedPages({
    pool: { VerificationMessageTemplate: { DefaultEmailOption: "CONFIRM_WITH_LINK" } },
  });
  const { admin, poolId: UserPoolId, browser, cloud } = world;
  await signUp(world, browser());
  const [mail] = await cloud.cloud.outbox(1);
  const [link = ""] = /http:\/\/customers\.auth[^\s"<)]*/.exec(mail?.text ?? "") ?? [];
  const { host, pathname, search } = new URL(link);
  expect(host).toBe("customers.auth.us-east-1.amazoncognito.com.localhost");
  const wrong = await browser().get(`${pathname}${search.replace(/confirmation_code=\d+/, "confirmation_code=1")}`);
  expect(wrong.status).toBe(400);
  expect((await browser().get(`${pathname}${search}`)).status).toBe(200);
  const { UserStatus } = await admin.send(new AdminGetUserCommand({ UserPoolId, Username: "bob" }));
  expect(UserStatus).toBe("CONFIRMED");
});

test("a forgotten password is replaced with the code from the mail", async () => {
  const world = await withHostedPages();
  const by = world.browser();
  const asked = await by.submit(await by.get(at(world, "/forgotPassword")), { username: "ann" });
  expect(asked.text).toContain("Choose a new password");
  const password = "Another-Horse-8";
  expect((await by.submit(asked, { code: "000000", password })).status).toBe(400);
  const code = await newestCode(world, "ann@example.com");
  expect((await by.submit(asked, { code, password })).location?.pathname).toBe("/login");
  expect((await login(world, by, PASSWORD, "ann")).status).toBe(400);
  expect((await login(world, by, password, "ann")).location?.searchParams.has("code")).toBe(true);
});

test("functions are asked on the pages too, and what they refuse is said there", async () => {
  const functions = await functionWorld();
  const source = `export const handler = async (event) => {
    if (event.userName === "eve") throw new Error("not you");
    if (event.triggerSource.startsWith("PostConfirmation")) throw new Error("no welcome");
    if (event.triggerSource === "PreSignUp_SignUp") event.response.autoConfirmUser = true;
    return event; };`;
  await functions.create("asked", source);
  const LambdaConfig = { PreSignUp: FUNCTION, PostConfirmation: FUNCTION, PreAuthentication: FUNCTION };
  const world = await withHostedPages({}, functions.cloud);
  const { admin, poolId: UserPoolId } = world;
  await letPoolIn(functions, UserPoolId);
  await admin.send(new UpdateUserPoolCommand({ UserPoolId, LambdaConfig, AutoVerifiedAttributes: ["email"] }));
  const by = world.browser();
  expect((await signUp(world, by, "eve")).text).toContain("PreSignUp failed with error not you.");
  const joined = await signUp(world, by);
  expect(joined).toMatchObject({
    status: 400,
    text: expect.stringContaining("PostConfirmation failed with error no welcome."),
  });
  expect(joined.headers["content-type"]).toContain("text/html");
  expect((await login(world, by)).location?.searchParams.has("code")).toBe(true);
});
