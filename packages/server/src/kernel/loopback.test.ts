import { expect, test } from "vitest";
import { isLoopbackAddress, isLoopbackHost } from "./loopback.ts";

test.each(["localhost", "photos.localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"])("%s is this machine", (host) => {
  expect(isLoopbackHost(host)).toBe(true);
});

test.each([
  "",
  "example.com",
  "127.evil.example",
  "127.0.0.1.evil.example",
  "localhost.evil.example",
  "notlocalhost",
  "0.0.0.0",
  "128.0.0.1",
  "::2",
])("%j is not this machine", (host) => {
  expect(isLoopbackHost(host)).toBe(false);
});

test("a socket's address is this machine's also where it is written as one of IPv6", () => {
  expect(["127.0.0.1", "::1", "::ffff:127.0.0.1"].every(isLoopbackAddress)).toBe(true);
  expect(["192.0.2.1", "::ffff:192.0.2.1", "::127.0.0.1"].some(isLoopbackAddress)).toBe(false);
});
