import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { fingerprintOf, formatPem, formatSsh, parsePublicKey } from "./ssh-key-text.ts";

/** Made, and its fingerprint shown, by OpenSSH: `ssh-keygen -t rsa`, `ssh-keygen -E md5 -lf`. */
const OPENSSH_LINE =
  "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCnnkEZZRdCTwUJlcKet1wmG8G0EYQzUgrkcbi6HiIqScRfV4Rns8A5ABogLhpVKmephFfaqe4GhWCMSS5qllb4Ewo05Qmos0PTNM3g1TMFah/qRLhQS6Di1ltpA6mLWn4c6F5z/sM8hLrWLOXeSLP9+ja4jrVLEQRSxA7Msrnt4pzimUZeBnkcSdHIapZjp36gNcEPosnq1Vq7ZVSCO437VOu+Z70POZYezZuFBrP2m5G5xWVX4eMcUIAHWun/SWMW5rm0gmhIPlbUi4Rky3CzF6GIBiQTTjvtPusS5Mr6sgE/zedHefSZ8vJTVylmjR/cVAlTXliFktnOCSUZh5Gz ann@example.com";
const OPENSSH_FINGERPRINT = "a2:4a:04:eb:e5:cd:1e:12:31:46:01:af:32:eb:44:bc";

test("a line of OpenSSH's has the fingerprint that OpenSSH shows", () => {
  expect(fingerprintOf(parsePublicKey(OPENSSH_LINE))).toBe(OPENSSH_FINGERPRINT);
});

test("a key is the same key in both encodings", () => {
  const key = parsePublicKey(OPENSSH_LINE);
  expect(formatSsh(key)).toBe(OPENSSH_LINE.split(" ").slice(0, 2).join(" "));
  expect(formatSsh(parsePublicKey(formatPem(key)))).toBe(formatSsh(key));
});

test.each([
  ["UnrecognizedPublicKeyEncodingException", "ssh-dss AAAAB3NzaC1kc3M="],
  ["UnrecognizedPublicKeyEncodingException", "nothing"],
  ["InvalidPublicKeyException", "ssh-rsa AAAA"],
  ["InvalidPublicKeyException", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"],
])("%s answers %s", (code, text) => {
  expect(() => parsePublicKey(text)).toThrow(expect.objectContaining({ code }));
});

test("a key of less than 2048 bits, or of another kind, is invalid", () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UploadSSHPublicKey.html
  const short = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
  const curve = generateKeyPairSync("ed25519").publicKey;
  for (const key of [short, curve]) {
    const pem = key.export({ type: "spki", format: "pem" }).toString();
    expect(() => parsePublicKey(pem)).toThrow(expect.objectContaining({ code: "InvalidPublicKeyException" }));
  }
});
