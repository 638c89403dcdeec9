import { expect, test } from "vitest";
import { AesSealer } from "./aes-sealer.ts";
import { MasterKeyError, newMasterKey, parseMasterKey } from "./master-key.ts";

const masterKey = newMasterKey();
const sealer = new AesSealer(masterKey);
/** Remembers nothing of what `sealer` sealed. */
const another = new AesSealer(masterKey);
const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString("utf8");

test.each(["", "secret", "雲箱", "x".repeat(100_000)])("what was sealed opens again (%#)", (secret) => {
  const sealed = sealer.seal(secret, "a");
  expect(text(sealer.open(sealed, "a"))).toBe(secret);
  expect(text(another.open(sealed, "a"))).toBe(secret);
});

test("bytes are sealed as they are", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  expect(Uint8Array.from(another.open(sealer.seal(bytes, "a"), "a") ?? [])).toEqual(bytes);
});

test("it does not open for another purpose, another key, or when it was changed anywhere", () => {
  const sealed = sealer.seal("secret", "a");
  expect(sealer.open(sealed, "b")).toBeUndefined();
  expect(new AesSealer(newMasterKey()).open(sealed, "a")).toBeUndefined();
  for (let at = 0; at < sealed.length - 1; at++) {
    const other = sealed[at] === "A" ? "B" : "A";
    expect(sealer.open(sealed.slice(0, at) + other + sealed.slice(at + 1), "a")).toBeUndefined();
  }
});

test.each(["", "AQ", "not base64url !", "A".repeat(40)])("%j, which was never sealed, does not open", (sealed) => {
  expect(sealer.open(sealed, "a")).toBeUndefined();
});

test("the same secret never looks the same", () => {
  expect(sealer.seal("secret", "a")).not.toBe(sealer.seal("secret", "a"));
});

test("a master key has 32 bytes in base64", () => {
  const key = newMasterKey();
  expect(parseMasterKey(`${Buffer.from(key).toString("base64")}\n`)).toEqual(Buffer.from(key));
  expect(() => parseMasterKey("c2hvcnQ=")).toThrow(MasterKeyError);
});

test("what was opened for one purpose opens for no other, however the two are cut", () => {
  const sealed = sealer.seal("a key", "of one");
  expect(sealer.open(sealed, "of one")).toBeDefined();
  expect(sealer.open(`${sealed} of`, "one")).toBeUndefined();
  expect(sealer.open(sealed, "one")).toBeUndefined();
});

test("who changes what was opened changes nobody else's", () => {
  const sealed = sealer.seal("a key", "of one");
  another.open(sealed, "of one")?.fill(0);
  another.open(sealed, "of one")?.fill(0);
  expect(text(another.open(sealed, "of one"))).toBe("a key");
});

test("who changes what was sealed changes nobody else's", () => {
  const bytes = Buffer.from("a key");
  const sealed = sealer.seal(bytes, "of one");
  bytes.fill(0);
  expect(text(sealer.open(sealed, "of one"))).toBe("a key");
});

test.each(["", "text", "x".repeat(5000)])("what was signed is given back (%#)", (signed) => {
  expect(sealer.verify(sealer.sign(signed, "a"), "a")).toBe(signed);
});

test("what was signed for another purpose, by another key, or was changed anywhere, is not given back", () => {
  const signed = sealer.sign("text", "a");
  expect(sealer.verify(signed, "b")).toBeUndefined();
  expect(new AesSealer(newMasterKey()).verify(signed, "a")).toBeUndefined();
  for (let at = 0; at < signed.length - 1; at++) {
    const other = signed[at] === "A" ? "B" : "A";
    expect(sealer.verify(signed.slice(0, at) + other + signed.slice(at + 1), "a")).toBeUndefined();
  }
});

test.each(["", "AQ", "not base64url !", "A".repeat(400)])("%j, which was never signed, is not given back", (signed) => {
  expect(sealer.verify(signed, "a")).toBeUndefined();
});
