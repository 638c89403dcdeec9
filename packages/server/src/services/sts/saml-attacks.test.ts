import { createHmac, createSign } from "node:crypto";
import { expect, test } from "vitest";
import { samlMetadata, signed, unsignedResponse } from "../../idp/saml-response.ts";
import {
  foreignKey,
  invalidResponse,
  ISSUER,
  key,
  PROVIDER,
  ROLE,
  withProvider,
} from "../../../test/saml-identities.ts";

/** Source: https://github.com/cevoaustralia/aws-google-auth/issues/270 */
const signatureInvalid = invalidResponse("Response signature invalid");
/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html */
const noResponse = invalidResponse("Your request included an invalid SAML response.");

const assertionOf = (xml: string) => /<saml:Assertion.*<\/saml:Assertion>/.exec(xml)?.[0] ?? "";
const signatureOf = (xml: string) => /<ds:Signature .*<\/ds:Signature>/.exec(xml)?.[0] ?? "";
const signedInfoOf = (xml: string) => /<ds:SignedInfo>.*<\/ds:SignedInfo>/.exec(xml)?.[0] ?? "";

const ADMIN = "arn:aws:iam::000000000000:role/admin";

test("what was changed, not signed, or signed by another, is refused", async () => {
  const { assume, xmlOf, facts } = await withProvider();
  const forged = [
    xmlOf().replace("ann@example.com", "eve@example.com"),
    xmlOf({}, "Response").replace("ann@example.com", "eve@example.com"),
    unsignedResponse(facts()),
    xmlOf({}, "Assertion", foreignKey),
    xmlOf({}, "Response", foreignKey),
    xmlOf().replace(/<ds:SignatureValue>.{8}/, "<ds:SignatureValue>AAAAAAAA"),
    xmlOf().replace(/<ds:SignatureValue>[^<]*/, "<ds:SignatureValue>"),
    xmlOf().replace(/<ds:Signature .*<\/ds:Signature>/, ""),
  ];
  for (const xml of forged) await expect(assume(xml)).rejects.toMatchObject(signatureInvalid);
});

test("a certificate that the response brings along counts for nothing", async () => {
  const { assume, xmlOf } = await withProvider();
  const [certificate] = /<ds:KeyInfo.*<\/ds:KeyInfo>/s.exec(samlMetadata(ISSUER, foreignKey)) ?? [];
  const xml = xmlOf({}, "Assertion", foreignKey).replace("</ds:SignatureValue>", `</ds:SignatureValue>${certificate}`);
  expect(xml).toContain("<ds:KeyInfo");
  await expect(assume(xml)).rejects.toMatchObject(signatureInvalid);
});

test("a good assertion beside, around or inside of which another one was put is refused", async () => {
  const { assume, xmlOf, facts } = await withProvider();
  const good = xmlOf();
  const evil = unsignedResponse(
    facts({
      subject: "eve",
      roles: [
        { roleArn: ADMIN, providerArn: PROVIDER },
        { roleArn: ROLE, providerArn: PROVIDER },
      ],
    }),
  );
  const [goodAssertion, evilAssertion] = [assertionOf(good), assertionOf(evil)];
  const signature = signatureOf(good);
  const goodId = /<saml:Assertion[^>]* ID="([^"]+)"/.exec(good)?.[1] ?? "";
  const evilSameId = evilAssertion.replace(/ID="[^"]+"/, `ID="${goodId}"`);
  const signedEvil = (inner: string) => evilAssertion.replace("</saml:Issuer>", `</saml:Issuer>${inner}`);
  const whole = xmlOf({}, "Response");
  const wrapped = [
    // beside: before, after, with the same id
    good.replace(goodAssertion, evilAssertion + goodAssertion),
    good.replace(goodAssertion, goodAssertion + evilAssertion),
    good.replace(goodAssertion, evilSameId + goodAssertion),
    good.replace(goodAssertion, goodAssertion + evilSameId),
    // around: the good one inside of the evil one, of its signature, of an extension
    good.replace(goodAssertion, signedEvil(signature + goodAssertion.replace(signature, ""))),
    good.replace(
      goodAssertion,
      signedEvil(
        signature.replace(
          "</ds:Signature>",
          `<ds:Object>${goodAssertion.replace(signature, "")}</ds:Object></ds:Signature>`,
        ),
      ),
    ),
    good.replace(
      goodAssertion,
      signedEvil(signature.replace("</ds:Signature>", `<ds:Object>${goodAssertion}</ds:Object></ds:Signature>`)),
    ),
    good.replace(goodAssertion, `<samlp:Extensions>${goodAssertion}</samlp:Extensions>${evilAssertion}`),
    good.replace(
      goodAssertion,
      `<samlp:Extensions>${goodAssertion.replace(signature, "")}</samlp:Extensions>${signedEvil(signature)}`,
    ),
    // in the place of it
    good.replace(goodAssertion, signedEvil(signature)),
    good.replace(goodAssertion, evilSameId.replace("</saml:Issuer>", `</saml:Issuer>${signature}`)),
    // around the whole response
    whole.replace(/<samlp:Response .*<\/samlp:Response>/, (response) =>
      evil.replace("</samlp:Response>", `<samlp:Extensions>${response}</samlp:Extensions></samlp:Response>`),
    ),
    whole.replace(assertionOf(whole), evilAssertion),
    // the signature elsewhere than in what it signs
    good.replace(signature, "").replace("</samlp:Status>", `</samlp:Status>${signature}`),
    good
      .replace(goodAssertion, goodAssertion.replace(signature, ""))
      .replace("<samlp:Status>", `${signature}<samlp:Status>`),
  ];
  for (const [index, xml] of wrapped.entries()) {
    expect(xml, `attack ${index}`).not.toBe(good);
    await expect(assume(xml), `attack ${index}`).rejects.toMatchObject({ name: "InvalidIdentityTokenException" });
  }
  await assume(good);
});

test("a reference to the whole document, or by another form, is refused", async () => {
  const { assume, facts } = await withProvider();
  const xml = signed(unsignedResponse(facts()), key, "Assertion");
  for (const uri of ['URI=""', "", "URI=\"#xpointer(id('a'))\"", 'URI="file:///etc/passwd"']) {
    await expect(assume(xml.replace(/URI="#[^"]+"/, uri))).rejects.toMatchObject(signatureInvalid);
  }
});

test("a comment does not cut a name short", async () => {
  const { assume, xmlOf } = await withProvider({
    condition: { StringEquals: { "saml:sub": "admin@example.com.evil.org" } },
  });
  const xml = xmlOf({ subject: "admin@example.com.evil.org" }).replace(
    "admin@example.com.evil",
    "admin@example.com<!---->.evil",
  );
  expect(await assume(xml)).toMatchObject({ Subject: "admin@example.com.evil.org" });
});

test("weak algorithms, and those that take the public key for a secret, are refused", async () => {
  const { assume, xmlOf } = await withProvider();
  const sha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
  for (const algorithm of [
    "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
    "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
    "urn:none",
    "",
  ]) {
    const changed = xmlOf().replace(sha256, algorithm);
    const canonical = signedInfoOf(changed).replace(
      "<ds:SignedInfo>",
      '<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">',
    );
    const publicPem = key.publicKey.export({ type: "spki", format: "pem" });
    const value = algorithm.includes("hmac")
      ? createHmac("sha1", publicPem).update(canonical).digest("base64")
      : createSign("sha1").update(canonical).sign(key.privateKey, "base64");
    const xml = changed.replace(/<ds:SignatureValue>[^<]*/, `<ds:SignatureValue>${value}`);
    await expect(assume(xml), algorithm).rejects.toMatchObject(signatureInvalid);
  }
  const digest = xmlOf().replace("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1");
  await expect(assume(digest)).rejects.toMatchObject(signatureInvalid);
  const transform = xmlOf().replace(
    '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"',
    '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"',
  );
  await expect(assume(transform)).rejects.toMatchObject(signatureInvalid);
});

test("document types, entities, sections, instructions and what is no XML are refused before anything is parsed", async () => {
  const { assume, xmlOf } = await withProvider();
  const good = xmlOf();
  const bombs = [
    `<!DOCTYPE samlp:Response [<!ENTITY x "y">]>${good}`,
    `<!doctype x SYSTEM "file:///etc/passwd">${good}`,
    good.replace("ann@example.com", "&x;"),
    good.replace("ann@example.com", "<![CDATA[ann@example.com]]>"),
    good.replace("<saml:Subject>", "<?php evil ?><saml:Subject>"),
    good.replace("ann@example.com", "ann\u0000@example.com"),
    good.slice(0, -5),
    `${good}<x/>`,
    "<a>".repeat(5000) + "</a>".repeat(5000),
    "<samlp:Response xmlns:samlp='urn:oasis:names:tc:SAML:2.0:protocol'/>",
    good.replace(/^<samlp:Response/, "<samlp:LogoutResponse").replace(/<\/samlp:Response>$/, "</samlp:LogoutResponse>"),
    "not xml",
  ];
  for (const [index, xml] of bombs.entries())
    await expect(assume(xml), `bomb ${index}`).rejects.toMatchObject(noResponse);
  for (const SAMLAssertion of ["%%%%", "AAA=BBB", Buffer.from([0xff, 0xfe, 0x41]).toString("base64")]) {
    await expect(assume("", { SAMLAssertion })).rejects.toMatchObject(noResponse);
  }
  // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html (at most 100000)
  await expect(assume("x".repeat(80_000))).rejects.toMatchObject({ name: "ValidationError" });
});

test("a response that lacks what makes it one is refused", async () => {
  const { assume, facts } = await withProvider();
  const full = unsignedResponse(facts());
  const without = [
    full.replace(/<saml:Subject>.*<\/saml:Subject>/, ""),
    full.replace(/<saml:NameID.*<\/saml:NameID>/, ""),
    full.replace("cm:bearer", "cm:holder-of-key"),
    full.replace(/ Recipient="[^"]*"/, ""),
    full.replace(/<saml:SubjectConfirmationData NotOnOrAfter="[^"]*"/, "<saml:SubjectConfirmationData"),
    full.replace(/NotOnOrAfter="[^"]*"/, 'NotOnOrAfter="tomorrow"'),
    full.replace(/<saml:Conditions.*<\/saml:Conditions>/, ""),
    full.replace(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/, ""),
    full.replace(/<samlp:Status>.*<\/samlp:Status>/, ""),
  ];
  for (const [index, xml] of without.entries()) {
    await expect(assume(signed(xml, key, "Assertion")), `case ${index}`).rejects.toMatchObject(invalidResponse());
  }
});

test("no change of a response is believed", async () => {
  const { assume, xmlOf } = await withProvider();
  const good = xmlOf({}, "Response");
  for (let seed = 0; seed < 120; seed++) {
    const at = (seed * 7919) % good.length;
    const letter = "AZaz09<>\"'&;= /#!-"[seed % 18] ?? "A";
    const changed =
      [
        good.slice(0, at) + letter + good.slice(at + 1),
        good.slice(0, at) + good.slice(at + 1),
        good.slice(0, at) + letter + good.slice(at),
      ][seed % 3] ?? "";
    const outcome = await assume(changed).then(
      ({ Subject }) => `believed as ${Subject}`,
      (error: { readonly $metadata: { readonly httpStatusCode: number } }) => error.$metadata.httpStatusCode,
    );
    expect(outcome, `seed ${seed} at ${at}: ${changed.slice(at - 20, at + 20)}`).toSatisfy(
      (found) =>
        found === 400 ||
        found === 403 ||
        changed === good ||
        (found === "believed as ann@example.com" && isSameSigned(changed, good)),
    );
  }
});

/** White space between attributes, or in base64, is no change to what is signed. */
const isSameSigned = (one: string, other: string): boolean => one.replace(/\s/g, "") === other.replace(/\s/g, "");
