import "reflect-metadata";
import { expect, test } from "vitest";
import { makeCertificate } from "../../../test/certificate-authority.ts";
import { makeUser } from "../../../test/identities.ts";
import { anywhere, rolesAnywhere } from "../../../test/roles-anywhere.ts";
import { testCloud } from "../../../test/test-cloud.ts";

const bundle = (x509CertificateData: string) => ({
  sourceType: "CERTIFICATE_BUNDLE",
  sourceData: { x509CertificateData },
});

test("a trust anchor is made, shown, changed, turned off and on, and removed", async () => {
  const { call, cloud, trustAnchorId, trustAnchorArn, authority } = await anywhere();
  expect(trustAnchorArn).toBe(`arn:aws:rolesanywhere:us-east-1:000000000000:trust-anchor/${trustAnchorId}`);
  const path = `/trustanchor/${trustAnchorId}`;
  const shown = await call("GET", path);
  expect(shown.answer.trustAnchor).toMatchObject({ name: "root", enabled: true, source: bundle(authority.pem) });
  const other = await makeCertificate(cloud, { name: "CN=Next", authority: true });
  await call("PATCH", path, { name: "next", source: bundle(other.pem) });
  expect((await call("POST", `${path}/disable`)).answer.trustAnchor).toMatchObject({ name: "next", enabled: false });
  expect((await call("POST", `${path}/enable`)).answer.trustAnchor).toMatchObject({ enabled: true });
  expect((await call("GET", "/trustanchors")).answer.trustAnchors).toHaveLength(1);
  expect((await call("DELETE", path)).status).toBe(200);
  expect(await call("GET", path)).toMatchObject({ status: 404 });
  expect((await call("GET", "/trustanchors")).answer.trustAnchors).toEqual([]);
});

test("an anchor is a certificate of an authority that signs others", async () => {
  // Source: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
  const cloud = await testCloud();
  const call = rolesAnywhere(cloud);
  const create = (source: object) => call("POST", "/trustanchors", { name: "root", source });
  const leaf = await makeCertificate(cloud, { name: "CN=alice" });
  expect((await create(bundle(leaf.pem))).answer.message).toBe("Incorrect basic constraints for CA certificate");
  const idle = await makeCertificate(cloud, { name: "CN=Root", authority: true, usages: 1 });
  for (const source of [
    bundle(idle.pem),
    bundle("root"),
    { sourceType: "CERTIFICATE_BUNDLE", sourceData: {} },
    {
      sourceType: "AWS_ACM_PCA",
      sourceData: { acmPcaArn: "arn:aws:acm-pca:us-east-1:000000000000:certificate-authority/1" },
    },
    { sourceType: "SELF_SIGNED_REPOSITORY", sourceData: { x509CertificateData: idle.pem } },
  ]) {
    expect((await create(source)).status).toBe(400);
  }
});

test("notifications are the service's own until the account sets others", async () => {
  const { call, trustAnchorId } = await anywhere();
  const configured = async () => {
    const { notificationSettings } = (await call("GET", `/trustanchor/${trustAnchorId}`)).answer.trustAnchor;
    return notificationSettings
      .map((setting: { event: string; configuredBy: string }) => setting.configuredBy)
      .toSorted();
  };
  expect(await configured()).toEqual(["rolesanywhere.amazonaws.com", "rolesanywhere.amazonaws.com"]);
  const event = "CA_CERTIFICATE_EXPIRY";
  const put = { trustAnchorId, notificationSettings: [{ event, enabled: true, threshold: 10 }] };
  await call("PATCH", "/put-notifications-settings", put);
  expect(await configured()).toEqual(["000000000000", "rolesanywhere.amazonaws.com"]);
  await call("PATCH", "/reset-notifications-settings", { trustAnchorId, notificationSettingKeys: [{ event }] });
  expect(await configured()).toEqual(["rolesanywhere.amazonaws.com", "rolesanywhere.amazonaws.com"]);
  const without = { trustAnchorId, notificationSettings: [{ event, enabled: true }] };
  expect((await call("PATCH", "/put-notifications-settings", without)).status).toBe(400);
});

test("anchors have tags, which policies go by", async () => {
  const { cloud, call, trustAnchorId, trustAnchorArn: resourceArn } = await anywhere();
  await call("POST", "/TagResource", {
    resourceArn,
    tags: [
      { key: "stage", value: "live" },
      { key: "team", value: "web" },
    ],
  });
  await call("POST", "/UntagResource", { resourceArn, tagKeys: ["team"] });
  const { answer } = await call("GET", "/ListTagsForResource", undefined, { resourceArn });
  expect(answer.tags).toEqual([{ key: "stage", value: "live" }]);
  const Statement = [
    { Effect: "Allow", Action: "rolesanywhere:*", Resource: "*" },
    {
      Effect: "Deny",
      Action: "rolesanywhere:DisableTrustAnchor",
      Resource: "*",
      Condition: { StringEquals: { "aws:ResourceTag/stage": "live" } },
    },
  ];
  const clerk = rolesAnywhere(cloud, await makeUser(cloud, "clerk", { allow: { Statement } }));
  expect((await clerk("POST", `/trustanchor/${trustAnchorId}/disable`)).status).toBe(403);
  expect((await clerk("POST", `/trustanchor/${trustAnchorId}/enable`)).status).toBe(200);
  const nobody = rolesAnywhere(cloud, await makeUser(cloud, "nobody"));
  expect((await nobody("GET", "/trustanchors")).status).toBe(403);
});

test("revocation lists are of an anchor, in PEM, and go with it", async () => {
  const { call, trustAnchorArn, trustAnchorId } = await anywhere();
  const crlData = Buffer.from("no list").toString("base64");
  expect((await call("POST", "/crls", { name: "list", crlData, trustAnchorArn })).status).toBe(400);
  const elsewhere = trustAnchorArn.replace("000000000000", "111111111111");
  expect((await call("POST", "/crls", { name: "list", crlData, trustAnchorArn: elsewhere })).status).toBe(400);
  await call("DELETE", `/trustanchor/${trustAnchorId}`);
  expect((await call("GET", "/crls")).answer.crls).toEqual([]);
});
