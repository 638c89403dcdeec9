import { DeleteAccountAssignmentCommand } from "@aws-sdk/client-sso-admin";
import { expect, test } from "vitest";
import { withIdentityCenter } from "../../../../test/identity-center.ts";
import { browserAt, firstSignIn, type Shown } from "../../../../test/identity-center-portal.ts";
import { follow, visit } from "../../../../test/sign-in.ts";

/** Ann may go to the console of the account `dev`. */
async function withRole(RelayState?: string) {
  const center = await withIdentityCenter();
  const { cloud, IdentityStoreId } = center;
  const account = await center.makeAccount("dev");
  const more = { SessionDuration: "PT2H", ...(RelayState !== undefined && { RelayState }) };
  const PermissionSetArn = await center.addPermissionSet("Read+Only", more);
  const userId = await center.addUser("ann");
  await center.assign(PermissionSetArn, account, userId);
  const browser = browserAt(cloud, IdentityStoreId);
  const path = `/start/console?${new URLSearchParams({ account_id: account, role_name: "Read+Only" })}`;
  /** Presses the page's button: a form of another host. */
  const press = ({ text }: Shown) => {
    const [, action = ""] = /<form method="post" action="([^"]+)"/.exec(text) ?? [];
    const fields = [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    const form = Object.fromEntries(fields.map(([, name = "", value = ""]) => [name, value]));
    expect(action).toBe("http://signin.localhost:4566/saml");
    return visit(cloud, "/saml", { form, host: "signin.localhost:4566" });
  };
  return { ...center, account, PermissionSetArn, userId, browser, path, press };
}

// Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosignin.html
test("the portal leads to the console, as the role that is assigned", async () => {
  const { cloud, account, browser, path, press } = await withRole();
  const home = await firstSignIn(cloud, browser, "ann");
  expect(home.text).toContain(`<a href="${path.replaceAll("&", "&amp;")}">Management console</a>`);
  const signedIn = await press(await browser.get(path));
  expect(signedIn).toMatchObject({ status: 303, location: "/console/home" });
  const { text } = await follow(cloud, signedIn);
  expect(text).toMatch(new RegExp(`arn:aws:sts::${account}:assumed-role/AWSReservedSSO_Read\\+Only_[0-9a-f]{16}/ann`));
  // Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosessionduration.html
  await cloud.clock.advance(7200 - 60);
  expect((await follow(cloud, signedIn)).status).toBe(200);
  await cloud.clock.advance(60);
  expect((await follow(cloud, signedIn)).status).toBe(401);
});

const at = (page: string) => `/console/home?${new URLSearchParams({ destination: page })}`;

// Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/createshortcutlink.html
test("a link to a role's console asks for the sign-in first, and may say where in the console to go", async () => {
  const { cloud, browser, path, press } = await withRole("https://console.aws.amazon.com/ec2");
  const shown = await firstSignIn(cloud, browser, "ann", path);
  expect(await press(shown)).toMatchObject({ location: at("https://console.aws.amazon.com/ec2") });
  const destination = "https://console.aws.amazon.com/s3";
  const other = await browser.get(`${path}&${new URLSearchParams({ destination })}`);
  expect(await press(other)).toMatchObject({ location: at(destination) });
  const foreign = await browser.get(`${path}&destination=https%3A%2F%2Fevil.example`);
  expect(await press(foreign)).toMatchObject({ status: 400, cookie: "" });
});

test("a role that is not the user's, or no more, has no console", async () => {
  const { cloud, client, InstanceArn, account, PermissionSetArn, userId, browser, path, workDone } = await withRole();
  await firstSignIn(cloud, browser, "ann");
  const pages = [
    `/start/console?account_id=${account}&role_name=Admin`,
    "/start/console?account_id=000000000000&role_name=Read%2BOnly",
    "/start/console",
  ];
  for (const page of pages) expect((await browser.get(page)).statusCode, page).toBe(403);
  expect((await browser.get(path)).statusCode).toBe(200);
  const target = { TargetId: account, TargetType: "AWS_ACCOUNT", PrincipalId: userId, PrincipalType: "USER" } as const;
  await client.send(new DeleteAccountAssignmentCommand({ InstanceArn, PermissionSetArn, ...target }));
  await workDone();
  expect((await browser.get(path)).statusCode).toBe(403);
});
