import { credentialsOf } from "../credentials.ts";
import type { Actor, Lab, Teller } from "../lab.ts";
import { allow, federatedTrust, policy } from "../policy.ts";

const succeeds = { outcome: "succeeds" } as const;

export const s07: Lab = {
  id: "S07",
  title: "Central log-in with the on-premises Active Directory (SAML)",
  proves: ["fed-ad-saml-steps", "fed-saml-sso-endpoint"],
  async run(teller) {
    const account = teller.account("A");
    const names: Names = {
      role: `arn:aws:iam::${account}:role/staff`,
      admins: `arn:aws:iam::${account}:role/admins`,
      provider: `arn:aws:iam::${account}:saml-provider/ADFS`,
    };
    const admin = teller.root(account);
    const nobody = teller.actor("nobody yet", credentialsOf(undefined));
    await establishTrust(teller, admin, names);
    const alice = await logIn(teller, nobody, names);
    await refuseForgeries(teller, nobody, names);
    await openConsole(teller, names);
    await openConsoleByBroker(teller, alice);
  },
};

interface Names {
  readonly role: string;
  readonly admins: string;
  readonly provider: string;
}

async function establishTrust(teller: Teller, admin: Actor, { provider }: Names): Promise<void> {
  const metadata = await teller.vouch("The identity provider publishes its metadata.", { kind: "metadata" });
  await teller.step({
    does: "The account registers it as a SAML provider.",
    as: admin,
    call: ["iam", "CreateSAMLProvider"],
    input: { Name: "ADFS", SAMLMetadataDocument: metadata },
    expect: succeeds,
  });
  const audience = { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } };
  for (const RoleName of ["staff", "admins"]) {
    await teller.step({
      does: `The role ${RoleName} trusts whom the provider vouches for.`,
      as: admin,
      call: ["iam", "CreateRole"],
      input: { RoleName, AssumeRolePolicyDocument: federatedTrust(provider, "sts:AssumeRoleWithSAML", audience) },
      expect: succeeds,
    });
  }
  await teller.step({
    does: "Staff may see users, and no more.",
    as: admin,
    call: ["iam", "PutRolePolicy"],
    input: { RoleName: "staff", PolicyName: "look", PolicyDocument: policy(allow("iam:ListUsers", "*")) },
    expect: succeeds,
  });
}

/** Gives her session. */
async function logIn(teller: Teller, nobody: Actor, { role, provider }: Names): Promise<Actor> {
  await showPassword(teller);
  const SAMLAssertion = await teller.vouch("Alice is signed in: an assertion lists her role.", {
    kind: "assertion",
    subject: "alice",
    role,
    provider,
  });
  const { Credentials } = await teller.step({
    does: "She takes the role with it, without credentials of AWS.",
    as: nobody,
    call: ["sts", "AssumeRoleWithSAML"],
    input: { RoleArn: role, PrincipalArn: provider, SAMLAssertion },
    expect: { outcome: "succeeds", check: ({ Subject }) => (Subject === "alice" ? undefined : "alice") },
  });
  const alice = teller.actor("alice's session", credentialsOf(Credentials));
  await teller.step({
    does: "AWS knows her by the role and her name.",
    as: alice,
    call: ["sts", "GetCallerIdentity"],
    input: {},
    expect: {
      outcome: "succeeds",
      check: ({ Arn = "" }) => (Arn.endsWith(":assumed-role/staff/alice") ? undefined : "assumed-role/staff/alice"),
    },
  });
  await teller.step({ does: "She may see users,", as: alice, call: ["iam", "ListUsers"], input: {}, expect: succeeds });
  await teller.step({
    does: "and may not make one.",
    as: alice,
    call: ["iam", "CreateUser"],
    input: { UserName: "bob" },
    expect: { outcome: "refused", code: "AccessDenied" },
  });
  return alice;
}

/** The identity provider knows nobody's password: it asks the directory. */
async function showPassword(teller: Teller): Promise<void> {
  const [name, password] = ["alice", "wonderland-1865"];
  await using directory = await teller.directory("The company's people are in its directory.", [{ name, password }]);
  if (directory === undefined) {
    teller.notRun("Alice shows her password to the identity provider.", "needs the directory");
    return;
  }
  const attempts = [
    { does: "A wrong password is no sign-in;", shown: "guess", expect: { outcome: "refused", code: "LDAP error 49" } },
    { does: "Alice's own is one.", shown: password, expect: succeeds },
  ] as const;
  for (const { does, shown, expect } of attempts) {
    await teller.deed({
      does,
      as: "the identity provider",
      command: directory.commandFor(name, shown),
      act: () => directory.signIn(name, shown),
      expect,
    });
  }
}

async function refuseForgeries(teller: Teller, nobody: Actor, { role, admins, provider }: Names): Promise<void> {
  const SAMLAssertion = await teller.vouch("Alice signs in once more.", {
    kind: "assertion",
    subject: "alice",
    role,
    provider,
  });
  await teller.step({
    does: "Changed by one byte the assertion is worth nothing.",
    as: nobody,
    call: ["sts", "AssumeRoleWithSAML"],
    input: { RoleArn: role, PrincipalArn: provider, SAMLAssertion: changed(SAMLAssertion) },
    expect: { outcome: "refused", code: "InvalidIdentityToken" },
  });
  await teller.step({
    does: "A role that it does not list is not hers, though it trusts the provider.",
    as: nobody,
    call: ["sts", "AssumeRoleWithSAML"],
    input: { RoleArn: admins, PrincipalArn: provider, SAMLAssertion },
    expect: { outcome: "refused", code: "AccessDenied", because: "sts:AssumeRoleWithSAML" },
  });
  await teller.wait("Five minutes later", 301);
  await teller.step({
    does: "the assertion has run out.",
    as: nobody,
    call: ["sts", "AssumeRoleWithSAML"],
    input: { RoleArn: role, PrincipalArn: provider, SAMLAssertion },
    expect: { outcome: "refused", code: "ExpiredTokenException" },
  });
}

async function openConsole(teller: Teller, { role, provider }: Names): Promise<void> {
  const browser = teller.browser();
  const SAMLResponse = await teller.vouch("Alice signs in again.", {
    kind: "assertion",
    subject: "alice",
    role,
    provider,
  });
  await teller.deed({
    does: "Her browser posts the assertion to the console, which opens as that role,",
    as: "alice's browser",
    command: `curl -c cookies -L ${browser.signIn}/saml --data-urlencode SAMLResponse@assertion`,
    act: () => browser.post("/saml", { SAMLResponse }),
    expect: { outcome: "succeeds", check: naming(":assumed-role/staff/alice") },
  });
  await teller.deed({
    does: "and does so once.",
    as: "an eavesdropper's browser",
    command: `curl -L ${browser.signIn}/saml --data-urlencode SAMLResponse@assertion`,
    act: () => teller.browser().post("/saml", { SAMLResponse }),
    expect: { outcome: "refused", code: "HTTP 400", because: "IDPRejectedClaim" },
  });
}

async function openConsoleByBroker(teller: Teller, { credentials }: Actor): Promise<void> {
  const { accessKeyId, secretAccessKey, sessionToken = "" } = credentials;
  const broker = teller.browser();
  const Session = JSON.stringify({ sessionId: accessKeyId, sessionKey: secretAccessKey, sessionToken });
  const answer = await teller.deed({
    does: "A broker of the company's own trades her credentials for a token",
    as: "the broker",
    command: `curl ${broker.signIn}/federation --data Action=getSigninToken --data-urlencode Session@session.json`,
    act: () => broker.post("/federation", { Action: "getSigninToken", SessionType: "json", Session }),
    expect: succeeds,
  });
  const { SigninToken = "" }: { readonly SigninToken?: string } = JSON.parse(answer ?? "{}");
  const Destination = "https://console.aws.amazon.com/";
  const browser = teller.browser();
  await teller.deed({
    does: "that opens the console.",
    as: "alice's browser",
    command: `curl -c cookies -L ${browser.signIn}/federation --data Action=login --data Destination=${Destination} --data SigninToken=…`,
    act: () => browser.post("/federation", { Action: "login", Destination, SigninToken }),
    expect: { outcome: "succeeds", check: naming(":assumed-role/staff/alice") },
  });
}

const naming =
  (principal: string) =>
  (page: string): string | undefined =>
    page.includes(principal) ? undefined : `a page that names ${principal}`;

/** With another subject of the same length. */
const changed = (base64: string): string => {
  const xml = Buffer.from(base64, "base64").toString("utf8");
  return Buffer.from(xml.replace(">alice<", ">alicf<")).toString("base64");
};
